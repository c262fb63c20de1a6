using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Baker.Tests.Support;

/// <summary>What a broken server, a proxy or an attacker makes of an answer: parts that lack, come twice, are of another type; bytes that are torn or flipped.</summary>
/// <param name="seed">The same seed makes the same of the same.</param>
public sealed class AnswerMutation(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "null", "0", "-1", "true", "99999999999999999999", "1e400", "NaN", "2026-13-45T99:99:99Z", "0000-00-00", "i-", "../../etc/passwd", "/", "//", "projects/", "projects/p/zones//disks/",
        "https://", "https://[::1", "10.77.0.0/99", "256.0.0.1", "::", "running\nready", "\u001b[2J", "\u202e", "\u2028", "BAKER {", "%s%n", "${x}", "{{x}}", "'\"`", new('x', 5000), "😀", "\uFFFD", "a,b", "a=b", ":", "=",
    ];

    private static readonly string[] Words = ["null", "0", "-1", "1.5", "1e999", "true", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[[]]]", "{\"\":null}", "[{}]", "{\"a\":[1]}", "123456789012345678901234567890", "\"\\ud800\""];

    private readonly Random _random = new(seed);

    public string Of(string text)
    {
        var made = _random.Next(4) == 0 ? null : text.TrimStart().StartsWith('<') ? Xml(text) : Json(text);
        return made ?? Torn(text);
    }

    private string? Json(string text)
    {
        try
        {
            var root = JsonNode.Parse(text);
            var all = All(root).ToArray();
            if (root is null || all.Length == 0)
                return null;
            var (parent, key, at) = all[_random.Next(all.Length)];
            var was = key is not null ? parent[key] : parent[at];
            var isText = was?.GetValueKind() == JsonValueKind.String;
            JsonNode? now = _random.Next(3) switch { 0 => JsonNode.Parse(Words[_random.Next(Words.Length)]), 1 when isText => Texts[_random.Next(Texts.Length)], _ => was?.DeepClone() };
            switch (parent, _random.Next(4))
            {
                case (JsonObject map, 0):
                    map.Remove(key!);
                    break;
                case (JsonArray list, 0):
                    list.RemoveAt(at);
                    break;
                case (JsonArray list, 1):
                    list.Add(now);
                    break;
                case (JsonArray list, _):
                    list[at] = now;
                    break;
                default:
                    parent[key!] = now ?? JsonNode.Parse(Words[_random.Next(Words.Length)]);
                    break;
            }
            var json = root.ToJsonString();
            // The same key twice.
            return parent is JsonObject && _random.Next(10) == 0 ? json.Replace($"\"{key}\":", $"\"{key}\":1,\"{key}\":", StringComparison.Ordinal) : json;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Key, int At)> All(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => All(p.Value).Prepend((map, p.Key, 0))),
        JsonArray list => list.SelectMany((n, i) => All(n).Prepend((list, null, i))),
        _ => [],
    };

    private string? Xml(string text)
    {
        try
        {
            var root = XElement.Parse(text);
            var all = root.Descendants().ToArray();
            if (all.Length == 0)
                return null;
            var one = all[_random.Next(all.Length)];
            switch (_random.Next(6))
            {
                case 0:
                    one.Remove();
                    break;
                case 1:
                    one.AddAfterSelf(new XElement(one));
                    break;
                case 2:
                    one.RemoveAll();
                    break;
                case 3:
                    one.Name = one.Name.Namespace + "other";
                    break;
                case 4:
                    one.ReplaceAll(all[_random.Next(all.Length)].Elements().Select(e => new XElement(e)));
                    break;
                default:
                    one.Value = string.Concat(Texts[_random.Next(Texts.Length)].Where(XmlConvert.IsXmlChar));
                    break;
            }
            return root.ToString(SaveOptions.DisableFormatting);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Bytes alone: what comes of it is rarely an answer at all.</summary>
    public string Torn(string text)
    {
        var at = _random.Next(text.Length + 1);
        return _random.Next(5) switch
        {
            0 => text[..at],
            1 => text.Remove(at, Math.Min(_random.Next(1, 20), text.Length - at)),
            2 => text.Insert(at, Texts[_random.Next(Texts.Length)]),
            3 => Texts[_random.Next(Texts.Length)],
            _ => "<html><body>Please sign in to this network</body></html>",
        };
    }
}
