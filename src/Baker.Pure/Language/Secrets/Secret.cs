using Baker.Language.Shapes;

namespace Baker.Language.Secrets;

/// <summary>A reference to a secret. The value itself never exists in this program's artifacts.</summary>
/// <param name="Location">Parameter path, secret name or file path; empty for <see cref="SecretKind.Generate"/>.</param>
public sealed record Secret(SecretKind Kind, string Location)
{
    public static readonly Secret Generate = new(SecretKind.Generate, "");

    /// <summary>Null when the key is absent, wrong, or holds text that is no reference.</summary>
    public static Secret? From(SpecMap map, string key) => map.Children.GetValueOrDefault(key) switch
    {
        SpecText { Text: "generate" } => Generate,
        SpecSecret reference => reference.Secret,
        _ => null,
    };
}
