using System.Globalization;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Language.Yaml;

namespace Baker.Language.Shapes;

/// <summary>Why a single value does not fit its shape.</summary>
/// <param name="Lookalike">The character that it may be for, and where to point; null: point at the value.</param>
internal sealed record ScalarProblem(Message Message, Lookalike? Lookalike = null)
{
    /// <returns>Null when it fits.</returns>
    public static ScalarProblem? Of(YamlScalar node, Shape shape, string key)
    {
        if (Mismatch(node, shape, key) is not { } mismatch)
            return null;
        if (Placeholder.Find(node.Text) is { } placeholder)
            return new(ShapeMessages.Placeholder(shape is TextShape { Format.IsDelicate: true } ? null : placeholder));
        if (node.Text.Contains('\n', StringComparison.Ordinal) && Mismatch(node with { Text = node.Text.Trim('\n') }, shape, key) is null)
            return new(ShapeMessages.LineBreak());
        return Lookalike.Find(node.Text) is { } found ? new(YamlMessages.Lookalike(found), found) : new(mismatch);
    }

    private static Message? Mismatch(YamlScalar node, Shape shape, string key) => shape switch
    {
        NumberShape number => node.IsPlain && IsWhole(node.Text, number) ? null
            : ShapeMessages.NotANumber(key, Printable.Short(node.Text), number.Least, number.Most, number.Unit, IsWhole(node.Text, number),
                int.TryParse(node.Text, CultureInfo.InvariantCulture, out _)),
        FlagShape => node.IsPlain && node.Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE" ? null
            : ShapeMessages.NotAFlag(key, Printable.Short(node.Text)),
        WordShape word => word.Words.Contains(node.Text) ? null
            : ShapeMessages.NotAWord(key, Printable.Short(node.Text), Nearest.Of(node.Text, word.Words), word.Words),
        TextShape text => text.Format.Problem(node.Text) is not { } why ? null
            : ShapeMessages.BadText(text.Format.IsDelicate ? null : Printable.Short(node.Text), text.Format.Name, why),
        _ => throw new InvalidOperationException($"no check for {shape.GetType().Name}"),
    };

    private static bool IsWhole(string text, NumberShape shape) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= shape.Least && number <= shape.Most;
}
