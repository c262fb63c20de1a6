using System.Globalization;
using System.Text.RegularExpressions;

namespace Baker.Stack.Duo;

/// <summary>
/// How large a model is, read from its name: number of parameters and bits of each. Approximate: warnings may rest on it, never a refusal.
/// </summary>
public static partial class ModelSize
{
    /// <summary>What one parameter takes in Ollama's usual quantization, q4_K_M.</summary>
    public const decimal UsualBits = 4.8m;

    /// <summary>Gigabytes of the weights, or null when the name does not tell.</summary>
    public static decimal? GuessGb(string model)
    {
        if (Parameters().Match(model) is not { Success: true } match)
            return null;
        var experts = match.Groups["experts"] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 1;
        return experts * decimal.Parse(match.Groups["billions"].ValueSpan, CultureInfo.InvariantCulture) * Bits(model) / 8;
    }

    /// <summary>Bits of a parameter, with what the format keeps beside it.</summary>
    public static decimal Bits(string model) =>
        Quantization().Match(model) is not { Success: true } match ? UsualBits : match.Groups["bits"].Value switch
        {
            "16" => 16,
            "8" => 8.5m,
            "6" => 6.6m,
            "5" => 5.6m,
            "3" => 3.9m,
            "2" => 3,
            _ => UsualBits,
        };

    /// <summary>The name without what tells its quantization: <c>mistral:7b-instruct-q8_0</c> is a <c>mistral:7b-instruct</c>.</summary>
    public static string WithoutBits(string model) => Quantization().Replace(model, "");

    [GeneratedRegex(@"(?<![a-z0-9.])((?<experts>[1-9][0-9]?)x)?(?<billions>[0-9]{1,4}(\.[0-9]{1,2})?)b(?![a-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Parameters();

    [GeneratedRegex(@"[-:](b?f(p)?(?<bits>16)|i?q(?<bits>[2-8])(_[0-9a-z]+)*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Quantization();
}
