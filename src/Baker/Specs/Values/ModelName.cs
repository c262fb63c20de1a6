using System.Text.RegularExpressions;
using Baker.Specs.Shapes;

namespace Baker.Specs.Values;

/// <summary>An Ollama model: <c>[host/][namespace/]name[:tag]</c>, optionally pinned as <c>@sha256:…</c>.</summary>
/// <param name="Digest">Digest of the manifest, as <c>/api/tags</c> shows it; null when the tag may move.</param>
public sealed partial record ModelName(string Name, string? Digest)
{
    public static readonly TextFormat Format = TextFormat.Matching("a model name", Pattern(),
        "write `name:tag`, such as mistral:instruct, optionally followed by @sha256: and 64 hexadecimal digits", 300);

    /// <summary>The name as Ollama lists it: <c>latest</c> is the tag that is meant when none is written.</summary>
    public string Tagged => Name[(Name.LastIndexOf('/') + 1)..].Contains(':', StringComparison.Ordinal) ? Name : Name + ":latest";

    /// <exception cref="FormatException">The text does not have the <see cref="Format"/>.</exception>
    public static ModelName Parse(string text)
    {
        if (!Pattern().IsMatch(text))
            throw new FormatException(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? new ModelName(text, null) : new ModelName(text[..at], text[(at + 1)..]);
    }

    public override string ToString() => Digest is null ? Name : $"{Name}@{Digest}";

    [GeneratedRegex(@"\A([A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/)?([A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Pattern();
}
