using System.Collections.Immutable;
using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Stack.Roles.Ollama;

/// <param name="Sha256">Of the archive; null: known for the default version, else from the release's own list.</param>
/// <param name="Models">Null: the default model.</param>
/// <param name="ContextLength">Tokens.</param>
/// <param name="Parallel">Requests at a time; null: as many as fit.</param>
/// <param name="Queue">Null: Ollama's own number.</param>
/// <param name="FlashAttention">Null: Ollama decides.</param>
/// <param name="CacheType">Null: Ollama's own.</param>
/// <param name="Host">Where the stack reaches the model; null: own address and 11434.</param>
/// <param name="Filter">Whether nginx holds that port and lets through what asks the model alone; else Ollama itself holds it.</param>
public sealed record OllamaSpec(
    string? Version, string? Sha256, ImmutableArray<ModelName>? Models, int? ContextLength, string? KeepAlive,
    int? Parallel, int? Queue, bool? FlashAttention, string? CacheType, GpuSpec Gpu, string? Host, bool Filter,
    MachineSpec Machine) : RoleSpec(Machine)
{
    public static OllamaSpec From(SpecMap map) => new(
        map.Text("version"), map.Text("sha256"), map.Texts("models") is { } models ? [.. models.Select(ModelName.Parse)] : null,
        map.Number("context_length"), map.Text("keep_alive") is { } time ? KeepAliveTime.Normal(time) : null, map.Number("parallel"),
        map.Number("queue"),
        map.Text("flash_attention") switch { "on" => true, "off" => false, _ => null }, map.Text("cache_type"), GpuSpec.From(map),
            map.Text("host"), map.Flag("filter") ?? true, MachineSpec.From(map));
}

/// <summary>The keys under <c>ollama</c>.</summary>
public static class OllamaShape
{
    private static readonly TextFormat GpuType = new("an accelerator type", text =>
        text.Length is > 0 and < 64 && !text.Any(char.IsWhiteSpace) ? null : "write a name such as nvidia-tesla-t4");

    private static readonly TextFormat Host = new("a listening address",
        text => text.EndsWith(":11434", StringComparison.Ordinal) && Ipv4.TryAddress(text[..^6], out _) ? null
            : "write an IPv4 address and :11434, without http://; the firewall opens that port only");

    public static readonly MapShape Shape = new("the Ollama VM",
        [
            new Key("version", new TextShape("Ollama version", TextFormats.Version), Default: OllamaReleases.Default),
            new Key("sha256", new TextShape("SHA-256 of ollama-linux-amd64.tar.zst", TextFormats.Sha256),
                Default: "known for the default version, else the release's own list"),
            new Key("models", new ListShape("models to fetch, each optionally with its digest", new TextShape("a model", ModelName.Format),
                1, 20), Default: "[mistral:instruct]"),
            new Key("context_length", new NumberShape("OLLAMA_CONTEXT_LENGTH, prompt and answer together", 2048, 1_048_576, "tokens"),
                Default: $"{OllamaRole.DefaultContextLength}"),
            new Key("keep_alive", new TextShape("OLLAMA_KEEP_ALIVE, how long models stay loaded; -1 is for ever", KeepAliveTime.Format),
                Default: KeepAliveTime.ForEver),
            new Key("parallel", new NumberShape("OLLAMA_NUM_PARALLEL, requests that are answered at the same time, each with the "
                + "whole context", 1, 64, ""), Default: "as many as fit the GPU, up to 4"),
            new Key("queue", new NumberShape("OLLAMA_MAX_QUEUE, requests that may wait while the model is loaded", 1, 100_000, ""),
                Default: $"{OllamaRole.DefaultQueue}"),
            new Key("flash_attention", new WordShape("OLLAMA_FLASH_ATTENTION; auto: where the GPU has it", "auto", "on", "off"),
                Default: "auto"),
            new Key("cache_type", new WordShape("OLLAMA_KV_CACHE_TYPE, how exact the cache of a request is", OllamaRole.DefaultCacheType,
                "q8_0", "q4_0"), Default: OllamaRole.DefaultCacheType),
            new Key("gpu", new EitherShape("whether a GPU is used; auto follows the machine type",
                new WordShape("whether a GPU is used", "auto", "none", "required"),
                new MapShape("a GPU to attach (gcp)",
                    new Key("type", new TextShape("accelerator type", GpuType), Required: true),
                    new Key("count", new NumberShape("how many", 1, 8, ""), Default: "1"))), Default: "auto"),
            new Key("host", new TextShape("where the stack reaches the model", Host), Default: "own address and port 11434"),
            new Key("filter", new FlagShape("whether nginx stands there and lets through what asks the model; without it Ollama itself "
                + "does"), Default: "true"),
            .. MachineShape.Keys(OllamaRole.Itself),
        ]);
}

/// <summary>The Ollama release that was checked. Source: the release's own sums, as of 2026-11-23.</summary>
public static class OllamaReleases
{
    public const string Default = "0.32.7";

    public const string DefaultSha256 = "ed1e39fe8fea90bd7f4c723bd949a2cea3153e111220ec0a183ea5b8dc8b2cae";

    /// <summary>The pinned sum of a version, or null when only the release's own list can tell.</summary>
    public static string? Sha256(OllamaSpec spec) =>
        spec.Sha256 ?? ((spec.Version ?? Default) == Default ? DefaultSha256 : null);
}
