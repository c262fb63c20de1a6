using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Baker.Stack.Duo;

/// <summary>How GitLab stands to a model.</summary>
public enum ModelSupport
{
    /// <summary>Listed by GitLab for self-hosting.</summary>
    Listed,

    /// <summary>Was listed once; support has ended.</summary>
    Ended,

    /// <summary>Works through the OpenAI protocol; GitLab calls such models compatible, in beta.</summary>
    Compatible,
}

/// <param name="SizeGb">Of the weights as Ollama's library has them at four bits, gigabytes, approximate.</param>
/// <param name="CacheKibPerToken">Key-value cache at 16 bit, kibibytes per token of context: 2 × layers × heads × dimension × 2
/// bytes.</param>
/// <param name="FitForChat">False where GitLab lists the model as not compatible with Duo Chat.</param>
public sealed record KnownModel(string Family, decimal SizeGb, int CacheKibPerToken, ModelSupport Support, bool FitForChat);

/// <summary>
/// Models whose family, size and standing are known. Source: GitLab's list of supported models (19.x) and Ollama's library;
/// as of 2026-11-23.
/// </summary>
public static partial class KnownModels
{
    /// <summary>The smallest model that GitLab lists for completion, generation and Chat.</summary>
    public const string Recommended = "mistral-small3.2:24b";

    /// <summary>GitLab's family for every model that has none of its own.</summary>
    public const string OtherFamily = "general";

    /// <summary>Families whose models are beta in GitLab, so that somebody must accept the testing terms.</summary>
    public static readonly ImmutableArray<string> BetaFamilies = [
        "codegemma", "codellama", "deepseekcoder", "gemini", "general", "llama3", "qwen"];

    // Of Ollama's library, those without its tag "tools".
    private static readonly ImmutableArray<string> WithoutTools =
        ["codegemma", "codellama", "codestral", "deepseek-coder", "gemma", "gemma2", "gemma3", "llama2", "llama3", "phi", "phi3", "phi4",
            "starcoder", "starcoder2"];

    private static readonly ImmutableArray<(Regex Name, KnownModel Model)> Table =
    [
        (Mistral7(), new("mistral", 4.1m, 128, ModelSupport.Ended, false)),
        (Mixtral22(), new("mixtral", 80m, 224, ModelSupport.Ended, false)),
        (Mixtral(), new("mixtral", 26m, 128, ModelSupport.Ended, false)),
        (Small(), new("mistral", 15m, 160, ModelSupport.Listed, true)),
        (Codestral(), new("codestral", 13m, 224, ModelSupport.Listed, false)),
        (Llama70(), new("llama3", 43m, 320, ModelSupport.Listed, true)),
        (Llama8(), new("llama3", 4.9m, 128, ModelSupport.Listed, true)),
        (GptOss120(), new("gpt", 65m, 72, ModelSupport.Listed, true)),
        (GptOss20(), new("gpt", 14m, 48, ModelSupport.Compatible, true)),
        (Qwen38(), new("general", 5.2m, 144, ModelSupport.Compatible, true)),
    ];

    // How the names of other models of a family begin, after host and namespace.
    private static readonly ImmutableArray<(string Beginning, string Family)> Families =
    [
        ("mistral", "mistral"), ("ministral", "mistral"), ("mixtral", "mixtral"), ("codestral", "codestral"), ("codellama", "codellama"),
        ("codegemma", "codegemma"), ("deepseek-coder", "deepseekcoder"), ("gpt-oss", "gpt"), ("llama3", "llama3"), ("llama-3", "llama3"),
        ("meta-llama-3", "llama3"),
    ];

    /// <summary>What is known about a model by its name in Ollama; null when nothing is.</summary>
    public static KnownModel? Find(string model)
    {
        var row = Table.FirstOrDefault(row => row.Name.IsMatch(ModelSize.WithoutBits(model))).Model;
        return row is null ? null : row with { SizeGb = Math.Round(row.SizeGb * ModelSize.Bits(model) / ModelSize.UsualBits, 1) };
    }

    /// <summary>False for models that cannot call tools, as far as that is known.</summary>
    public static bool HasTools(string model) => !WithoutTools.Contains(model[(model.LastIndexOf('/') + 1)..].Split(':')[0]);

    /// <summary>GitLab's name for the kind of model.</summary>
    public static string Family(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        return Find(model)?.Family ?? Families.FirstOrDefault(f => name.StartsWith(f.Beginning, StringComparison.OrdinalIgnoreCase)).Family
            ?? OtherFamily;
    }

    [GeneratedRegex(@"\Amistral(:(latest|instruct|text|7b.*|v0\.[123]))?\z")]
    private static partial Regex Mistral7();

    [GeneratedRegex(@"\Amixtral:8x22b")]
    private static partial Regex Mixtral22();

    [GeneratedRegex(@"\Amixtral(:(latest|8x7b.*|instruct))?\z")]
    private static partial Regex Mixtral();

    [GeneratedRegex(@"\Amistral-small3\.[12](:(latest|24b|24b-instruct-[0-9]+))?\z")]
    private static partial Regex Small();

    [GeneratedRegex(@"\Acodestral(:(latest|22b))?\z")]
    private static partial Regex Codestral();

    [GeneratedRegex(@"\Allama3\.(1:70b|3(:(latest|70b))?)\z")]
    private static partial Regex Llama70();

    [GeneratedRegex(@"\Allama3\.1(:(latest|8b))?\z")]
    private static partial Regex Llama8();

    [GeneratedRegex(@"\Agpt-oss:120b\z")]
    private static partial Regex GptOss120();

    [GeneratedRegex(@"\Agpt-oss(:(latest|20b))?\z")]
    private static partial Regex GptOss20();

    [GeneratedRegex(@"\Aqwen3(:(latest|8b))?\z")]
    private static partial Regex Qwen38();
}
