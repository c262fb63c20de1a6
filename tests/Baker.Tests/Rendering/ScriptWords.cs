using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Rendering;

/// <summary>
/// What of a rendered folder follows from every byte of the scripts, and the word that goldens have in its place: digests, fingerprints and sizes of
/// user-data. Each is taken from the one file that decides it. So a file that repeats another machine's gets another word, and a wrong one stays in view.
/// </summary>
internal sealed partial class ScriptWords
{
    private readonly ImmutableArray<(string Value, string Word)> _names;
    private readonly ImmutableArray<(string Role, string Plain, string Sent, int Bytes)> _sizes;

    private ScriptWords(ImmutableArray<(string Value, string Word)> names, ImmutableArray<(string Role, string Plain, string Sent, int Bytes)> sizes) =>
        (_names, _sizes) = (names, sizes);

    /// <param name="folder">What <c>render</c> wrote.</param>
    public static ScriptWords Of(string folder)
    {
        var machines = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "plan.json")))!["machines"]!.AsArray();
        var names = ImmutableArray.CreateBuilder<(string Value, string Word)>();
        var sizes = ImmutableArray.CreateBuilder<(string Role, string Plain, string Sent, int Bytes)>();
        foreach (var machine in machines)
        {
            var role = (string)machine!["role"]!;
            var userData = Path.Combine(folder, "cloud-init", $"{role}.yaml");
            names.Add(((string)machine["image"]!["fingerprint"]!, $"<fingerprint of {role}>"));
            names.Add((Digest().Match(File.ReadAllText(userData)).Groups["digest"].Value, $"<digest of {role}>"));
            var sent = new FileInfo(File.Exists(userData + ".gz") ? userData + ".gz" : userData).Length;
            sizes.Add((role, Number(new FileInfo(userData).Length), Number(sent), (int)sent));
        }
        return new ScriptWords(names.ToImmutable(), sizes.ToImmutable());
    }

    /// <summary>A text with these words.</summary>
    public string In(string text)
    {
        foreach (var (value, word) in _names)
            text = text.Replace(value, word, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The review page: its table of user-data has sizes, too.</summary>
    public string InPage(string page) => string.Join('\n', In(page).Split('\n').Select(Row));

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

    // The number alone, or with a word behind it, such as "compressed".
    private static string Word(string cell, string number, string word) =>
        cell == number || cell.StartsWith(number + ", ", StringComparison.Ordinal) ? word + cell[number.Length..] : cell;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex("^    digest='(?<digest>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
