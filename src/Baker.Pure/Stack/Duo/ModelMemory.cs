namespace Baker.Stack.Duo;

/// <summary>
/// What a model takes in Ollama's memory: its weights, a cache for each request that is answered at the same time, and the rest.
/// Approximate.
/// </summary>
/// <param name="WeightsGb">Gigabytes; null when not even the name tells.</param>
/// <param name="CacheGb">Of one request with the whole context, gigabytes; null when the model's layers are not known.</param>
/// <param name="Parallel">Requests at a time.</param>
/// <param name="IsReckoned">True when the spec leaves their number to Baker.</param>
public sealed record ModelMemory(decimal? WeightsGb, decimal? CacheGb, int Parallel, bool IsReckoned)
{
    /// <summary>Gigabytes that Ollama and CUDA keep for themselves beside weights and cache.</summary>
    public const decimal RuntimeGb = 1;

    /// <summary>Beyond that each answer only comes more slowly. It was Ollama's own number for as long as it chose one.</summary>
    public const int MostReckoned = 4;

    /// <summary>The share of a GPU's memory that Ollama itself plans with (0.32.7, server/sched.go, bestSingleGPUFit).</summary>
    private const decimal PlannedShare = 0.8m;

    public decimal? TotalGb => WeightsGb + (CacheGb * Parallel ?? 0) + RuntimeGb;

    /// <param name="cacheType">OLLAMA_KV_CACHE_TYPE; null: 16 bit.</param>
    /// <param name="parallel">What the spec says; null: as many as fit. One, as Ollama has it, where that cannot be reckoned, and on CPUs,
    /// which more requests only make slower.</param>
    /// <param name="gpuGb">Memory of all GPUs; null: none, or not known.</param>
    public static ModelMemory Of(string model, int contextTokens, string? cacheType, int? parallel, int? gpuGb)
    {
        var known = KnownModels.Find(model);
        var weights = known?.SizeGb ?? ModelSize.GuessGb(model);
        var cache = known?.CacheKibPerToken * 1024m * contextTokens * Share(cacheType) / 1_000_000_000;
        var fitting = gpuGb is { } gpu && cache is { } each ? ((gpu * PlannedShare) - weights - RuntimeGb) / each : null;
        return new ModelMemory(weights, cache, parallel ?? (int)Math.Clamp(fitting ?? 1, 1, MostReckoned), parallel is null);
    }

    public override string ToString() => (WeightsGb, CacheGb) switch
    {
        ({ } weights, { } cache) => $"{weights:0.#} GB of weights + {Parallel} × {cache:0.#} GB of cache + {RuntimeGb} GB = "
            + $"{TotalGb:0.#} GB",
        ({ } weights, null) => $"about {weights:0.#} GB of weights + {RuntimeGb} GB + a cache that is not known for this model",
        _ => "not known for this model",
    };

    // With what a block of 32 numbers keeps beside them.
    private static decimal Share(string? cacheType) => cacheType switch
    {
        "q8_0" => 8.5m / 16,
        "q4_0" => 4.5m / 16,
        _ => 1,
    };
}
