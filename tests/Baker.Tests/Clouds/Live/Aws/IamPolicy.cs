using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>One thing that a request needs to be allowed.</summary>
/// <param name="Kind">As IAM's reference names it; null: the action knows none.</param>
/// <param name="Context">Keys that the request has, in the reference's sense.</param>
internal sealed record IamQuestion(string Action, string? Kind, string Arn, ImmutableDictionary<string, ImmutableArray<string>> Context);

/// <summary>
/// An identity's policy as IAM evaluates one (IAM User Guide, "Policy evaluation logic" and "Condition operators"): a denial wins, then any statement
/// that allows; else no. What it does not know it refuses to judge.
/// </summary>
internal sealed class IamPolicy
{
    private readonly ImmutableArray<IamStatement> _statements;

    public IamPolicy(string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        if ((string)root["Version"]! != "2012-10-17" || root.Count != 2)
            throw new NotSupportedException("a policy has this version and statements");
        _statements = [.. root["Statement"]!.AsArray().Select(s => new IamStatement(s!.AsObject()))];
    }

    public ImmutableArray<IamStatement> Statements => _statements;

    public bool Allows(IamQuestion question)
    {
        var matching = _statements.Where(s => s.Matches(question)).ToArray();
        return matching.Length > 0 && !matching.Any(s => s.Denies);
    }
}

internal sealed class IamStatement
{
    private static readonly string[] Operators = ["StringEquals", "StringEqualsIfExists", "StringLike", "ForAnyValue:StringEquals", "ForAllValues:StringEquals", "Bool"];

    public IamStatement(JsonObject statement)
    {
        if (statement.FirstOrDefault(m => m.Key is not ("Sid" or "Effect" or "Action" or "Resource" or "Condition")).Key is { } unknown)
            throw new NotSupportedException($"no {unknown} in a statement");
        Denies = (string)statement["Effect"]! switch { "Allow" => false, "Deny" => true, var other => throw new NotSupportedException(other) };
        (Sid, Actions, Resources) = ((string?)statement[nameof(Sid)] ?? "", Strings(statement["Action"]!), Strings(statement["Resource"]!));
        Conditions = [.. (statement["Condition"]?.AsObject() ?? []).SelectMany(o => o.Value!.AsObject().Select(k => (o.Key, k.Key, Strings(k.Value!))))];
        if (Conditions.FirstOrDefault(c => !Operators.Contains(c.Operator)).Operator is { } strange)
            throw new NotSupportedException($"no operator {strange}");
        if (Conditions.FirstOrDefault(c => !IamReference.Actions.Any(a => IamReference.Knows(a, null, c.Key) || IamReference.Kinds(a).Any(k => IamReference.Knows(a, k.Kind, c.Key)))).Key is { } key)
            throw new NotSupportedException($"no condition key {key}");
    }

    public string Sid { get; }

    public bool Denies { get; }

    public ImmutableArray<string> Actions { get; }

    public ImmutableArray<string> Resources { get; }

    public ImmutableArray<(string Operator, string Key, ImmutableArray<string> Values)> Conditions { get; }

    public bool Matches(IamQuestion question) => Actions.Any(a => Like(a, question.Action, RegexOptions.IgnoreCase)) && Resources.Any(r => Like(r, question.Arn)) && Conditions.All(c => Holds(c, question.Context));

    private static bool Holds((string Operator, string Key, ImmutableArray<string> Values) condition, ImmutableDictionary<string, ImmutableArray<string>> context)
    {
        if (!context.TryGetValue(condition.Key, out var there))
            return condition.Operator is "StringEqualsIfExists" or "ForAllValues:StringEquals";
        if (condition.Operator == "ForAllValues:StringEquals")
            return there.All(condition.Values.Contains);
        return condition.Operator == "StringLike" ? there.Any(t => condition.Values.Any(v => Like(v, t))) : there.Any(condition.Values.Contains);
    }

    private static bool Like(string pattern, string text, RegexOptions options = RegexOptions.None) =>
        Regex.IsMatch(text, $@"\A{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}\z", options);

    private static ImmutableArray<string> Strings(JsonNode node) => node is JsonArray many ? [.. many.Select(m => (string)m!)] : [(string)node!];
}
