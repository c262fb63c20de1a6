using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Clouds.Facts;

namespace Baker.Tests.Support;

/// <summary>What a role's scripts say of themselves: their steps, in order, and the reasons that each function can stop with.</summary>
/// <param name="Steps">In the order in which they run.</param>
/// <param name="Functions">Name and body of every function, those of the files it reads first included.</param>
public sealed partial record MachineScripts(string Role, ImmutableArray<MachineStep> Steps, ImmutableDictionary<string, string> Functions)
{
    private static readonly string[] OfEveryVm =
        ["common/install/lib.sh", "common/configure/ssh.sh", "common/authority/before-base.sh", "common/install/base.sh", "common/secrets/secrets.sh", .. CloudCatalog.All.SelectMany(c => new[] { $"{c.Key}/runner/cloud.sh", $"{c.Key}/secrets/stored.sh" }), "aws/bundle/after-cloud.sh"];

    private static readonly string Folder = Checkout.PathOf("templates/machine");

    /// <summary>Every shell script as a VM has it, below templates/machine: those that begin with a number are one.</summary>
    public static ImmutableArray<string> Files { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.sh", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(Folder, p))
            .Select(p => char.IsAsciiDigit(Path.GetFileName(p)[0]) ? Path.Combine(Path.GetDirectoryName(p)!, $"{p.Split('/')[^2]}.sh") : p)
            .Distinct().Order(StringComparer.Ordinal)];

    public static MachineScripts Common { get; } = Of("common", OfEveryVm);

    public static ImmutableArray<MachineScripts> All { get; } =
        [Common, .. new[] { "gitlab", "gateway", "ollama" }.Select(r => Of(r, [.. OfEveryVm, .. Files.Where(f => f.Split('/')[0].Split('+').Contains(r)).OrderBy(f => f.Contains("/configure/", StringComparison.Ordinal))]))];

    /// <summary>The text of a script without comments; continued lines are one.</summary>
    public static string Text(string file) => Comment().Replace(Source(file).Replace("\\\n", "", StringComparison.Ordinal), "");

    /// <summary>The text of a script as it stands in the checkout, its parts one after the other.</summary>
    public static string Source(string file)
    {
        var path = Path.Combine(Folder, file);
        return File.Exists(path) ? File.ReadAllText(path)
            : string.Concat(Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "?-*.sh").Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    /// <summary>What it, or anything that it calls, ends a step with.</summary>
    public ImmutableSortedSet<string> Reasons(string function) => [.. Reached(function).SelectMany(f => Stops(f, Functions[f]))];

    /// <summary>What it, or anything that it calls, says it waits for.</summary>
    public ImmutableSortedSet<string> Waits(string function) =>
        [.. Reached(function).SelectMany(f => Waiting().Matches(Functions[f])).Select(m => m.Groups[1].Value)];

    private static MachineScripts Of(string role, IEnumerable<string> files)
    {
        var texts = files.Select(f => (File: f, Text: Text(f))).ToArray();
        var steps = texts.SelectMany(t => StepLine().Matches(t.Text).Select(m => new MachineStep(
            t.File.Split('/')[1], m.Groups["name"].Value, m.Groups["when"].Value, int.Parse(m.Groups["limit"].Value, CultureInfo.InvariantCulture))));
        // A VM has one cloud's file, and what is said of every VM is said of all clouds.
        var found = texts.SelectMany(t => Function().Matches(t.Text).Select(m => (IsOfCloud: CloudCatalog.All.Any(c => t.File.StartsWith($"{c.Key}/", StringComparison.Ordinal)), Name: m.Groups["name"].Value, Body: m.Groups["body"].Value))).ToArray();
        var ofClouds = found.Where(f => f.IsOfCloud).GroupBy(f => f.Name).Select(g => (g.Key, string.Join('\n', g.Select(f => f.Body))));
        // ToImmutableDictionary refuses a second function of the same name: in bash it would silently replace the first.
        var functions = found.Where(f => !f.IsOfCloud).Select(f => (f.Name, f.Body)).Concat(ofClouds).ToImmutableDictionary(f => f.Item1, f => f.Item2);
        return new MachineScripts(role, [.. steps], functions);
    }

    private HashSet<string> Reached(string function)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([function]));
        while (next.TryPop(out var name))
        {
            if (Functions.TryGetValue(name, out var body) && seen.Add(name))
                foreach (Match call in Command().Matches(body))
                    next.Push(call.Groups[1].Value);
        }
        return seen;
    }

    private static IEnumerable<string> Stops(string function, string body) =>
        Stop().Matches(body).SelectMany(m => m.Groups[1].Value switch
        {
            "\"http-$1\"" => Statuses().Match(body).Groups[1].Value.Split('|', StringSplitOptions.TrimEntries).Select(s => $"http-{s}"),
            "\"$reason\"" => Recognised().Matches(body).Select(r => r.Groups[1].Value),
            var word when Word().IsMatch(word) => [word],
            var other => throw new InvalidOperationException($"{function}: this test cannot tell what \"stop {other}\" says"),
        }).Concat(Otherwise().Matches(body).Select(m => m.Groups[1].Value)).Concat(Written().Matches(body).Select(m => m.Groups[1].Value))
            .Where(r => function != "stop");

    [GeneratedRegex(@"(?<=^|\s)#(\s.*)?$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""^step (?<when>once|start) (?<name>\S+) (?<limit>\d+)( ".*")?\s*$""", RegexOptions.Multiline)]
    private static partial Regex StepLine();

    // On one line, or up to a brace that stands alone.
    [GeneratedRegex(@"^(?<name>[\w-]+)\(\) \{(?<body>.*; \}\s*$|[^\n]*\n(.*\n)*?\}$)", RegexOptions.Multiline)]
    private static partial Regex Function();

    private const string Begins = @"(?<=(?:^|[;|&({!)]|\b(?:then|do|else|if|until|while)\b)[ \t]*)";

    [GeneratedRegex(Begins + @"([A-Za-z][\w-]*)(?=[\s;)]|$)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(Begins + @"stop ([^\s;)]+)", RegexOptions.Multiline)]
    private static partial Regex Stop();

    [GeneratedRegex(@"([\d| ]+)\) stop ""http-\$1""")]
    private static partial Regex Statuses();

    [GeneratedRegex(@"\breason=([a-z0-9-]+)")]
    private static partial Regex Recognised();

    [GeneratedRegex(@"\bstop_for_(?:words|pull) \S+ ([a-z0-9-]+)")]
    private static partial Regex Otherwise();

    [GeneratedRegex(@"\becho ([a-z0-9-]+) >""\$run/reason""")]
    private static partial Regex Written();

    [GeneratedRegex(@"\bsay waiting ([a-z0-9-]+)")]
    private static partial Regex Waiting();

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex Word();
}

/// <param name="Part"><c>install</c> or <c>configure</c>.</param>
/// <param name="When"><c>once</c> or <c>start</c>.</param>
/// <param name="Limit">Seconds; 0 is none.</param>
public sealed record MachineStep(string Part, string Name, string When, int Limit);
