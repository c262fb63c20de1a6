using Baker.Diagnostics;

namespace Baker.Language.Shapes;

/// <summary>What can be said about keys and plain values, before any rule of the field applies.</summary>
public static class ShapeMessages
{
    public static Message NotAMap(string key, IEnumerable<string> keys) =>
        Message.Error("BKR101", $"{Subject(key)} must be a map", $"keys: {string.Join(", ", keys)}");

    public static Message NotATable(string key) =>
        Message.Error("BKR114", $"{Subject(key)} must be a map of names and values",
            "write `{ name: value }`, or one `name: value` a line");

    public static Message NotAList(string key) =>
        Message.Error("BKR102", $"{Subject(key)} must be a list", "write `[a, b]`, or one `- item` a line");

    public static Message NotASingleValue(string key) =>
        Message.Error("BKR103", $"{Subject(key)} must be a single value", "neither a map nor a list can stand here");

    public static Message UnknownKey(string key, string? nearest, IEnumerable<string> keys) =>
        Message.Error("BKR104", $"unknown key \"{key}\"",
            nearest is null ? $"known keys: {string.Join(", ", keys)}" : $"did you mean \"{nearest}\"?");

    public static Message KeyOfAnother(string key, string owner) =>
        Message.Error("BKR115", $"\"{key}\" does not stand here, but under \"{owner}\"", $"write `{owner}: {{ {key}: … }}`");

    public static Message MissingKey(string key, string summary) =>
        Message.Error("BKR105", $"\"{key}\" is required", $"add `{key}:` ({summary})");

    public static Message NoValue(string key) =>
        Message.Error("BKR106", $"{Subject(key)} has no value", "write one; a key that is not required can also be removed");

    /// <param name="isQuoted">True when the number would be right without its quotes.</param>
    /// <param name="isNumber">True when only the range is missed.</param>
    public static Message NotANumber(string key, string seen, int least, int most, string unit, bool isQuoted, bool isNumber) =>
        Message.Error("BKR107",
            $"{Subject(key)} must be {(least == most ? $"{least}" : $"a whole number from {least} to {most}")}{(
                unit.Length > 0 ? $" ({unit})" : "")}, not {(isQuoted ? "the text " : "")}\"{seen}\"",
            isQuoted ? "remove the quotes" : isNumber ? $"write {(least == most ? $"{least}" : "one in that range")}"
                : "write digits only, without unit");

    public static Message NotAFlag(string key, string seen) =>
        Message.Error("BKR108", $"{Subject(key)} must be true or false, not \"{seen}\"", "write true or false, without quotes");

    public static Message NotAWord(string key, string seen, string? nearest, IEnumerable<string> words) =>
        Message.Error("BKR109", $"{Subject(key)} cannot be \"{seen}\"",
            nearest is null ? $"one of: {string.Join(", ", words)}" : $"did you mean \"{nearest}\"?");

    /// <param name="seen">Null where it must not be repeated.</param>
    public static Message BadText(string? seen, string format, string why) =>
        Message.Error("BKR110", $"{(seen is null ? "this" : $"\"{seen}\"")} is not {format}", why);

    public static Message NotExactlyOne(string key, IEnumerable<string> keys, IReadOnlyCollection<string> seen) =>
        Message.Error("BKR111",
            seen.Count == 0 ? $"{Subject(key)} needs a decision"
                : $"{Subject(key)} takes one decision, here are {seen.Count}: {string.Join(", ", seen)}",
            $"exactly one of: {string.Join(", ", keys)}");

    public static Message ListLength(string key, int seen, int least, int most) =>
        Message.Error("BKR112", $"{Subject(key)} has {seen} {(seen == 1 ? "item" : "items")}, allowed are {least} to {most}",
            seen < least ? "add one, or remove the key to get the default" : "shorten the list");

    public static Message Repeated(string seen) =>
        Message.Error("BKR113", $"\"{seen}\" stands twice in the list", "keep one of them");

    /// <param name="seen">As it stands there; null where it must not be repeated.</param>
    public static Message Placeholder(string? seen) =>
        Message.Error("BKR116", $"nothing replaces {seen ?? "a variable"}: Baker takes a value as it is written",
            seen is null or ['$', ..] ? "write the value out, or replace it before: `envsubst <baker.yaml | baker render -`"
                : "write the value out, or give Baker what the template makes");

    public static Message LineBreak() =>
        Message.Error("BKR118", "the value has a line break: it stands in a block, after `|` or `>`", "write it in the line of its key");

    /// <summary>The same where the value could be meant so.</summary>
    public static Message PlaceholderStays(string seen) =>
        Message.Warning("BKR117", $"{seen} stays as it is written: Baker replaces nothing", "write the value out, unless it is meant so");

    private static string Subject(string key) => key.Length == 0 ? "the spec" : $"\"{key}\"";
}
