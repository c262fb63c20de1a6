using Baker.Diagnostics;

namespace Baker.Specs.Yaml;

/// <summary>What can be said about a file before its keys mean anything.</summary>
public static class YamlMessages
{
    public static Message Syntax(string parserSays) =>
        Message.Error("BKR001", $"this is not valid YAML: {parserSays}", "check indentation, quotes and colons here and on the line before");

    public static Message Empty() =>
        Message.Error("BKR002", "the file is empty", "`baker init --cloud aws` writes a commented spec to start from");

    public static Message NotText() =>
        Message.Error("BKR003", "the file is not UTF-8 text", "save it as UTF-8 without NUL bytes");

    public static Message TooLarge(long bytes, int most) =>
        Message.Error("BKR004", $"the file has {bytes} bytes, a spec has at most {most}", "is this the right file?");

    public static Message TooDeep(int most) =>
        Message.Error("BKR005", $"nested more than {most} levels deep", "no key of a spec lies that deep");

    public static Message DuplicateKey(string key, int firstLine) =>
        Message.Error("BKR006", $"key \"{key}\" stands twice in this map, first on line {firstLine}", "keep one of them");

    public static Message Alias() =>
        Message.Error("BKR007", "anchors and aliases (& and *) are not supported", "write the value out");

    public static Message Tag(string tag) =>
        Message.Error("BKR008", $"the tag \"{tag}\" is not supported", "remove it; types follow from the keys");

    public static Message SecondDocument() =>
        Message.Error("BKR009", "a second YAML document begins here", "a spec is one document; remove this part");

    public static Message KeyNotText() =>
        Message.Error("BKR010", "a key must be one word", "write `key: value`");

    public static Message ControlCharacter(string character) =>
        Message.Error("BKR011", $"the value contains the character {character}", "remove it; no value of a spec needs it");
}
