using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>The part of the API's filter grammar that is in use: comparisons, joined by <c>OR</c> or, in brackets side by side, by "and".</summary>
internal static partial class FakeFilter
{
    /// <returns>Null when the filter is not of the grammar.</returns>
    public static Func<JsonObject, bool>? Of(string? filter)
    {
        if (string.IsNullOrEmpty(filter))
            return _ => true;
        var parts = filter.Split(" OR ").Select(All).ToArray();
        return parts.Any(p => p is null) ? null : body => parts.Any(p => p!(body));
    }

    private static Func<JsonObject, bool>? All(string text)
    {
        var terms = text.StartsWith('(') ? text[1..].TrimEnd(')').Split(") (") : [text];
        var matches = terms.Select(t => Term().Match(t)).ToArray();
        return matches.All(m => m.Success) ? body => matches.All(m => Holds(m, body)) : null;
    }

    private static bool Holds(Match term, JsonObject body)
    {
        JsonNode? value = body;
        foreach (var key in term.Groups["key"].Value.Split('.', 2))
            value = (value as JsonObject)?[key];
        // "labels.owner:*" asks whether there is such a label.
        if (term.Groups["any"].Success)
            return value is not null;
        return (value?.ToString() == term.Groups["value"].Value) == (term.Groups["not"].Length == 0);
    }

    [GeneratedRegex("""\A(?<key>[a-zA-Z][\w.-]*)((?<any>:\*)|\s*(?<not>!)?=\s*"?(?<value>[^"()\s]*)"?)\z""")]
    private static partial Regex Term();
}
