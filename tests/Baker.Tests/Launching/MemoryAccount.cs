using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;
using Baker.Tests.Support;

namespace Baker.Tests.Launching;

/// <summary>The least that a cloud is: everything in dictionaries, every call slow, for trials of the launcher itself.</summary>
public sealed class MemoryAccount : FakeAccount
{
    private const string Mine = "mine";
    private static readonly string Example = File.ReadAllText(Checkout.PathOf("examples", "aws.yaml"));

    /// <summary>Kind and name → whose, and what.</summary>
    private readonly SortedDictionary<string, (string Owner, string Content)> _things = new(StringComparer.Ordinal);

    public Dictionary<string, VirtualMachine> Machines { get; } = [];

    public Dictionary<string, ReadOnlyMemory<byte>> UserData { get; } = [];

    /// <summary>What machines have written, by name.</summary>
    public Dictionary<string, string> Consoles { get; } = [];

    /// <summary>Done when somebody has begun to follow the machines. A command that has a spec to read takes real time, in which the clock may jump.</summary>
    public TaskCompletionSource ConsoleRead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a machine does when it is given other user-data.</summary>
    public Action<VirtualMachine> Changed { get; set; } = _ => { };

    /// <summary>Zones that have no scarce machine left.</summary>
    public HashSet<string> SoldOut { get; } = [];

    /// <summary>Types of which no zone has one left.</summary>
    public HashSet<string> SoldOutTypes { get; } = [];

    public override ImmutableArray<string> Alike => ["g6.2xlarge", "g5.2xlarge", "g4dn.2xlarge"];

    public override (string From, string To) Roomier => ("t3.medium", "t3.large");

    public override void SellOut(params ImmutableArray<string> types)
    {
        SoldOutTypes.Clear();
        SoldOutTypes.UnionWith(types);
    }

    /// <summary>So many refusals later, the zone that was refused last has room; 0: it stays as it is.</summary>
    public int FreedAfter { get; set; }

    /// <summary>True when others take at once what a machine with a GPU gives back.</summary>
    public bool IsContested { get; set; }

    /// <summary>Why no room is kept for a machine; null: it is.</summary>
    public CloudException? KeepsNoRoom { get; set; }

    /// <summary>Images of any stack.</summary>
    public ImmutableArray<BakedImage> Baked { get; set; } = [];

    /// <summary>In order: what was made and removed.</summary>
    public List<string> Deeds { get; } = [];

    public Dictionary<string, byte[]> Secrets { get; } = [];

    /// <summary>What a launch has written beside those that came from files.</summary>
    internal Dictionary<string, string> Marks { get; } = [];

    /// <summary>How often a secret was stored.</summary>
    internal Dictionary<string, int> Versions { get; } = [];

    /// <summary>GiB of the data disk, which is one at most.</summary>
    public int DiskGb { get; set; }

    /// <summary>On all that the stack has; null while it has nothing.</summary>
    internal SortedDictionary<string, string>? Tags { get; set; }

    public Preflight Preflight { get; set; } = Preflight.Clear;

    public override string Spec => Example;

    public override ImmutableArray<string> Writes => [.. Deeds.Where(d => d[2..] != "lock")];

    public override ImmutableArray<string> Inventory
    {
        get
        {
            lock (_things)
                return [.. _things.Select(t => $"{t.Key} {t.Value.Content}".TrimEnd()), .. Machines.Values.Select(m => $"machine {m.Name} {m.Type} {m.DiskGb} {m.State} {m.Zone} {m.UserDataDigest} {m.Ties!.Identity} {string.Join(',', m.Ties.Groups)} {m.Ties.PublicIp} {string.Join(',', m.Ties.Disks)}").Order(StringComparer.Ordinal),
                    .. Zones.SelectMany(z => z.Lines("203.0.113.7")), .. (Tags ?? []).Select(t => $"tag {t.Key} {t.Value}")];
        }
    }

    public override void TagByHand()
    {
        Tags!["somebody"] = "theirs";
        Tags.TryAdd("stage", "ours");
    }

    public override ImmutableArray<(string Says, Action Do)> LoosenedByHand =>
    [
        ("identity somebody becomes duo-gitlab", () => Loosen(t => t with { Identity = "somebody" })),
        ("firewall group theirs becomes gitlab", () => Loosen(t => t with { Groups = ["theirs"] })),
        ("public address none becomes 203.0.113.7", () => Loosen(t => t with { PublicIp = null })),
        ("its data disk is not attached", () => Loosen(t => t with { Disks = [] })),
    ];

    public override ImmutableArray<(string Says, Action Do)> IdentityChangedByHand =>
    [
        ("~ identity duo-gitlab-ap-northeast-1: another policy", () => _things["identity duo-gitlab-ap-northeast-1"] = (Mine, "theirs")),
        ("+ identity duo-gitlab-ap-northeast-1: of duo-gitlab", () => Remove("identity duo-gitlab-ap-northeast-1")),
    ];

    public override void PlantIdentity() => _things["identity duo-gitlab-ap-northeast-1"] = ("somebody else", "theirs");

    internal bool IsThere(string key) => _things.ContainsKey(key);

    public override ImmutableArray<(string Says, Action Do)> NetworkChangedByHand => [("the firewall is not there", () => Remove("firewall duo"))];

    public override void CloseByHand(string group, int port) =>
        _things["firewall duo"] = _things["firewall duo"] with { Content = string.Join(", ", _things["firewall duo"].Content.Split(", ").Where(r => !(r.StartsWith(group, StringComparison.Ordinal) && r.Contains($":{port} ", StringComparison.Ordinal)))) };

    private void Loosen(Func<MachineTies, MachineTies> change) => Machines["duo-gitlab"] = Machines["duo-gitlab"] with { Ties = change(Machines["duo-gitlab"].Ties!) };

    public override void PlantForeign(Random random)
    {
        string[] names = ["disk somebody-data", "network other", "address duo-gitlab", "disk duo-gitlab-data"];
        foreach (var name in names.Where(_ => random.Next(2) == 0))
            _things[name] = ("somebody else", "theirs");
    }

    protected override ICloud Open(CloudSpec spec, Surroundings surroundings, int process) => new MemoryCloud(this, process);

    /// <summary>One call: some time passes, and perhaps a fault happens.</summary>
    internal async Task<T> CallAsync<T>(int process, string doing, double seconds, Func<T> work)
    {
        var fault = Next(process, doing.StartsWith("dns: ", StringComparison.Ordinal) ? CallAbout.Zone : doing.StartsWith("identity: ", StringComparison.Ordinal) ? CallAbout.Identity : CallAbout.Other);
        await Task.Delay(TimeSpan.FromSeconds(seconds), Time);
        if (fault == Fault.Refuse)
            throw new CloudException(CloudFailure.Refused, doing, "not today");
        T result;
        lock (_things)
            result = work();
        return fault == Fault.Kill ? throw new KilledException() : result;
    }

    /// <summary>The newest words of a machine's console, and the only ones.</summary>
    /// <param name="digest">Null: of the user-data that the machine has.</param>
    /// <param name="minutes">From now.</param>
    internal void Say(string role, string state, string? reason = null, string step = "model", string? digest = null, int minutes = 0)
    {
        var machine = Machines[$"duo-{role}"];
        Consoles[machine.Name] = $"booting\n\nBAKER {Line(role, state, digest ?? machine.UserDataDigest!, Time.GetUtcNow().AddMinutes(minutes), reason, step)}\n";
    }

    internal static string Line(string role, string state, string digest, DateTimeOffset at, string? reason = null, string step = "model") =>
        $$"""{"role":"{{role}}","step":"{{step}}","state":"{{state}}",{{(reason is null ? "" : $"\"reason\":\"{reason}\",")}}"try":1,"boot":"b","digest":"{{digest}}","at":"{{at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}}"}""";

    internal bool Has(string key) => _things.TryGetValue(key, out var thing) && thing.Owner == Mine;

    internal string? Content(string key) => Has(key) ? _things[key].Content : null;

    internal string[] Named(string kind) => [.. _things.Keys.Where(key => key.StartsWith(kind, StringComparison.Ordinal) && Has(key))];

    internal void Make(string key, string content = "")
    {
        if (_things.TryGetValue(key, out var thing) && thing.Owner != Mine)
            throw new CloudException(CloudFailure.Taken, $"making {key}", $"it is there and belongs to {thing.Owner}");
        if (!_things.ContainsKey(key))
            Deeds.Add($"+ {key}");
        _things[key] = (Mine, content);
    }

    internal void Remove(string key)
    {
        if (!Has(key))
            return;
        _things.Remove(key);
        Deeds.Add($"- {key}");
    }
}
