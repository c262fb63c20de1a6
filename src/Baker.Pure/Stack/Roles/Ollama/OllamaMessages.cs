using Baker.Clouds.Facts;
using Baker.Diagnostics;

namespace Baker.Stack.Roles.Ollama;

/// <summary>What can be said about the Ollama VM.</summary>
public static class OllamaMessages
{
    public static Message WeakerSum(string version) =>
        Message.Note("BKR603", $"no checksum is known for Ollama {version}; the VM takes it from the release's own sha256sum.txt, which "
            + "is weaker",
            "pin it with `sha256:`");

    public static Message SumWithoutVersion() =>
        Message.Warning("BKR604", $"`sha256` replaces the known sum of Ollama {OllamaReleases.Default}",
            "name the `version` it belongs to");

    public static Message NoGpu(string machine, string advice) =>
        Message.Error("BKR611", $"a GPU is asked for, and {machine} has none", advice);

    public static Message CpuOnly(string machine) =>
        Message.Warning("BKR612", $"{machine} has no GPU; a 7B model answers too slowly for code completion on CPUs",
            "fine for a trial; write `gpu: none` to say that it is meant");

    public static Message UnusedGpu(MachineType machine) =>
        Message.Warning("BKR613", $"{machine.Name} brings {machine.Gpu} that `gpu: none` leaves unused", "choose a machine without GPU");

    /// <param name="isCertain">False where sizes were read from names.</param>
    public static Message DiskTooSmall(int disk, int least, string models, bool isCertain)
    {
        var text = $"{disk} GiB {(isCertain ? "do" : "will probably")} not hold the system, Ollama, the driver and {models}";
        return isCertain ? Message.Error("BKR614", text, $"write at least {least}")
            : Message.Warning("BKR614", text, $"write about {least} or more");
    }

    public static Message GpuTooSmall(string model, decimal need, Gpu gpu, int context, int parallel) =>
        Message.Warning("BKR615", $"{model} with {context} tokens of context{AtATime(parallel)} takes about {need:0.#} GB; {gpu} holds "
            + $"{gpu.TotalMemoryGb}; where a part would run on CPUs the VM stops with `vram`",
            $"choose a larger GPU, a smaller model or a shorter context{Fewer(parallel)}");

    public static Message MemoryTooSmall(string model, decimal need, string machine, decimal has, int parallel) =>
        Message.Warning("BKR616", $"{model}{AtATime(parallel)} takes about {need:0.#} GB of memory; {machine} has {has:0.##}",
            $"choose a larger machine or a smaller model{Fewer(parallel)}");

    /// <summary>Source: llama.cpp as of Ollama 0.32.7, src/llama-context.cpp (llama_init_from_model).</summary>
    public static Message CacheNeedsFlashAttention(string type) =>
        Message.Error("BKR605", $"a cache of type {type} works with flash attention alone, so no model would load",
            "write `flash_attention: auto`, or `cache_type: f16`");

    public static Message NoFilter() =>
        Message.Warning("BKR606", "without the filter the gateway's container may use all of Ollama's port: unload, copy, create and "
            + "remove models, and ask for pulls and pushes, which lead nowhere", "leave `filter` out");

    public static Message HostElsewhere(string host, string address) =>
        Message.Error("BKR617", $"{host} is not this VM's address {address}, so nothing there could listen on it",
            $"write {address}:11434, or 0.0.0.0:11434 for all interfaces, or nothing");

    public static Message RunsElsewhere(string model) =>
        Message.Error("BKR618", $"{model} runs on Ollama's own servers, so prompts and code would leave the site",
            "name a model whose weights come to the VM, such as gpt-oss:20b");

    public static Message NamedTwice(string model) =>
        Message.Error("BKR619", $"Ollama lists this model as {model}, which is in the list already", "leave one of them out");

    private static string AtATime(int parallel) => parallel > 1 ? $" for {parallel} requests at a time" : "";

    private static string Fewer(int parallel) => parallel > 1 ? ", or a smaller `parallel`" : "";
}
