using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>
/// An Ollama model: <c>[[host/]namespace/]model[:tag]</c>, optionally pinned as <c>@sha256:…</c>. Grammar: Ollama's types/model/name.go,
/// 0.32.7;
/// two names are one model when they are once Ollama's defaults are filled in, in whatever letters.
/// </summary>
/// <param name="Name">With its tag, and without what Ollama takes by default: what is asked of a registry, in the letters that somebody
/// wrote.</param>
/// <param name="Digest">Digest of the manifest, as <c>/api/tags</c> shows it; null when the tag may move.</param>
public sealed partial record ModelName(string Name, string? Digest)
{
    /// <summary>Where Ollama takes a model from whose name has no host.</summary>
    public const string DefaultHost = "registry.ollama.ai";

    private const string DefaultNamespace = "library", DefaultTag = "latest";

    private static readonly TextFormat Grammar = TextFormat.Matching("a model name", Pattern(),
        "write `name:tag`, such as mistral:instruct, optionally followed by @sha256: and 64 hexadecimal digits; Ollama takes 80 "
            + "characters at most for each part", 700);

    public static readonly TextFormat Format = Grammar with { Problem = Problem };

    /// <summary>As Ollama lists it on a VM: in small letters, because Ollama confuses parts that differ by nothing else.</summary>
    public string Listed => Name.ToLowerInvariant();

    public string Tag => Name[(Name.LastIndexOf(':') + 1)..];

    /// <summary>Null: Ollama's own registry, or what is set in its place.</summary>
    public string? Host => Name.Split('/') is [var host, _, _] ? host : null;

    /// <summary>True for models that Ollama would have answered by its own servers: internal/modelref/modelref.go, 0.32.7.</summary>
    public bool IsCloud => Tag.Equals("cloud", StringComparison.OrdinalIgnoreCase)
        || Tag.EndsWith("-cloud", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">The text does not have the <see cref="Format"/>.</exception>
    public static ModelName Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            throw new FormatException(text);
        var (host, space) = (Part("host") ?? DefaultHost, Part("namespace") ?? DefaultNamespace);
        var name = $"{match.Groups["model"].Value}:{Part("tag") ?? DefaultTag}";
        if (!host.Equals(DefaultHost, StringComparison.OrdinalIgnoreCase))
            name = $"{host}/{space}/{name}";
        else if (!space.Equals(DefaultNamespace, StringComparison.OrdinalIgnoreCase))
            name = $"{space}/{name}";
        return new ModelName(name, Part("digest"));
        string? Part(string group) => match.Groups[group] is { Success: true } part ? part.Value : null;
    }

    /// <summary>True when both are one model to Ollama.</summary>
    public bool IsSame(ModelName other) => Listed == other.Listed;

    public override string ToString() => Digest is null ? Name : $"{Name}@{Digest}";

    private static string? Problem(string text)
    {
        if (Grammar.Problem(text) is { } problem)
        {
            return text.Split('/') is [var first, var rest] && first.AsSpan().ContainsAny(".:") && Pattern()
                .IsMatch($"{first}/{DefaultNamespace}/{rest}")
                ? $"to Ollama \"{first}\" is a namespace here, which has no dot and no port; write host/namespace/name, such as "
                    + $"{first}/{DefaultNamespace}/{rest}" : problem;
        }
        var model = Parse(text);
        return model.Host is { } host && !ImageRef.IsRegistry(host) ? "write a registry's host name, optionally with a port up to 65535"
            : model.Tag.Equals("local", StringComparison.OrdinalIgnoreCase)
                ? "Ollama does not read `local` as a tag; write another, or none" : null;
    }

    [GeneratedRegex(@"\A(((?<host>[A-Za-z0-9_][A-Za-z0-9_.-]*(:[0-9]{1,5})?)/)?(?<namespace>[A-Za-z0-9_][A-Za-z0-9_-]{0,79})/)?(?<model>[A-Za-z0-9_][A-Za-z0-9_.-]{0,79})(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z")]
    private static partial Regex Pattern();
}
