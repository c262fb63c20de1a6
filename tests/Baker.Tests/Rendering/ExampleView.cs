using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Rendering;

/// <summary>
/// A rendered example as goldens show it: what is its own. The scripts, which are the same in all of them, stand in goldens of their own, and of
/// Packer's files one of each cloud stands whole; the others are shown as what they have different. A VM's value that is empty is not shown: most of
/// them are what a spec says nothing of, and a new key would else change every example.
/// </summary>
internal static partial class ExampleView
{
    /// <param name="folder">The rendered example.</param>
    /// <param name="whole">The rendered example of the same cloud whose Packer files are shown whole: the one that has the cloud's name.</param>
    /// <returns>Each golden's name in the example's folder, and its text.</returns>
    public static Dictionary<string, string> Of(string folder, string whole)
    {
        var words = ScriptWords.Of(folder);
        var files = Names(folder);
        var view = new Dictionary<string, string>
        {
            ["README.md"] = words.InPage(Read(folder, "README.md")),
            ["plan.json"] = EmptyInPlan().Replace(words.In(Read(folder, "plan.json")), ""),
            ["files.txt"] = words.InList(files),
        };
        foreach (var file in files.Where(f => f.EndsWith("/values", StringComparison.Ordinal) || f.StartsWith("policy/", StringComparison.Ordinal)))
            view.Add(file, EmptyInValues().Replace(words.In(Read(folder, file)), ""));
        foreach (var file in files.Where(f => f.EndsWith(".yaml", StringComparison.Ordinal)))
            view.Add(file, EmptyInValues().Replace(words.In(OwnPart(Read(folder, file))), ""));
        foreach (var (name, text) in Packer(folder, whole, words, [.. files.Where(f => f.EndsWith(".hcl", StringComparison.Ordinal))]))
            view.Add(name, text);
        return view;
    }

    /// <summary>The example of a cloud that is shown whole.</summary>
    public static string Whole(string plan) => (string)JsonNode.Parse(plan)!["cloud"]!["cloud"]!;

    /// <summary>User-data up to the first script, and then of every script its entry without the content.</summary>
    public static string OwnPart(string userData)
    {
        var own = new StringBuilder();
        foreach (var entry in Entry().Split(userData))
            own.Append(Script().IsMatch(entry) ? Script().Match(entry).Groups["head"].Value + "  content: <the script>\n" : entry);
        return own.ToString();
    }

    private static IEnumerable<(string Name, string Text)> Packer(string folder, string whole, ScriptWords words, string[] files)
    {
        if (files.Length == 0)
            yield break;
        var wholeWords = ScriptWords.Of(whole);
        var differences = new StringBuilder();
        foreach (var file in files)
        {
            var text = words.In(Read(folder, file));
            // Of a role's file the first role's is the measure: they differ in little more than its name.
            var measure = Directory.Exists(Path.Combine(folder, file[..^".pkr.hcl".Length])) ? "packer/gitlab.pkr.hcl" : file;
            if (folder == whole && file == measure)
            {
                yield return (file, text);
                continue;
            }
            var lines = LineDifference.Of(wholeWords.In(Read(whole, measure)), text).ToArray();
            differences.Append(CultureInfo.InvariantCulture, $"{file}: {(lines.Length == 0 ? "as" : "what differs from")} {Whole(Read(whole, "plan.json"))}/{measure}\n");
            foreach (var line in lines)
                differences.Append(line).Append('\n');
        }
        yield return ("packer/differences.txt", differences.ToString());
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(folder, p)).Order(StringComparer.Ordinal)];

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));

    [GeneratedRegex("^ *[a-z0-9_]+=''\n", RegexOptions.Multiline)]
    private static partial Regex EmptyInValues();

    [GeneratedRegex("^ *\\{\n *\"name\": \"[a-z0-9_]+\",\n *\"value\": \"\",\n *\"scope\": \"[A-Za-z]+\"\n *\\},?\n", RegexOptions.Multiline)]
    private static partial Regex EmptyInPlan();

    [GeneratedRegex("^(?=- path: )", RegexOptions.Multiline)]
    private static partial Regex Entry();

    /// <summary>An entry whose file is the same in every stack: a test holds each against the script that it is made from.</summary>
    [GeneratedRegex("^(?<head>- path: \"/(usr/local/lib/baker|var/lib/baker-bake|etc/systemd/system)/.*\n(  permissions: .*\n)?)  content: \\|\n")]
    private static partial Regex Script();
}
