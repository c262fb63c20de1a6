using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A service's own description of its methods and bodies: what it does not know is refused, as the service does.</summary>
internal sealed partial class ServiceModel
{
    /// <summary>Parameters that every method has.</summary>
    private static readonly string[] Everywhere = ["alt", "fields", "key", "prettyPrint", "quotaUser", "userIp", "$.xgafv", "access_token", "callback"];

    private readonly JsonElement _schemas;
    private readonly List<(Regex Path, Method Method)> _methods = [];

    /// <param name="Id">Such as <c>instances.insert</c>.</param>
    /// <param name="Request">Schema of the body; null: none.</param>
    public sealed record Method(string Id, string Verb, string[] Query, string? Request, string Response);

    /// <summary>Such as <c>secretmanager.googleapis.com</c>.</summary>
    public string Host { get; }

    private ServiceModel(string file)
    {
        Host = $"{file[..file.LastIndexOf('-')].Replace("gce-", "", StringComparison.Ordinal)}.googleapis.com";
        var root = JsonDocument.Parse(Checkout.Read($"tests/Baker.Tests/Fixtures/oracles/{file}.json")).RootElement;
        _schemas = root.GetProperty("schemas");
        foreach (var resource in root.GetProperty("resources").EnumerateObject())
        {
            foreach (var method in resource.Value.EnumerateObject())
            {
                var pattern = Variable().Replace(Regex.Escape(method.Value.GetProperty("path").GetString()!).Replace(@"\{", "{", StringComparison.Ordinal), m => $"(?<{m.Groups[1].Value}>[^/:]+(:[^/:]+\\.[^/:]+)?)");
                _methods.Add((new Regex($@"\A{pattern}\z"), new Method(
                    $"{resource.Name}.{method.Name}", method.Value.GetProperty("httpMethod").GetString()!,
                    [.. method.Value.GetProperty("queryParameters").EnumerateArray().Select(q => q.GetString()!)],
                    method.Value.TryGetProperty("request", out var request) ? request.GetString() : null, method.Value.GetProperty("response").GetString()!)));
            }
        }
    }

    public static readonly ServiceModel Compute = new("gce-compute-v1");

    public static readonly ServiceModel Secrets = new("secretmanager-v1");

    public static readonly ServiceModel Projects = new("cloudresourcemanager-v1");

    public static readonly ServiceModel Accounts = new("iam-v1");

    public static readonly ServiceModel Dns = new("dns-v1");

    public static readonly ServiceModel Policies = new("orgpolicy-v2");

    /// <summary>The service that a path is of; all of them have one address here.</summary>
    public static ServiceModel Of(string path) => path.StartsWith("compute/v1/", StringComparison.Ordinal) ? Compute
        : path.StartsWith("dns/v1/", StringComparison.Ordinal) ? Dns
        : path.StartsWith("v2/", StringComparison.Ordinal) ? Policies
        : path.Contains("/serviceAccounts", StringComparison.Ordinal) ? Accounts
        : path.EndsWith(":testIamPermissions", StringComparison.Ordinal) && !path.Contains("/secrets/", StringComparison.Ordinal) ? Projects
        : Secrets;

    public (Method Method, Func<string, string> Variable)? Find(string verb, string path)
    {
        foreach (var (pattern, method) in _methods.Where(m => m.Method.Verb == verb))
        {
            if (pattern.Match(path) is { Success: true } match)
                return (method, name => match.Groups[name].Value);
        }
        return null;
    }

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public string? Problem(Method method, IReadOnlyDictionary<string, string> query, JsonNode? body)
    {
        if (query.Keys.FirstOrDefault(k => !Everywhere.Contains(k) && !method.Query.Contains(k)) is { } unknown)
            return $"Invalid JSON payload received. Unknown name \"{unknown}\": Cannot bind query parameter.";
        if (method.Request is null)
            return body is null || body is JsonObject { Count: 0 } ? null : $"{method.Id} takes no body";
        return body is null ? $"Required parameter: resource ({method.Request})" : Problem(method.Request, body, "resource");
    }

    /// <summary>What is wrong with a body or an answer.</summary>
    public string? Problem(string schema, JsonNode? node, string at)
    {
        if (node is not JsonObject map)
            return $"{at}: expected an object of type {schema}";
        var definition = _schemas.GetProperty(schema);
        foreach (var (name, value) in map)
        {
            var problem = definition.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var property) ? Value(property, value, $"{at}.{name}")
                : definition.TryGetProperty("additionalProperties", out var other) ? Value(other, value, $"{at}.{name}")
                : $"Invalid JSON payload received. Unknown name \"{name}\" at '{at}': Cannot find field.";
            if (problem is not null)
                return problem;
        }
        return null;
    }

    private string? Value(JsonElement definition, JsonNode? value, string at)
    {
        if (definition.TryGetProperty("$ref", out var reference))
            return Problem(reference.GetString()!, value, at);
        var kind = value?.GetValueKind();
        switch (definition.GetProperty("type").GetString())
        {
            case "array":
                return value is JsonArray items
                    ? items.Select((item, i) => Value(definition.GetProperty("items"), item, string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]"))).FirstOrDefault(p => p is not null)
                    : $"Invalid value at '{at}': expected a list";
            case "string" when kind != JsonValueKind.String:
                return $"Invalid value at '{at}' (TYPE_STRING), {value?.ToJsonString()}";
            case "string" when definition.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(a => a.GetString() == value!.GetValue<string>()):
                return $"Invalid value at '{at}': \"{value}\"";
            case "string" when definition.TryGetProperty("format", out var format) && format.GetString() is "int64" or "uint64" && !long.TryParse(value!.GetValue<string>(), out _):
                return $"Invalid value at '{at}' (TYPE_INT64), \"{value}\"";
            case "integer" or "number" when kind != JsonValueKind.Number:
                return $"Invalid value at '{at}' (TYPE_INT32), {value?.ToJsonString()}";
            case "boolean" when kind is not (JsonValueKind.True or JsonValueKind.False):
                return $"Invalid value at '{at}' (TYPE_BOOL), {value?.ToJsonString()}";
            default:
                return null;
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Variable();
}
