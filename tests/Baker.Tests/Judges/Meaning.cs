using System.Text.RegularExpressions;
using Baker.Tests.Support;
using GraphQLParser;
using GraphQLParser.Visitors;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Judges;

/// <summary>What a text says to its language's own parser: the same for two texts that differ only in comments and layout.</summary>
public static partial class Meaning
{
    public static async Task<string> OfAsync(ScriptLanguage language, string text) => language switch
    {
        // A whole script as the body of one function: bash prints what it understood.
        ScriptLanguage.Bash => await ReadAsync(Tool.Wanted("bash", "bash"), $"f() {{\n{text}\n}}\ndeclare -f f\n", "--norc", "-s"),
        ScriptLanguage.Python => await ReadAsync(Tool.Wanted("python3", "python3"), text, "-c", "import ast, sys; print(ast.dump(ast.parse(sys.stdin.read())))"),
        // Instructions without the lines they come from.
        ScriptLanguage.Ruby => Position().Replace(await ReadAsync(Tool.Wanted("ruby", "ruby"), text, "-e",
            "puts RubyVM::InstructionSequence.compile($stdin.read).disasm"), ""),
        ScriptLanguage.Perl => await ReadAsync(await DeparsingPerlAsync(), text, "-MO=Deparse", "-"),
        ScriptLanguage.Systemd => string.Join('\n', Settings(text)),
        ScriptLanguage.Yaml => Printed(text),
        ScriptLanguage.GraphQL => new SDLPrinter().Print(Parser.Parse(text)),
        _ => throw new ArgumentOutOfRangeException(nameof(language)),
    };

    private static async Task<string> ReadAsync(Tool tool, string input, params string[] args) => (await (tool with { Input = input }).RunAsync(args)).Require();

    // The small perl that every Debian has cannot print what it understood.
    private static async Task<Tool> DeparsingPerlAsync()
    {
        var perl = Tool.Wanted("perl", "perl");
        if ((await perl.RunAsync("-MB::Deparse", "-e", "1")).Code != 0)
            Assert.Skip("perl's B::Deparse is not here; Debian has it in the package perl");
        return perl;
    }

    // As systemd.syntax(7) has it: a comment between the lines of a continued setting is left out, and the setting goes on.
    private static IEnumerable<string> Settings(string text)
    {
        var setting = "";
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length == 0 || l[0] is not ('#' or ';')))
        {
            setting += line.TrimEnd('\\');
            if (line.EndsWith('\\'))
                continue;
            if (setting.Length > 0)
                yield return setting;
            setting = "";
        }
    }

    private static string Printed(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents.Single().RootNode.ToString();
    }

    [GeneratedRegex(@"\( *\d+\)|\(\d+,\d+\)-\(\d+,\d+\)|<compiled>:\d+")]
    private static partial Regex Position();
}
