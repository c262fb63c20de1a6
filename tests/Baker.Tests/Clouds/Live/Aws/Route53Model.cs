using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Route 53's wire format (rest-xml), by the vendor's own model: what it does not know is an error, in requests and in the fake's own answers.</summary>
internal sealed partial class Route53Model
{
    public static readonly Route53Model Vendor = new();

    private readonly JsonObject _operations;
    private readonly JsonObject _shapes;

    private Route53Model()
    {
        var model = JsonNode.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "aws-route53.json"))!;
        (_operations, _shapes) = (model["operations"]!.AsObject(), model["shapes"]!.AsObject());
    }

    /// <returns>The operation, and what stands in the path where it has a variable.</returns>
    /// <exception cref="Ec2Refusal">It is none, or not by the model.</exception>
    public (string Operation, string Id) Read(string method, string path, IReadOnlyDictionary<string, string> query, string body)
    {
        foreach (var (name, operation) in _operations)
        {
            var match = Regex.Match(path, $@"\A{Variable().Replace(Regex.Escape((string)operation!["http"]!["requestUri"]!).Replace(@"\{", "{", StringComparison.Ordinal), "(?<id>[^/]+)")}\z");
            if ((string)operation["http"]!["method"]! != method || !match.Success)
                continue;
            var members = _shapes[(string)operation["input"]!]!["members"]!.AsObject();
            var known = members.Where(m => (string?)m.Value!["location"] == "querystring").ToDictionary(m => (string)m.Value!["locationName"]!, m => (string)m.Value!["shape"]!);
            foreach (var (key, value) in query)
            {
                if (!known.TryGetValue(key, out var shape))
                    throw new Ec2Refusal("InvalidInput", $"{name} has no {key}");
                Scalar(shape, value, key);
            }
            // A type or an identifier goes on from a name: ListResourceRecordSets of the API reference.
            if ((query.ContainsKey("type") && !query.ContainsKey("name")) || (query.ContainsKey("identifier") && !query.ContainsKey("type")))
                throw new Ec2Refusal("InvalidInput", "type without name, or identifier without type");
            if (operation["inputWire"] is { } wire)
            {
                var root = XElement.Parse(body);
                if (root.Name != XNamespace.Get((string)wire["xmlNamespace"]!["uri"]!) + (string)wire["locationName"]!)
                    throw new Ec2Refusal("MalformedXML", root.Name.ToString());
                Structure((string)operation["input"]!, root, m => m["location"] is null);
            }
            else if (body.Length > 0)
                throw new Ec2Refusal("MalformedInput", $"{name} takes no body");
            return (name, match.Groups["id"].Value);
        }
        throw new Ec2Refusal("UnknownOperation", $"{method} {path}", 404);
    }

    /// <summary>An answer that the model knows.</summary>
    public string Written(string operation, XElement answer)
    {
        Structure((string)_operations[operation]!["output"]!, answer, m => m["location"] is null);
        return new XDocument(answer).ToString();
    }

    private void Structure(string shape, XElement element, Func<JsonNode, bool>? counts = null)
    {
        var members = _shapes[shape]!["members"]!.AsObject().Where(m => counts?.Invoke(m.Value!) != false).ToDictionary(m => (string?)m.Value!["locationName"] ?? m.Key, m => (string)m.Value!["shape"]!);
        foreach (var child in element.Elements())
            Value(members.GetValueOrDefault(child.Name.LocalName) ?? throw new Ec2Refusal("MalformedXML", $"{shape} has no {child.Name.LocalName}"), child);
        foreach (var required in (_shapes[shape]!["required"]?.AsArray() ?? []).Select(r => (string)r!).Where(members.ContainsKey))
        {
            if (!element.Elements().Any(e => e.Name.LocalName == required))
                throw new Ec2Refusal("MalformedXML", $"{shape} without {required}");
        }
    }

    private void Value(string shape, XElement element)
    {
        switch ((string)_shapes[shape]!["type"]!)
        {
            case "structure":
                Structure(shape, element);
                break;
            case "list":
                var member = _shapes[shape]!["member"]!;
                foreach (var item in element.Elements())
                {
                    if (item.Name.LocalName != ((string?)member["locationName"] ?? "member"))
                        throw new Ec2Refusal("MalformedXML", $"{shape} has no {item.Name.LocalName}");
                    Value((string)member["shape"]!, item);
                }
                break;
            default:
                Scalar(shape, element.Value, element.Name.LocalName);
                break;
        }
    }

    private void Scalar(string shape, string text, string at)
    {
        var about = _shapes[shape]!;
        if (about["enum"] is JsonArray allowed && !allowed.Any(a => (string)a! == text))
            throw new Ec2Refusal("InvalidInput", $"{at}: {text} is no {shape}");
        if ((string)about["type"]! is "integer" or "long" && !long.TryParse(text, CultureInfo.InvariantCulture, out _))
            throw new Ec2Refusal("InvalidInput", $"{at}: {text} is no number");
        if ((int?)about["max"] is { } most && (string)about["type"]! == "string" && text.Length > most)
            throw new Ec2Refusal("InvalidInput", $"{at}: longer than {most}");
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Variable();
}
