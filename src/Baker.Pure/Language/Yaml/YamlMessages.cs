using Baker.Diagnostics;
using Baker.Language.Values;

namespace Baker.Language.Yaml;

/// <summary>What can be said about a file before its keys mean anything.</summary>
public static class YamlMessages
{
    public static Message Syntax(string parserSays) =>
        Message.Error("BKR001", $"this is not valid YAML: {parserSays}", parserSays.Contains("invalid mapping", StringComparison.Ordinal)
            ? "put text that contains a colon and a blank in quotes, or correct the indentation"
                : "check indentation, quotes and colons here and on the line before");

    public static Message Empty() =>
        Message.Error("BKR002", "the file is empty, or has nothing but comments",
            "`baker init --cloud aws` writes a commented spec to start from");

    public static Message NotText() =>
        Message.Error("BKR003", "the file is not UTF-8 text", "save it as UTF-8 without NUL bytes");

    public static Message TooLarge(int most) =>
        Message.Error("BKR004", $"the file has more than {most} bytes", "a spec is a page or two; is this the right file?");

    public static Message TooDeep(int most) =>
        Message.Error("BKR005", $"nested more than {most} levels deep", "no key of a spec lies that deep");

    public static Message DuplicateKey(string key, int firstLine) =>
        Message.Error("BKR006", $"key \"{key}\" stands twice in this map, first on line {firstLine}", "keep one of them");

    public static Message Alias() =>
        Message.Error("BKR007", "anchors and aliases (& and *) are not supported", "write the value out");

    /// <param name="tag">Null where it may be a secret that begins with an exclamation mark.</param>
    public static Message Tag(string? tag) =>
        Message.Error("BKR008", tag is null ? "tags (!) are not supported" : $"the tag \"{tag}\" is not supported",
            "remove it; types follow from the keys");

    public static Message SecondDocument() =>
        Message.Error("BKR009", "a second YAML document begins here", "a spec is one document; remove this part");

    public static Message KeyNotText() =>
        Message.Error("BKR010", "a key must be one word", "write `key: value`");

    public static Message MergeKey() =>
        Message.Error("BKR012", "merge keys (<<) are not supported", "write the keys out");

    public static Message Tab() =>
        Message.Error("BKR013", "YAML cannot be indented with tabs", "indent with blanks");

    public static Message Lookalike(Lookalike found) =>
        Message.Error("BKR014", $"{found} stands here, which only looks like {Shown(found.Meant)}",
            $"type {Shown(found.Meant)} in its place; a word processor or a chat may have changed it");

    private static string Shown(char character) => character == ' ' ? "a blank" : $"`{character}`";

    /// <summary>What controls something or is seen by nobody.</summary>
    public static Message ControlCharacter(string character, string where = "the value") =>
        Message.Error("BKR011", $"{where} contains the character {character}", "remove it; no spec needs it");
}
