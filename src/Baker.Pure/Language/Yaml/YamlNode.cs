using Baker.Diagnostics;

namespace Baker.Language.Yaml;

/// <summary>A node of the spec file as it was written, before anything is known about its meaning.</summary>
/// <param name="Spot">Where the value stands; for maps and lists, where they begin.</param>
/// <param name="LastLine">Last line of the value (blocks span several).</param>
public abstract record YamlNode(Spot Spot, int LastLine);

/// <param name="IsPlain">True without quotes and outside blocks: only then can it be <c>null</c> or a number.</param>
public sealed record YamlScalar(string Text, bool IsPlain, Spot Spot, int LastLine) : YamlNode(Spot, LastLine)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

public sealed record YamlList(IReadOnlyList<YamlNode?> Items, Spot Spot, int LastLine) : YamlNode(Spot, LastLine);

public sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, Spot Spot, int LastLine) : YamlNode(Spot, LastLine);

/// <param name="Value">Null where the value was refused; the refusal has been reported.</param>
public sealed record YamlEntry(string Key, Spot KeySpot, YamlNode? Value);
