using Baker.Diagnostics;

namespace Baker.Language.Yaml;

/// <summary>Hides a value that turned out to be a secret from every excerpt of the report.</summary>
internal static class SecretLines
{
    public static void Hide(SourceText source, YamlNode value)
    {
        source.HideLines(value.Spot.Line + 1, value.LastLine);
        var isWhole = value is YamlScalar && value.LastLine <= value.Spot.Line;
        source.Hide(isWhole ? value.Spot : value.Spot with { Length = int.MaxValue });
    }
}
