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
    string Role, string Step, string State, string? Reason, string? Done, int Try, string Boot, string Digest, DateTimeOffset At, string? Note = null)
{
    private const string Mark = "BAKER {";

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
            return line is { Role: not null, Step: not null, State: not null, Digest: not null } ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(ConsoleLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ConsoleLineJson : JsonSerializerContext;
