using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>IAM's wire format (query), by the vendor's own model: what it does not know is an error, in requests and in the double's own answers.</summary>
internal sealed partial class IamModel
{
    public const string Namespace = "https://iam.amazonaws.com/doc/2010-05-08/";

    public static readonly IamModel Vendor = new();

    private readonly JsonObject _operations;
    private readonly JsonObject _shapes;

    private IamModel()
    {
        var model = JsonNode.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "aws-iam.json"))!;
        (_operations, _shapes) = (model["operations"]!.AsObject(), model["shapes"]!.AsObject());
    }

    /// <exception cref="Ec2Refusal">It is no operation, or not by the model.</exception>
    public void Check(string action, IReadOnlyDictionary<string, string> form)
    {
        var operation = _operations[action] ?? throw new Ec2Refusal("InvalidAction", $"Could not find operation {action} for version 2010-05-08");
        if (form.GetValueOrDefault("Version") != "2010-05-08")
            throw new Ec2Refusal("InvalidAction", "version");
        var given = form.Where(f => f.Key is not ("Action" or "Version")).ToDictionary();
        foreach (var (key, value) in given)
            Value((string)operation["input"]!, key.Split('.'), value, key);
        var input = _shapes[(string)operation["input"]!]!;
        foreach (var required in (input["required"]?.AsArray() ?? []).Select(r => (string)r!))
        {
            if (!given.Keys.Any(k => k.Split('.')[0] == required))
                throw Wrong($"Value at '{required}' failed to satisfy constraint: Member must not be null");
        }
    }

    /// <summary>An answer that the model knows.</summary>
    public string Written(string action, params XElement[] content)
    {
        XNamespace doc = Namespace;
        var root = new XElement(doc + $"{action}Response");
        if ((string?)_operations[action]!["output"] is { } output)
        {
            var result = new XElement(doc + $"{action}Result", content.Select(c => Named(c, doc)));
            Structure(output, result);
            root.Add(result);
        }
        root.Add(new XElement(doc + "ResponseMetadata", new XElement(doc + "RequestId", "fake")));
        return new XDocument(root).ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Named(XElement element, XNamespace doc) => new(doc + element.Name.LocalName,
        element.HasElements ? element.Elements().Select(e => Named(e, doc)) : element.Value);

    private void Value(string shape, ReadOnlySpan<string> path, string value, string at)
    {
        var about = _shapes[shape]!;
        switch ((string)about["type"]!)
        {
            case "structure" when path.Length > 0 && about["members"]![path[0]] is { } found && (string)found["shape"]! is var member:
                Value(member, path[1..], value, at);
                break;
            case "list" when path.Length > 1 && path[0] == "member" && int.TryParse(path[1], CultureInfo.InvariantCulture, out var number) && number > 0:
                if ((int?)about["max"] is { } most && number > most)
                    throw Wrong($"Value at '{at}' failed to satisfy constraint: Member must have length less than or equal to {most}");
                Value((string)about["member"]!["shape"]!, path[2..], value, at);
                break;
            case "string" or "boolean" or "integer" when path.Length == 0:
                Scalar(about, value, at);
                break;
            default:
                throw Wrong($"there is no {at}");
        }
    }

    private static void Scalar(JsonNode about, string value, string at)
    {
        if ((int?)about["max"] is { } most && value.Length > most)
            throw Wrong($"Value at '{at}' failed to satisfy constraint: Member must have length less than or equal to {most}");
        if ((int?)about["min"] is { } least && value.Length < least)
            throw Wrong($"Value at '{at}' failed to satisfy constraint: Member must have length greater than or equal to {least}");
        if ((string?)about["pattern"] is { } pattern && !Regex.IsMatch(value, $@"\A(?:{Unicode().Replace(pattern, "\\u$1")})\z"))
            throw Wrong($"Value at '{at}' failed to satisfy constraint: Member must satisfy regular expression pattern: {pattern}");
    }

    private void Structure(string shape, XElement element)
    {
        var members = _shapes[shape]!["members"]!.AsObject();
        foreach (var child in element.Elements())
            Answer((string?)members[child.Name.LocalName]?["shape"] ?? throw new InvalidOperationException($"{shape} has no {child.Name.LocalName}"), child);
        foreach (var required in (_shapes[shape]!["required"]?.AsArray() ?? []).Select(r => (string)r!))
        {
            if (!element.Elements().Any(e => e.Name.LocalName == required))
                throw new InvalidOperationException($"{shape} without {required}");
        }
    }

    private void Answer(string shape, XElement element)
    {
        var about = _shapes[shape]!;
        if ((string)about["type"]! == "structure")
            Structure(shape, element);
        else if ((string)about["type"]! == "list")
        {
            foreach (var item in element.Elements())
                Answer(item.Name.LocalName == "member" ? (string)about["member"]!["shape"]! : throw new InvalidOperationException($"{shape} has no {item.Name.LocalName}"), item);
        }
    }

    private static Ec2Refusal Wrong(string message) => new("ValidationError", $"1 validation error detected: {message}");

    /// <summary>The model writes letters as its own language does.</summary>
    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})")]
    private static partial Regex Unicode();
}
