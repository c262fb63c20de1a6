using System.Collections.Immutable;

namespace Baker.Language.Shapes;

/// <summary>
/// What may stand at one place of a spec. The whole spec is one tree of shapes; reading, the JSON Schema and
/// "did you mean" all follow it, so a key is described in one place only.
/// </summary>
/// <param name="Summary">One line for editors and the manual.</param>
public abstract record Shape(string Summary);

/// <summary>One piece of text with a grammar of its own.</summary>
public sealed record TextShape(string Summary, TextFormat Format) : Shape(Summary);

/// <summary>A whole number in a range.</summary>
public sealed record NumberShape(string Summary, int Least, int Most, string Unit) : Shape(Summary);

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record FlagShape(string Summary) : Shape(Summary);

/// <summary>One of a few words.</summary>
public sealed record WordShape(string Summary, params ImmutableArray<string> Words) : Shape(Summary);

/// <summary>A list without repetitions.</summary>
public sealed record ListShape(string Summary, Shape Item, int Least, int Most) : Shape(Summary);

/// <summary>A map with known keys.</summary>
public sealed record MapShape(string Summary, params ImmutableArray<Key> Keys) : Shape(Summary);

/// <summary>A map in which exactly one of the known keys stands: a decision.</summary>
public sealed record ChoiceShape(string Summary, params ImmutableArray<Key> Keys) : Shape(Summary);

/// <summary>A map with keys of the user's own.</summary>
public sealed record TableShape(string Summary, TextFormat Key, TextFormat Value, int Most) : Shape(Summary);

/// <summary>Either a single value or a map: a short form and a long one.</summary>
public sealed record EitherShape(string Summary, Shape Brief, Shape Full) : Shape(Summary);

/// <summary>
/// A reference to a secret, never the secret itself.
/// </summary>
/// <param name="MayGenerate">Whether the word <c>generate</c> may stand instead.</param>
/// <param name="MayBePem">Whether public PEM text may stand instead (a certificate is no secret).</param>
public sealed record SecretShape(string Summary, bool MayGenerate = false, bool MayBePem = false) : Shape(Summary);

/// <param name="Default">For people: what holds when the key is absent; null when <paramref name="Required"/> or when nothing
/// does.</param>
public sealed record Key(string Name, Shape Shape, bool Required = false, string? Default = null);

/// <summary>The grammar of a piece of text.</summary>
/// <param name="Name">What it is called in a sentence: "a host name".</param>
/// <param name="Problem">Says what is wrong with a text, or null.</param>
/// <param name="Pattern">An approximation for editors, as an ECMA regular expression.</param>
public sealed record TextFormat(string Name, Func<string, string?> Problem, string? Pattern = null)
{
    /// <summary>True where a secret is easily written by mistake: then no report repeats what was written.</summary>
    public bool IsDelicate { get; init; }

    /// <summary>True for names of servers, in front of which somebody may write <c>user:password@</c>.</summary>
    public bool MayHaveLogin { get; init; }

    /// <summary>A format that is nothing but a regular expression, with the sentence for texts that do not match.</summary>
    public static TextFormat Matching(string name, System.Text.RegularExpressions.Regex regex, string otherwise, int most = 255) =>
        new(name, text => text.Length > most ? $"it has {text.Length} characters, at most {most} are allowed"
            : regex.IsMatch(text) ? null : otherwise, regex.ToString().Replace(@"\A", "^", StringComparison.Ordinal)
                .Replace(@"\z", "$", StringComparison.Ordinal));
}
