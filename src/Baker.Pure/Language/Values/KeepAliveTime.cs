using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>
/// Ollama's keep-alive: a Go duration or whole seconds; negative is for ever, 0 not at all. What Ollama cannot read it takes for five
/// minutes, without a word.
/// Source: Ollama 0.32.7, envconfig/config.go (KeepAlive) and api/types.go (Duration); Go 1.24, src/time/format.go (ParseDuration).
/// </summary>
public static partial class KeepAliveTime
{
    public const string ForEver = "-1";

    /// <summary>What Go's nanoseconds hold: 292 years.</summary>
    private const long Most = long.MaxValue;

    public static readonly TextFormat Format = new("a keep-alive time", Problem,
        @"^[-+]?([0-9]+|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$");

    /// <summary>
    /// The same time as all of Ollama's parsers read it alike: <c>0</c> for nothing, whole seconds without zeros in front, else as it was
    /// written.
    /// </summary>
    public static string Normal(string text) =>
        Nanoseconds(text) is not { } time ? text : time.IsZero ? "0" : Seconds().IsMatch(text)
            ? (time / Unit("s")).ToString(CultureInfo.InvariantCulture) : text;

    private static string? Problem(string text)
    {
        const string Otherwise = "write -1 (for ever), 0 (unload at once), seconds, or a duration such as 30m, 1h30m or 24h";
        if (text.Length > 40 || Nanoseconds(text) is not { } time)
            return Otherwise;
        return BigInteger.Abs(time) > Most ? "it is longer than Ollama can count; write -1 for ever" : null;
    }

    // Null: neither of the two.
    private static BigInteger? Nanoseconds(string text)
    {
        var sign = text.StartsWith('-') ? BigInteger.MinusOne : BigInteger.One;
        if (Seconds().IsMatch(text))
            return BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) * Unit("s");
        if (Duration().Match(text) is not { Success: true } match)
            return null;
        var sum = BigInteger.Zero;
        for (var i = 0; i < match.Groups["whole"].Captures.Count; i++)
        {
            var (whole, part, unit) = (match.Groups["whole"].Captures[i].Value, match.Groups["part"].Captures[i].Value,
                Unit(match.Groups["unit"].Captures[i].Value));
            if (whole.Length + part.Length == 0)
                return null;
            sum += (BigInteger.Parse($"0{whole}", CultureInfo.InvariantCulture) * unit)
                + (BigInteger.Parse($"0{part}", CultureInfo.InvariantCulture) * unit / BigInteger.Pow(10, part.Length));
        }
        return sign * sum;
    }

    private static BigInteger Unit(string name) => name switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        _ => 3_600_000_000_000,
    };

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\A[-+]?((?<whole>[0-9]*)(\.(?<part>[0-9]*)|(?<part>))(?<unit>ns|us|µs|μs|ms|s|m|h))+\z")]
    private static partial Regex Duration();
}
