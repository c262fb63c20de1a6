namespace Baker.Diagnostics;

/// <summary>Where in the spec something stands, written as a user would: <c>gitlab.url</c>, <c>ollama.models[1]</c>.</summary>
public readonly record struct SpecPath(string Text)
{
    public static readonly SpecPath Root = new("");

    public static implicit operator SpecPath(string text) => new(text);

    public SpecPath Key(string key) => new(Text.Length == 0 ? key : $"{Text}.{key}");

    public SpecPath Item(int index) => new($"{Text}[{index}]");

    /// <summary>The enclosing path; the root is its own parent.</summary>
    public SpecPath Parent => new(Text[..Math.Max(0, Text.LastIndexOfAny(['.', '[']))]);

    /// <summary>True for the path itself and for everything above it.</summary>
    public bool IsWithin(SpecPath outer) =>
        outer.Text.Length == 0 || Text == outer.Text
        || (Text.StartsWith(outer.Text, StringComparison.Ordinal) && Text[outer.Text.Length] is '.' or '[');

    public override string ToString() => Text;
}
