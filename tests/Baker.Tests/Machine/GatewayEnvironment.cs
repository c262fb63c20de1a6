using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <param name="Default">As the oracle writes it; <c>unset</c> and <c>empty</c> are words.</param>
/// <param name="InImage">What the vendor's image sets, or null.</param>
/// <param name="IsWanted">False for what a self-hosted gateway has no use for.</param>
internal sealed record GatewayVariable(string Name, string Type, string Default, string? InImage, bool IsSecret, bool IsWanted);

/// <summary>The variables and ports of the gateway's container, from Fixtures/oracles/gateway-environment.json.</summary>
internal static class GatewayEnvironment
{
    private static readonly JsonNode Oracle = JsonNode.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "gateway-environment.json"))!;

    public static readonly ImmutableDictionary<string, GatewayVariable> Variables = Oracle["variables"]!.AsArray().Select(v => new GatewayVariable(
        (string)v!["name"]!, (string)v["type"]!, (string)v["default"]!, (string?)v["default_in_the_self_hosted_image"],
        (bool?)v["secret"] ?? false, (bool?)v["wanted"] ?? true)).ToImmutableDictionary(v => v.Name);

    public static readonly ImmutableArray<string> Ports = [.. Oracle["ports"]!.AsObject().Select(p => p.Key)];

    /// <summary>A name that nothing reads does nothing, and says nothing.</summary>
    public static void Accepts(string name, string value)
    {
        Assert.True(Variables.ContainsKey(name), $"the gateway reads no {name}");
        var type = Variables[name].Type;
        Assert.True(type switch
        {
            "boolean" => value is "true" or "false",
            "url" => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
            "path" => value.StartsWith('/'),
            "integer" => int.TryParse(value, CultureInfo.InvariantCulture, out _),
            "number > 0" => double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0,
            "PEM, RSA private" => value.StartsWith("-----BEGIN ", StringComparison.Ordinal),
            "any text" or "list" or "text" => true,
            _ => throw new ArgumentException($"{name}: no test knows the type {type}", nameof(name)),
        }, $"{name} is a {type}, not {value}");
    }
}
