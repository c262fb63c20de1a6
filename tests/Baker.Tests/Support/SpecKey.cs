using System.Globalization;
using Baker.Language.Shapes;
using Baker.Stack;

namespace Baker.Tests.Support;

/// <summary>A key of the spec with its place in the tree.</summary>
/// <param name="Parent">The shape it stands in.</param>
public sealed record SpecKey(string Path, Key Key, Shape Parent)
{
    /// <summary>Every key there is; the forms of a secret are not repeated under each key that holds one.</summary>
    public static IEnumerable<SpecKey> All { get; } = [.. Below(SpecShape.Root, "")];

    public string Section => Path.Split('.')[0];

    /// <summary>A default that could be written into a spec as it is, as opposed to one that is described.</summary>
    public bool HasLiteralDefault => Key.Default is { } text && Fits(Key.Shape, text);

    private static bool Fits(Shape shape, string text) => shape switch
    {
        EitherShape either => Fits(either.Brief, text) || Fits(either.Full, text),
        ListShape => text.StartsWith('['),
        WordShape word => word.Words.Contains(text),
        FlagShape => text is "true" or "false",
        NumberShape => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        SecretShape secret => secret.MayGenerate && text == "generate",
        TextShape one => !text.Contains(' ', StringComparison.Ordinal) && one.Format.Problem(text) is null,
        _ => false,
    };

    private static IEnumerable<SpecKey> Below(Shape shape, string path)
    {
        var keys = shape switch
        {
            MapShape map => map.Keys,
            ChoiceShape choice => choice.Keys,
            _ => [],
        };
        return shape is ListShape { Item: MapShape item } ? Below(item, path)
            : shape is EitherShape { Full: var full } ? Below(full, path)
            : keys.SelectMany(key => Below(key.Shape, $"{path}{key.Name}.").Prepend(new SpecKey($"{path}{key.Name}", key, shape)));
    }
}
