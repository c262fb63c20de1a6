using System.Text;
using Baker.Clouds.Facts;
using Baker.Embedded;
using Baker.Machine;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>
/// Machine files lose their whole-line comments on the way to a VM. The languages' own parsers say whether that is all they lose:
/// a here-document or a long string may hold lines that only look like comments.
/// </summary>
public class CommentTests
{
    public static TheoryData<string> Files => [.. EmbeddedFiles.Names.Where(n => n.StartsWith("machine/", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Files))]
    public async Task Without_its_comments_a_file_means_the_same(string name)
    {
        var whole = EmbeddedFiles.Read(name);
        var sent = WithoutComments(whole);
        var language = ScriptLanguages.Of(name, whole);
        Assert.Equal(await Meaning.OfAsync(language, whole), await Meaning.OfAsync(language, sent));
    }

    [Theory, MemberData(nameof(Files))]
    public void What_is_sent_is_what_was_compared(string name)
    {
        var parts = name.Split('/');
        // A folder may be one of several roles.
        var role = parts[1].Split('+')[0] is var first && RoleCatalog.All.Any(r => r.Name == first) ? first : RoleCatalog.All[0].Name;
        var cloud = CloudCatalog.All.Any(c => c.Key == parts[1]) ? parts[1] : CloudCatalog.All[0].Key;
        // Scripts with a number are one, in their order.
        var folder = name[..(name.LastIndexOf('/') + 1)];
        var (sentAs, together) = char.IsAsciiDigit(parts[3][0])
            ? ($"{parts[2]}.sh", EmbeddedFiles.Names.Where(n => n.StartsWith(folder, StringComparison.Ordinal) && char.IsAsciiDigit(n[folder.Length])).ToArray())
            : (parts[3], [name]);
        // What not every machine has may be the beginning or the end of another file.
        var usual = MachineFiles.For(role, cloud);
        var sentFiles = parts[2] switch
        {
            "authority" => MachineFiles.WithAuthority(role, cloud),
            "bundle" => MachineFiles.InBundle(usual, cloud),
            "stub" => MachineFiles.BeforeBundle(MachineFiles.InBundle(usual, cloud), cloud),
            _ => usual,
        };
        if (sentAs.Split('-', 2) is [("before" or "after") and var where, var other])
        {
            var own = MachineFiles.WithoutComments(EmbeddedFiles.Bytes(name)).ToArray();
            var alone = usual.Single(f => f.Name == other).Bytes.ToArray();
            Assert.Equal(where == "before" ? [.. own, .. alone] : [.. alone, .. own], sentFiles.Single(f => f.Name == other).Bytes.ToArray());
            return;
        }
        var sent = sentFiles.Single(f => f.Part == parts[2] && f.Name == sentAs);
        Assert.Equal([.. together.SelectMany(n => MachineFiles.WithoutComments(EmbeddedFiles.Bytes(n)).ToArray())], sent.Bytes.ToArray());
    }

    [Theory]
    [InlineData(ScriptLanguage.Bash, "f() { cat <<X\n# text\nX\n}\n")]
    [InlineData(ScriptLanguage.Bash, "x='\n# text\n'\n")]
    [InlineData(ScriptLanguage.Python, "x = '''\n# text\n'''\n")]
    [InlineData(ScriptLanguage.Ruby, "x = '\n# text\n'\n")]
    [InlineData(ScriptLanguage.Perl, "$x = '\n# text\n';\n")]
    [InlineData(ScriptLanguage.Yaml, "x: |\n  # text\n")]
    [InlineData(ScriptLanguage.GraphQL, "{ x(text: \"\"\"\n# text\n\"\"\") }\n")]
    [InlineData(ScriptLanguage.Bash, "x='\n    text'\n")]
    public async Task A_text_that_looks_like_a_comment_is_noticed(ScriptLanguage language, string text) =>
        Assert.NotEqual(await Meaning.OfAsync(language, text), await Meaning.OfAsync(language, WithoutComments(text)));

    [Theory]
    [InlineData(ScriptLanguage.Bash, "# why\nx=1 # what\n\n# how\nf() {\n  # here\n  :\n}\n")]
    [InlineData(ScriptLanguage.Python, "# why\nx = 1\n# how\n")]
    [InlineData(ScriptLanguage.Ruby, "# why\nx = 1\n# how\nputs x\n")]
    [InlineData(ScriptLanguage.Perl, "# why\n$x = 1;\n# how\nprint $x;\n")]
    [InlineData(ScriptLanguage.Systemd, "# why\n[Service]\nExecStart=/bin/true \\\n# how\n  x\n")]
    [InlineData(ScriptLanguage.Yaml, "# why\nx: 1\n")]
    [InlineData(ScriptLanguage.GraphQL, "# why\n{ x }\n")]
    [InlineData(ScriptLanguage.Bash, "f() { # why\n    if x; then\n        y\n    fi\n    cat <<END\n    text\nEND\n    z\n}\n")]
    public async Task A_comment_is_not_missed(ScriptLanguage language, string text) =>
        Assert.Equal(await Meaning.OfAsync(language, text), await Meaning.OfAsync(language, WithoutComments(text)));

    private static string WithoutComments(string text) => Encoding.UTF8.GetString(MachineFiles.WithoutComments(Encoding.UTF8.GetBytes(text)).Span);
}
