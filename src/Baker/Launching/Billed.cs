using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;
using Baker.Planning;

namespace Baker.Launching;

/// <summary>Something that costs for as long as it is there. Nobody here knows prices.</summary>
/// <param name="Kind"><c>machine</c>, <c>root disk</c>, <c>data disk</c>, <c>public address</c>, or the cloud's own word.</param>
/// <param name="What">Type, size or address; empty: there is nothing to say.</param>
public sealed record Billed(string Kind, string Name, string What)
{
    /// <summary>A machine that is stopped costs nothing itself.</summary>
    public bool IsStopped { get; init; }

    public override string ToString() => What.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Name} ({What})";

    /// <summary>What goes on costing once a launch has done what it shows. Pure.</summary>
    public static ImmutableArray<Billed> Of(Plan plan, ResolvedPlan resolved)
    {
        var facts = plan.Cloud.Facts;
        if (facts.IsDesk)
            return [];
        // A machine that stays keeps what is not changed, whatever the spec says by now.
        var machines = resolved.Changes.Select(c => c is { Found: { } stays, Kind: not ChangeKind.Replace }
            ? (stays.Name, Types: c.ChangesType ? c.Wanted.Types : [stays.Type], Gpu: stays.AttachedGpu,
                DiskGb: Math.Max(stays.DiskGb ?? 0, c.Reshapes || stays.DiskGb is null ? c.Wanted.DiskGb : 0))
            : (c.Wanted.Name, c.Wanted.Types, Gpu: c.Wanted.AttachedGpu, c.Wanted.DiskGb)).ToArray();
        var data = resolved.Wanted.DataDisk;
        return
        [
            .. machines.Select(m => new Billed("machine", m.Name,
                string.Join(", else ", m.Types.Select(t => Machine(facts, t, m.Gpu))))),
            .. machines.Select(m => new Billed("root disk", m.Name, Disk(m.DiskGb, facts.DiskType(m.Types[0])))),
            .. data is null ? Array.Empty<Billed>() : [new("data disk", data.Name, Disk(
                Math.Max(data.SizeGb, resolved.Found.DataDisk?.SizeGb ?? 0), facts.DiskType(data.MachineType ?? "")))],
            .. resolved.Wanted.PublicAddress is { } address ? [Address(address.ExistingId ?? address.Name, resolved.Found.Address)]
                : Array.Empty<Billed>(),
            .. resolved.NetworkBilled.Select(Part),
            .. Secrets(plan),
        ];
    }

    /// <summary>What there is of a stack.</summary>
    public static async Task<ImmutableArray<Billed>> FoundAsync(
        ICloud cloud, CloudFacts facts, StackOwner owner, CancellationToken cancel)
    {
        var found = await Survey.OfAsync(cloud, owner, cancel);
        var nat = await cloud.Network.FindNatAsync(owner, cancel);
        var machines = found.Machines.Where(m => m.State is not MachineState.Dying).ToArray();
        return
        [
            .. machines.Select(m => new Billed("machine", m.Name, Machine(facts, m.Type, m.AttachedGpu) + (IsAtRest(m) ? ", stopped" : ""))
            {
                IsStopped = IsAtRest(m),
            }),
            .. machines.Select(m => new Billed("root disk", m.Name, Disk(m.DiskGb, null))),
            .. found.DataDisk is { } disk ? [new Billed("data disk", disk.Name, Disk(disk.SizeGb, null))] : Array.Empty<Billed>(),
            .. found.Address is { } address ? [Address(address.Name, address)] : Array.Empty<Billed>(),
            .. nat.Select(Part),
            .. found.Reservations.All.Select(r => r.Listed()).Select(r => new Billed(r.Kind, r.Id, r.Note ?? "")),
        ];
    }

    /// <summary>Those that a launch makes, where the cloud bills them.</summary>
    public static IEnumerable<Billed> Secrets(Plan plan) => !plan.Cloud.Facts.BillsSecrets ? []
        : plan.Secrets.Where(s => s.IsTheStacks).Select(s => s.Location).Distinct().Select(l => new Billed("secret", l, ""));

    private static bool IsAtRest(VirtualMachine machine) => machine.State is MachineState.Stopped or MachineState.Stopping;

    private static string Machine(CloudFacts facts, string type, Gpu? attached) =>
        (attached ?? facts.FindMachine(type)?.Gpu) is { } gpu ? $"{type} with {gpu}" : type;

    private static string Disk(int? gb, string? type) => string.Join(' ', new[]
    {
        gb is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size} GB") : null, type,
    }.OfType<string>());

    private static Billed Address(string name, PublicAddress? found) => new("public address", name, found?.Ip ?? "");

    private static Billed Part(Resource part) => new(part.Kind, part.Name, "");
}
