using System.Text;
using CsCheck;

namespace Baker.Tests.Support;

/// <summary>Ways in which a spec goes wrong: what editors, merges, copies and attackers do to text.</summary>
public static class SpecMutation
{
    private static readonly string[] Punctuation =
    [
        ":", ": ", "- ", "? ", ",", "[", "]", "{", "}", "\"", "'", "#", " #", "&a ", "*a", "!", "!!int ", "|", ">", "%", "@", "`", "<<: ", "---\n", "...\n",
        "\n", "\n\n", "\r", "\t", " ", "  ", "\\", "\0", "\u0007", "\u0085", "\u2028", "\u2029", "\uFEFF", "\u00A0", "\u202E", "é", "日本", "😀", "\uFFFD",
    ];

    private static readonly string[] Nasty =
    [
        "", "~", "null", "yes", "TRUE", "0", "-1", "007", "1_000", "99999999999999999999", "2147483648", "-2147483648", "1e400", ".nan", ".inf", "0x7f", "0o17",
        "1.0", "''", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\e[31m\"", "\"a\\nb\"", "*x", "&x", "&x 1", "!t", "!t x", "!!binary aGk=", "|", ">-", "|9", "%", "@",
        "{", "[", "}", "]", "{}", "[]", "[[]]", "{a: {b: [c]}}", "[a, a]", "? x", "- x", "a: b", "<<", "# x", "generate", "none", "auto", "required",
        "::1", "0.0.0.0", "255.255.255.255", "10.77.0.0/0", "0.0.0.0/0", "255.255.255.255/32", "10.0.0.0/8", "10.77.1.30", "10.77.1.256", "1.2.3", "10.77.0.0/99999999999",
        "https://", "https://[::1]", "https://[::1%25eth0]/x", "https://a:0", "https://a:99999", "http://1", "https://a.test/?#", "https://-.test", "https://xn--.test", "HTTPS://A.TEST:443/",
        "https://u:p@a.test", "u:p@a.test/x", "file:///etc/passwd", "../../etc/passwd", "{{ x }}", "${x}", "%{x}", "$(x)", "`x`", "';x;'",
        "n1-standard-99999999999", "custom-999-9999999", "a3-highgpu-99g", "g4-standard-48", "9999cpu-9999gb", "99cpu-999gb", "c6i.999xlarge", "u-99tb9.metal", "m7i.metal-999xl", "t3.metal",
        "a@sha256:", "a:b:c", "a/b/c/d:e", "99x9999b:9999.99b-q8_0", "0.0.0", "9999.9999.9999", "self-hosted-v9999.9999.9999-ee", "gitlab/model-gateway:self-hosted-v9999.0.0-ee",
        "projects/p/global/networks/n", "vpc-00000000", "-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----", "ssh-ed25519 AAAA", new('x', 300), new('.', 70), $"{new string('a', 63)}.{new string('b', 300)}",
    ];

    private static readonly Gen<int> Place = Gen.Int[0, int.MaxValue];

    private static readonly Gen<Func<string, string>> One = Gen.OneOf(
        Place.Select(at => OnLines(l => l.RemoveAt(at % l.Count))),
        Place.Select(at => OnLines(l => l.Insert(at % l.Count, l[at % l.Count]))),
        Gen.Select(Place, Place).Select((a, b) => OnLines(l => (l[a % l.Count], l[b % l.Count]) = (l[b % l.Count], l[a % l.Count]))),
        Gen.Select(Place, Gen.Int[0, 8]).Select((at, width) => OnLines(l => l[at % l.Count] = new string(' ', width) + l[at % l.Count].TrimStart())),
        Gen.Select(Place, Gen.Int[1, 40]).Select((at, depth) => OnValue(at, v => $"{string.Concat(Enumerable.Repeat("[", depth))}{v}{string.Concat(Enumerable.Repeat("]", depth))}")),
        Gen.Select(Place, Gen.Int[1, 40]).Select((at, depth) => OnValue(at, v => $"{string.Concat(Enumerable.Repeat("{a: ", depth))}{v}{new string('}', depth)}")),
        Gen.Select(Place, Gen.Int[0, Nasty.Length - 1]).Select((at, n) => OnValue(at, _ => Nasty[n])),
        Gen.Select(Place, Gen.Int[0, Nasty.Length - 1]).Select((at, n) => OnValue(at, _ => $"\"{Nasty[n].Replace("\"", "\\\"", StringComparison.Ordinal)}\"")),
        Gen.Select(Place, Gen.Int[0, Nasty.Length - 1]).Select((at, n) => OnLines(l => l.Insert(at % l.Count, $"{new string(' ', at % 5)}{Nasty[n]}: {Nasty[(n + at) % Nasty.Length]}"))),
        Gen.Select(Place, Gen.Int[0, Punctuation.Length - 1]).Select((at, n) => OnText(t => t.Insert(at % (t.Length + 1), Punctuation[n]))),
        Gen.Select(Place, Gen.Int[0, Punctuation.Length - 1]).Select((at, n) => OnText(t => t.Insert(at % (t.Length + 1), Punctuation[n]))),
        Place.Select(at => OnText(t => t[..(at % (t.Length + 1))])),
        Gen.Select(Place, Gen.Int[1, 20]).Select((at, n) => OnText(t => t.Remove(at % (t.Length + 1), Math.Min(n, t.Length - (at % (t.Length + 1)))))));

    /// <summary>A spec after up to three accidents, sometimes with bytes flipped at the end. Valid ones are tried as often as wrong ones.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<string> valid, IReadOnlyList<string> wrong) => Gen.Select(
        Gen.OneOf(Gen.Int[0, valid.Count - 1].Select(i => valid[i]), Gen.Int[0, wrong.Count - 1].Select(i => wrong[i])),
        Gen.Frequency((3, One.Array[1, 1]), (1, One.Array[2, 3])), Gen.Frequency((9, Gen.Const(Array.Empty<int>())), (1, Place.Array[1, 3])))
        .Select((spec, accidents, flips) =>
        {
            var bytes = Encoding.UTF8.GetBytes(accidents.Aggregate(spec, (text, accident) => accident(text)));
            foreach (var flip in flips.Where(_ => bytes.Length > 0))
                bytes[flip % bytes.Length] ^= (byte)(1 << (flip % 8));
            return bytes;
        });

    private static Func<string, string> OnText(Func<string, string> change) => change;

    private static Func<string, string> OnLines(Action<List<string>> change) => text =>
    {
        var lines = text.Split('\n').ToList();
        change(lines);
        return string.Join('\n', lines);
    };

    private static Func<string, string> OnValue(int at, Func<string, string> change) => OnLines(lines =>
    {
        // In a line with several values, as flow maps have them, one of them is meant.
        var line = lines[at % lines.Count];
        var colons = Enumerable.Range(0, line.Length).Where(i => line[i] is ':' or '-' && i + 1 < line.Length && line[i + 1] == ' ').ToArray();
        if (colons.Length == 0)
            return;
        var start = colons[at % colons.Length] + 2;
        var end = line.IndexOfAny([',', '}', ']'], start) is > 0 and var stop && at % 3 > 0 ? stop : line.Length;
        lines[at % lines.Count] = line[..start] + change(line[start..end]) + line[end..];
    });
}
