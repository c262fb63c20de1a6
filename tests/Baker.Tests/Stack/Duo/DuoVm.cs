using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Tests.Support;

namespace Baker.Tests.Stack.Duo;

/// <summary>GitLab's console on a VM: the real script under a real Ruby, over small doubles of GitLab's classes.</summary>
internal static class DuoVm
{
    public static readonly string Spec = SampleSpec.Aws(ollama: "{ models: [\"mistral:instruct\"] }");

    /// <summary>A stack whose agents use the model.</summary>
    public static readonly string Agents = SampleSpec.Aws(ollama: "{ models: [\"gpt-oss:20b\"], context_length: 32768 }")
        .Replace("duo: {", "duo: { features: [code_completions, duo_chat, duo_agent_platform, duo_agent_platform_agentic_chat],", StringComparison.Ordinal);

    public static IReadOnlyDictionary<string, string> Values(string spec) => Plan(spec).Machine("gitlab").Values.ToDictionary(v => v.Name, v => v.Value);

    /// <summary>What was asked of GitLab, in order, one line each; and how the script ended.</summary>
    /// <param name="schema">GitLab's, by a name of <see cref="GitLabSchema.Names"/>.</param>
    public static async Task<(ToolRun Run, string[] Asked)> RunAsync(JsonObject? scenario = null, string licence = "", string? spec = null, string schema = GitLabSchema.Default, params (string Name, string Value)[] others)
    {
        using var folder = new TemporaryFolder();
        var log = folder.File("log", "");
        var values = Plan(spec ?? Spec).Machine("gitlab").Values.Select(v => v with { Value = others.FirstOrDefault(o => o.Name == v.Name).Value ?? v.Value });
        var ruby = Tool.Wanted("ruby", "ruby") with
        {
            Input = $"{ValuesFile.Write(values)}\0{licence}",
            Environment = Tool.NoEnvironment.Add("SCENARIO", (scenario ?? []).ToJsonString()).Add("LOG", log).Add("SCHEMA", GitLabSchema.PathOf(schema)),
        };
        var run = await ruby.RunAsync("-r", Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "duo", "doubles.rb"), Checkout.PathOf("templates", "machine", "gitlab", "configure", "duo.rb"));
        return (run, await File.ReadAllLinesAsync(log));
    }

    /// <summary>The first words of what was asked.</summary>
    public static string Names(IEnumerable<string> asked) => string.Join(' ', asked.Select(a => a.Split(' ')[0]));

    /// <summary>The variables of each call of an operation.</summary>
    public static JsonElement[] Variables(IEnumerable<string> asked, string what) =>
        [.. asked.Where(a => a.StartsWith(what + " {", StringComparison.Ordinal)).Select(a => JsonDocument.Parse(a[(what.Length + 1)..]).RootElement)];

    private static Plan Plan(string spec)
    {
        var bag = new DiagnosticBag();
        var read = SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(spec), bag).Spec;
        return Planner.Plan(read ?? throw new InvalidOperationException(string.Join('\n', bag.InFileOrder.Select(d => d.Message.Text))));
    }
}
