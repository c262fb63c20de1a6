using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Launching;

/// <summary>One <c>BAKER {…}</c> line of a VM's serial console: what the runner on the VM says of itself.</summary>
/// <param name="State">waiting, running, retrying, rebooting, failed or ready.</param>
/// <param name="Reason">A code of the runner's list; null while nothing is wrong.</param>
/// <param name="Done">How far the step is: a percentage or an amount.</param>
/// <param name="Boot">The kernel's id of this boot.</param>
/// <param name="Note">Worth knowing, also when all is well.</param>
/// <param name="Digest">Of the user-data that the VM has applied.</param>
public sealed record ConsoleLine(
    string Role, string Step, string State, string? Reason, string? Done, int Try, string Boot, string Digest, DateTimeOffset At,
        string? Note = null)
{
    private const string Mark = "BAKER {";

    /// <summary>Longer than any name or code of the runner's.</summary>
    private const int LongestWord = 64;

    /// <summary>Longer than any of its texts: a few names of hosts.</summary>
    private const int LongestText = 512;

    /// <summary>All that the runner says, in <c>templates/machine/common/runner</c>.</summary>
    private static readonly string[] States = ["waiting", "running", "retrying", "rebooting", "failed", "ready"];

    private static readonly SearchValues<char> WordLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What <c>emit</c> of <c>console.sh</c> leaves of a text.</summary>
    private static readonly SearchValues<char> TextLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .:,%/_-");

    /// <summary>False for what the runner would not say: other programs write to a console too.</summary>
    private bool IsKnown => States.Contains(State) && IsWord(Role) && IsWord(Digest) && IsWord(Step) && IsWord(Reason) && IsText(Done)
        && IsText(Note);

    private static bool IsWord(string? text) =>
        text is null || (text.Length is > 0 and <= LongestWord && !text.AsSpan().ContainsAnyExcept(WordLetters));

    private static bool IsText(string? text) =>
        text is null || (text.Length is > 0 and <= LongestText && !text.AsSpan().ContainsAnyExcept(TextLetters));

    /// <summary>The lines in a stretch of console, in order. What is torn, mixed with other output or no JSON is left out.</summary>
    public static IEnumerable<ConsoleLine> In(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at >= 0 && Parse(line[(at + Mark.Length - 1)..].TrimEnd()) is { } parsed)
                yield return parsed;
        }
    }

    private static ConsoleLine? Parse(string json)
    {
        try
        {
            var line = JsonSerializer.Deserialize(json, ConsoleLineJson.Default.ConsoleLine);
            return line is { Role: not null, Step: not null, State: not null, Digest: not null } && line.IsKnown ? line : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The second: half of a pair of UTF-16, as a cloud's own JSON can carry it.
            return null;
        }
    }
}

[JsonSerializable(typeof(ConsoleLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ConsoleLineJson : JsonSerializerContext;
