using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>EC2's wire format, by the vendor's own model: what a request may say, and how an answer is written. Whatever the model does not know is an error.</summary>
internal sealed class Ec2Model
{
    public static readonly Ec2Model Vendor = new();

    private readonly JsonObject _operations;
    private readonly JsonObject _shapes;

    private Ec2Model()
    {
        var model = JsonNode.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "aws-ec2.json"))!;
        (_operations, _shapes) = (model["operations"]!.AsObject(), model["shapes"]!.AsObject());
    }

    /// <summary>A form as a tree of the model's member names.</summary>
    /// <exception cref="Ec2Refusal">An unknown, missing or malformed parameter.</exception>
    public JsonObject Read(string action, Dictionary<string, string> form)
    {
        var operation = _operations[action] ?? throw new Ec2Refusal("InvalidAction", $"{action} is no operation of EC2");
        var rest = new Dictionary<string, string>(form);
        rest.Remove("Action");
        if (!rest.Remove("Version", out var version) || version != "2016-11-15")
            throw new Ec2Refusal("InvalidParameterValue", $"version {version}");
        var tree = Structure((string)operation["input"]!, "", rest) ?? [];
        return rest.Count == 0 ? tree : throw new Ec2Refusal("UnknownParameter", $"{action} has no {string.Join(", ", rest.Keys)}");
    }

    /// <summary>True for what the vendor answers page by page.</summary>
    public bool IsPaged(string action) => _operations[action] is { } operation && (string?)operation["output"] is { } output
        && _shapes[output]!["members"]!["NextToken"] is not null && _shapes[(string)operation["input"]!]!["members"]!["MaxResults"] is not null;

    public string Write(string action, JsonObject answer)
    {
        var root = new XElement($"{action}Response", new XElement("requestId", "fake"));
        if ((string?)_operations[action]!["output"] is { } shape)
            Fill(root, shape, answer);
        return new XDocument(root).ToString();
    }

    private JsonObject? Structure(string shape, string prefix, Dictionary<string, string> form)
    {
        var tree = new JsonObject();
        foreach (var (member, about) in _shapes[shape]!["members"]!.AsObject())
        {
            if (Value((string)about!["shape"]!, prefix + Name(member, about), form) is { } value)
                tree[member] = value;
        }
        if (tree.Count == 0 && prefix.Length > 0)
            return null;
        foreach (var required in _shapes[shape]!["required"]?.AsArray() ?? [])
        {
            if (!tree.ContainsKey((string)required!))
                throw new Ec2Refusal("MissingParameter", $"{shape} without {required}");
        }
        return tree;
    }

    private JsonNode? Value(string shape, string key, Dictionary<string, string> form)
    {
        switch ((string)_shapes[shape]!["type"]!)
        {
            case "structure":
                return Structure(shape, key + ".", form);
            case "list":
                var list = new JsonArray();
                while (Value((string)_shapes[shape]!["member"]!["shape"]!, $"{key}.{list.Count + 1}", form) is { } item)
                    list.Add(item);
                return list.Count == 0 ? null : list;
            default:
                return form.Remove(key, out var text) ? Scalar(shape, key, text) : null;
        }
    }

    private JsonNode Scalar(string shape, string key, string text)
    {
        if (_shapes[shape]!["enum"] is JsonArray allowed && !allowed.Any(a => (string)a! == text))
            throw new Ec2Refusal("InvalidParameterValue", $"{key}: {text} is no {shape}");
        return (string)_shapes[shape]!["type"]! switch
        {
            "boolean" => text switch { "true" => true, "false" => false, _ => throw new Ec2Refusal("InvalidParameterValue", $"{key}: {text}") },
            "integer" or "long" => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new Ec2Refusal("InvalidParameterValue", $"{key}: {text}"),
            _ => text,
        };
    }

    // The rule of the protocol "ec2": the query's own name, else the answer's name with a capital, else the member's.
    private static string Name(string member, JsonNode about) => (string?)about["queryName"] ?? ((string?)about["locationName"] is { } wire ? char.ToUpperInvariant(wire[0]) + wire[1..] : member);

    private void Fill(XElement element, string shape, JsonObject tree)
    {
        var members = _shapes[shape]!["members"]!.AsObject();
        foreach (var (member, value) in tree)
        {
            var about = members[member] ?? throw new InvalidOperationException($"the fake answers {shape}.{member}, which the model does not know");
            if (value is not null)
                element.Add(Element((string?)about["locationName"] ?? member, (string)about["shape"]!, value));
        }
    }

    private XElement Element(string name, string shape, JsonNode value)
    {
        var element = new XElement(name);
        switch ((string)_shapes[shape]!["type"]!)
        {
            case "structure":
                Fill(element, shape, value.AsObject());
                break;
            case "list":
                var member = _shapes[shape]!["member"]!;
                foreach (var item in value.AsArray())
                    element.Add(Element((string?)member["locationName"] ?? "item", (string)member["shape"]!, item!));
                break;
            default:
                element.Value = value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? value.ToJsonString() : value.ToString();
                break;
        }
        return element;
    }
}

/// <summary>An answer that says no.</summary>
internal sealed class Ec2Refusal(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}
