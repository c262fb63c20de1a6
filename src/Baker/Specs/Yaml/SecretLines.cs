using Baker.Diagnostics;

namespace Baker.Specs.Yaml;

/// <summary>Hides a value that turned out to be a secret from every excerpt of the report.</summary>
internal static class SecretLines
{
    public static void Hide(SourceText source, YamlScalar value)
    {
        if (value.LastLine > value.Spot.Line)
            source.HideLines(value.Spot.Line + 1, value.LastLine);
        source.Hide(value.Spot with { Length = value.LastLine > value.Spot.Line ? int.MaxValue : value.Spot.Length });
    }
}
