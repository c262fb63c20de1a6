using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baker.Baking;
using Baker.Clouds.Live;
using Baker.Launching;

namespace Baker.Cli.Logs;

/// <summary>One JSON object per line on standard output, for programs.</summary>
internal sealed class JsonLog(TextWriter writer) : ILaunchLog, IBakeLog
{
    private readonly Lock _lock = new();
    private string _shown = "";

    public void Say(string subject, string text) => Write(new LogEvent("said", subject, text, null));

    public void Show(IReadOnlyList<MachineProgress> machines, TimeSpan elapsed)
    {
        var states = machines.Select(MachineJson.Of).ToArray();
        Changed(new LogEvent("progress", null, null, states));
    }

    public void Show(IReadOnlyList<BakeProgress> builds, TimeSpan elapsed) =>
        Changed(new LogEvent("progress", null, null, null, [.. builds]));

    private void Changed(LogEvent progress)
    {
        var text = JsonSerializer.Serialize(progress, LogJson.Default.LogEvent);
        lock (_lock)
        {
            if (text == _shown)
                return;
            _shown = text;
            writer.WriteLine(text);
            writer.Flush();
        }
    }

    private void Write(LogEvent happened)
    {
        lock (_lock)
        {
            writer.WriteLine(JsonSerializer.Serialize(happened, LogJson.Default.LogEvent));
            writer.Flush();
        }
    }
}

/// <param name="Event"><c>said</c>, <c>progress</c>.</param>
internal sealed record LogEvent(string Event, string? Subject, string? Text, MachineJson[]? Machines, BakeProgress[]? Builds = null);

/// <summary>One machine as programs see it, in events and in <c>status --json</c>.</summary>
internal sealed record MachineJson(
    string Name, string Role, string State, string? Step, string? Reason, string? Done, int? Try, DateTimeOffset? At, string? Id,
        string? Address, string? PublicIp, string? Digest, string? Note = null)
{
    public static MachineJson Of(MachineProgress m) => new(
        m.Name, m.Role, m.State, m.Line?.Step, m.Line?.Reason, m.Line?.Done, m.Line?.Try, m.Line?.At, m.Machine?.Id, m.Machine?.Address,
            m.Machine?.PublicIp, m.Machine?.UserDataDigest, m.Line?.Note);
}

/// <param name="IsReady">Every machine is.</param>
/// <param name="Reservations">Room that a run keeps, or has left; null: none.</param>
/// <param name="DnsRecord">Null: no zone of this account or project holds the name.</param>
internal sealed record StatusJson(string Stack, string Id, string Url, bool IsReady, MachineJson[] Machines,
    Reservation[]? Reservations = null, RecordJson? DnsRecord = null);

/// <summary>What the zone has at GitLab's name.</summary>
/// <param name="IsOurs">A launch has made it.</param>
internal sealed record RecordJson(string Name, string Zone, string Service, string Seen, bool IsOurs)
{
    public static RecordJson Of(NameRecord name) =>
        new(name.Host, name.Zone.Id, name.Service, name.Seen, name.Standing == RecordStanding.Ours);
}

/// <param name="From">The user's file or variable; null: it is none of theirs.</param>
/// <param name="State">
/// <c>stored</c>, <c>missing</c>, <c>changed</c> (the user's own), <c>foreign</c>, <c>onVm</c> or <c>unknown</c>.
/// </param>
internal sealed record SecretJson(string Name, ImmutableArray<string> Roles, string Place, string? From, bool IsMade, string State)
{
    public static SecretJson Of(SecretStanding s) =>
        new(s.Plan.Name, s.Roles, s.Plan.VmReference, s.Plan.Given, s.Plan.IsMade, s.State switch
        {
            null => s.Plan.IsOnVm ? "onVm" : "unknown",
            GivenState.Missing => "missing",
            GivenState.Older => "changed",
            GivenState.Foreign => "foreign",
            _ => "stored",
        });
}

[JsonSerializable(typeof(LogEvent))]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(BakedImage[]))]
[JsonSerializable(typeof(SecretJson[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class LogJson : JsonSerializerContext;
