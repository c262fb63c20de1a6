using System.Text.Json;

namespace Baker.Tests.Lab;

/// <summary>What a machine says of itself, in /run/baker/status.json and on its console.</summary>
public sealed record LabStatus(string Role, string Step, string State, string Reason, string Done, int Try, string Boot, string Digest)
{
    /// <summary>Null while nothing, or only half of it, is there.</summary>
    public static LabStatus? Parse(string json)
    {
        try
        {
            var at = JsonDocument.Parse(json).RootElement;
            string Text(string key) => at.TryGetProperty(key, out var value) ? value.GetString()! : "";
            return new(Text("role"), Text("step"), Text("state"), Text("reason"), Text("done"), at.GetProperty("try").GetInt32(), Text("boot"), Text("digest"));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
