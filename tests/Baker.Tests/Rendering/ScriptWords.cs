using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Rendering;

namespace Baker.Tests.Rendering;

/// <summary>
/// What of a rendered folder follows from every byte of the scripts, and the word that goldens have in its place: digests, fingerprints and sizes of
/// user-data and of bundles. Each is taken from the one file that decides it. So a file that repeats another machine's gets another word, and a wrong one stays in view.
/// </summary>
internal sealed partial class ScriptWords
{
    private readonly ImmutableArray<(string Value, string Word)> _names;
    private readonly ImmutableArray<(string Role, string Plain, string Sent, int Bytes)> _sizes;

    private readonly ImmutableArray<(string Role, string Plain, int Parts)> _bundles;

    private ScriptWords(ImmutableArray<(string Value, string Word)> names, ImmutableArray<(string Role, string Plain, string Sent, int Bytes)> sizes,
        ImmutableArray<(string Role, string Plain, int Parts)> bundles) => (_names, _sizes, _bundles) = (names, sizes, bundles);

    /// <param name="folder">What <c>render</c> wrote.</param>
    public static ScriptWords Of(string folder)
    {
        var machines = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "plan.json")))!["machines"]!.AsArray();
        var names = ImmutableArray.CreateBuilder<(string Value, string Word)>();
        var sizes = ImmutableArray.CreateBuilder<(string Role, string Plain, string Sent, int Bytes)>();
        var bundles = ImmutableArray.CreateBuilder<(string Role, string Plain, int Parts)>();
        foreach (var machine in machines)
        {
            var role = (string)machine!["role"]!;
            var userData = Path.Combine(folder, "cloud-init", $"{role}.yaml");
            names.Add(((string)machine["image"]!["fingerprint"]!, $"<fingerprint of {role}>"));
            names.Add((Digest().Match(File.ReadAllText(userData)).Groups["digest"].Value, $"<digest of {role}>"));
            var sent = new FileInfo(File.Exists(userData + ".gz") ? userData + ".gz" : userData).Length;
            sizes.Add((role, Number(new FileInfo(userData).Length), Number(sent), (int)sent));
            if (Path.Combine(folder, BundleFiles.Folder, role) is var parts && Directory.Exists(parts))
            {
                var plain = File.ReadAllBytes(parts + ".yaml");
                names.Add((Convert.ToHexStringLower(SHA256.HashData(plain)), BundleDigest(role)));
                bundles.Add((role, Number(plain.Length), Directory.GetFiles(parts).Length));
            }
        }
        return new ScriptWords(names.ToImmutable(), sizes.ToImmutable(), bundles.ToImmutable());
    }

    /// <summary>A text with these words.</summary>
    public string In(string text)
    {
        foreach (var (value, word) in _names)
            text = text.Replace(value, word, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The review page: its tables of user-data and of bundles have sizes, too, and each part of a bundle has its command.</summary>
    public string InPage(string page) => string.Join('\n', WithoutParts(In(page).Split('\n').Select(line => BundleRow(Row(line)))));

    /// <summary>The rendered folder's files: how many parts a bundle has is a compressor's matter.</summary>
    public string InList(string[] files) => string.Concat(WithoutParts(files).Select(file => file + "\n"));

    private string Row(string line)
    {
        var size = _sizes.FirstOrDefault(s => line.StartsWith($"| {s.Role} |", StringComparison.Ordinal) && line.Contains($"`<digest of {s.Role}>`", StringComparison.Ordinal));
        if (size.Role is null)
            return line;
        var cells = line.Split(" | ");
        var limit = int.Parse(cells[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        cells[1] = Word(cells[1], size.Plain, "<bytes>");
        cells[2] = Word(cells[2], size.Sent, "<bytes>");
        cells[4] = Word(cells[4], Number(limit - size.Bytes), "<rest>");
        return string.Join(" | ", cells);
    }

    private string BundleRow(string line)
    {
        var bundle = _bundles.FirstOrDefault(b => line.StartsWith($"| {b.Role} | {b.Plain} | {b.Parts} | ", StringComparison.Ordinal)
            && line.Contains($"/{BundleDigest(b.Role)}`", StringComparison.Ordinal));
        return bundle.Role is null ? line : $"| {bundle.Role} | <bytes> | <parts> | {line.Split(" | ")[3]}";
    }

    // Where every part has its line, one stands for all. A part without one leaves them as they are, and one too many stays.
    private List<string> WithoutParts(IEnumerable<string> all)
    {
        var lines = all.ToList();
        foreach (var (role, _, parts) in _bundles)
        {
            // The number of a part, in the name of its file and of what it is kept as.
            var number = new Regex($@"(?<=\b{BundleFiles.Folder}/{role}/|/{BundleDigest(role)}/)1(?=\z|')");
            var first = lines.FindIndex(number.IsMatch);
            string[] each = first < 0 ? [] : [.. Enumerable.Range(1, parts).Select(i => number.Replace(lines[first], Number(i)))];
            if (each.Length == 0 || each.Except(lines).Any())
                continue;
            lines[first] = number.Replace(lines[first], "<part>");
            lines.RemoveAll(each.Contains);
        }
        return lines;
    }

    private static string BundleDigest(string role) => $"<digest of bundle {role}>";

    // The number alone, or with a word behind it, such as "compressed".
    private static string Word(string cell, string number, string word) =>
        cell == number || cell.StartsWith(number + ", ", StringComparison.Ordinal) ? word + cell[number.Length..] : cell;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex("^    digest='(?<digest>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
