using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baker.Launching;
using Baker.Planning;

namespace Baker.Cli.Logs;

/// <summary>What a launch would do, as programs see it: the document of <c>diff --json</c> and of <c>launch --expect</c>.</summary>
/// <param name="Id">Of the stack; its tag <c>baker:id</c>.</param>
/// <param name="Account">Whose it is, in words.</param>
/// <param name="Changes">Empty: all that is compared is as the spec says.</param>
/// <param name="Problems">Why a launch could not succeed.</param>
/// <param name="NotChecked">What could not be looked at.</param>
/// <param name="Costs">What goes on costing once it is done, without prices; an earlier Baker did not say it.</param>
internal sealed record DiffJson(
    int SchemaVersion, string Stack, string Id, string Cloud, string Location, string Account, DiffChangeJson[] Changes, string[] Problems,
    string[] Notes, string[] NotChecked, DiffCostJson[]? Costs = null)
{
    public const int Version = 1;

    public static DiffJson Of(Plan plan, LaunchDraft draft) => new(
        Version, plan.Name, plan.Id, plan.Cloud.Facts.Key, plan.Cloud.Location, draft.Plan.Account.Title,
        [.. draft.Changes.Select(DiffChangeJson.Of)], [.. draft.Problems], [.. draft.Notes.Concat(draft.Plan.Preflight.Notes)],
        [.. draft.Plan.Preflight.Unchecked], [.. Billed.Of(plan, draft.Plan).Select(b => new DiffCostJson(b.Kind, b.Name, b.What))]);

    public void Write(TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(this, DiffJsonContext.Default.DiffJson));

    /// <exception cref="RefusedException">It is no such document.</exception>
    public static DiffJson Read(string path, string title)
    {
        DiffJson? read = null;
        try
        {
            read = JsonSerializer.Deserialize(File.ReadAllBytes(path), DiffJsonContext.Default.DiffJson);
        }
        catch (JsonException)
        {
            // Said below, as what it is for the user.
        }
        return read is { Changes: not null, SchemaVersion: Version } ? read : throw new RefusedException(ExitCode.Usage,
            $"{title} is not what this Baker's `baker diff --json` writes");
    }

    /// <summary>What only one of two documents says: <c>+</c> this one, <c>-</c> the other. Order does not matter, nor do notes.</summary>
    public ImmutableArray<string> Beside(DiffJson expected)
    {
        var (mine, theirs) = (Lines(this), Lines(expected));
        return [.. mine.Except(theirs).Select(l => $"+ {l}"), .. theirs.Except(mine).Select(l => $"- {l}")];
    }

    private static string[] Lines(DiffJson document) =>
    [
        $"stack {document.Stack} ({document.Id}), {document.Cloud}, {document.Location}",
        .. document.Changes.Select(c => JsonSerializer.Serialize(c with { After = null }, DiffLineContext.Default.DiffChangeJson)),
    ];
}

/// <param name="Action"><c>create</c>, <c>change</c>, <c>replace</c>, <c>remove</c>; <c>leave</c>: it differs and is left.</param>
/// <param name="Name">Empty where there is only one of its kind.</param>
/// <param name="After">What changes first; a launch that does not wait changes it at once.</param>
/// <param name="Image">What a machine is made from, and why from that.</param>
/// <param name="Values">What a VM is told otherwise.</param>
/// <param name="Scripts">Files that differ.</param>
/// <param name="Steps">Done again on the VM.</param>
internal sealed record DiffChangeJson(string Action, string Kind, string Name, string Why, string? After = null, string? Image = null,
    DiffValueJson[]? Values = null, string[]? Scripts = null, string[]? Steps = null)
{
    public static DiffChangeJson Of(ProposedChange change) => new(
        change.Action.ToString().ToLowerInvariant(), change.Kind, change.Name, change.Why, change.After, change.Image,
        change.UserData?.Values.Select(v => new DiffValueJson(v.Name, [.. v.Keys], v.Old, v.New)).ToArray(),
        change.UserData is { } told ? [.. told.Scripts] : null, change.UserData is { } again ? [.. again.Steps] : null);
}

/// <param name="Kind">As in <see cref="DiffChangeJson.Kind"/>, and <c>root disk</c>.</param>
/// <param name="What">Type with its GPU, size with its kind, address.</param>
internal sealed record DiffCostJson(string Kind, string Name, string What);

/// <param name="Keys">Of the spec, those that decide it; empty: Baker itself does.</param>
/// <param name="Old">Absent: an earlier Baker did not know it.</param>
/// <param name="New">Absent: this Baker knows it no more.</param>
internal sealed record DiffValueJson(string Name, string[] Keys, string? Old, string? New);

[JsonSerializable(typeof(DiffJson))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class DiffJsonContext : JsonSerializerContext;

[JsonSerializable(typeof(DiffChangeJson))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class DiffLineContext : JsonSerializerContext;
