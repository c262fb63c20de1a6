using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>AWS's own reference of what each action can be limited to: kinds of resources, and keys of conditions. Source and date are in the file.</summary>
internal static partial class IamReference
{
    private static readonly JsonNode Root = JsonNode.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "aws-iam-reference.json"))!;

    public static IEnumerable<string> Actions => Root["actions"]!.AsObject().Select(a => a.Key);

    /// <summary>The kinds of resources that an action knows; empty: it can be allowed for everything alone.</summary>
    public static ImmutableArray<(string Kind, bool IsRequired)> Kinds(string action) => [.. Resources(action).Select(r => (r.Key, (bool)r.Value!["required"]!))];

    /// <summary>Whether a request for a resource of the kind (null: everything) has the key.</summary>
    public static bool Knows(string action, string? kind, string key)
    {
        var keys = Strings(Action(action)["keys"]!);
        if (kind is not null)
        {
            var own = Strings(Resources(action)[kind]!["keys"]!);
            // Where the action's row says nothing, what is said of the kind holds.
            keys = [.. keys, .. own.Length > 0 ? own : Strings(Root["types"]![Type(action, kind)]!["keys"]!)];
        }
        return keys.Any(k => k == key || (k.Contains("${", StringComparison.Ordinal) && key.StartsWith(k[..k.IndexOf("${", StringComparison.Ordinal)], StringComparison.Ordinal)));
    }

    /// <summary>Whether a pattern is that of a whole kind or narrower, and of no other.</summary>
    public static bool IsOf(string action, string kind, string pattern)
    {
        var form = Variable().Replace((string)Root["types"]![Type(action, kind)]!["arn"]!, "\n");
        return Regex.IsMatch(pattern, $@"\A{Regex.Escape(form).Replace("\\n", "[^:]+", StringComparison.Ordinal)}\z");
    }

    private static JsonNode Action(string action) => Root["actions"]![action] ?? throw new InvalidOperationException($"the reference has no {action}");

    private static JsonObject Resources(string action) => Action(action)["resources"]!.AsObject();

    private static string Type(string action, string kind) => $"{action.Split(':')[0]}:{kind}";

    private static string[] Strings(JsonNode list) => [.. list.AsArray().Select(k => (string)k!)];

    [GeneratedRegex(@"\$\{[A-Za-z]+\}")]
    private static partial Regex Variable();
}
