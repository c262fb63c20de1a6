using System.Collections.Immutable;
using Baker.Cli;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;

namespace Baker.Tests.Launching;

/// <summary>What happens to one call.</summary>
public enum Fault
{
    None,

    /// <summary>It is refused and has no effect.</summary>
    Refuse,

    /// <summary>It takes effect, and the caller is gone before it hears of it.</summary>
    Kill,
}

/// <summary>What a call is about, for trials of that alone.</summary>
public enum CallAbout
{
    Other,

    /// <summary>A zone of DNS.</summary>
    Zone,

    /// <summary>An identity of a machine.</summary>
    Identity,
}

/// <summary>The process that made a call has been killed: nothing of it goes on.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// An account in a pretended cloud. Each cloud's fake derives from it, serves its own protocol, and asks <see cref="Next"/> at every call what
/// is to happen to it; so the same trials are made of every cloud.
/// </summary>
public abstract class FakeAccount : IDisposable
{
    private readonly Lock _lock = new();
    private int _processes;
    private int _killed = -1;

    public VirtualTime Time { get; } = new();

    /// <summary>The spec of a stack there.</summary>
    public abstract string Spec { get; }

    /// <summary>The same stack with other user-data for at least one machine, and with tags of the user's own.</summary>
    public virtual string ChangedSpec => Tagged("team: platform, stage: trial") + "ollama: { context_length: 8192 }\n";

    /// <summary>The same stack with all that it needs from outside behind a proxy of its own network, so that it needs no NAT.</summary>
    public string Closed => Spec + "mirrors: { proxy: 'http://10.77.0.200:3128' }\n";

    /// <summary>The same stack with an earlier GitLab of the same minor.</summary>
    public string Older => Spec.Replace("gitlab:\n", "gitlab:\n  version: 19.4.4\n", StringComparison.Ordinal);

    /// <param name="tags">As they stand between braces.</param>
    public string Tagged(string tags) => Spec + $"tags: {{ {tags} }}\n";

    /// <summary>The same stack with 80 GB of data instead of 50.</summary>
    public string Larger => Spec.Replace("gitlab:\n", "gitlab:\n  data_gb: 80\n", StringComparison.Ordinal);

    /// <summary>Three machine types with one GPU each that may stand for one another.</summary>
    public abstract ImmutableArray<string> Alike { get; }

    /// <summary>The default type of the gateway, and one that it may get without a new machine.</summary>
    public abstract (string From, string To) Roomier { get; }

    /// <summary>No zone has one left of these from now on, and all others are there again.</summary>
    public abstract void SellOut(params ImmutableArray<string> types);

    /// <summary>The same stack with a model server that may be any of these, the first by choice.</summary>
    public string OneOf(params IEnumerable<string> types) => Spec + $"ollama: {{ machine: [{string.Join(", ", types)}] }}\n";

    /// <summary>Calls so far that change something, those of the stack's lock aside.</summary>
    public abstract ImmutableArray<string> Writes { get; }

    /// <summary>Everything that exists in the account, one line each, sorted; ids that differ from run to run are left out.</summary>
    public abstract ImmutableArray<string> Inventory { get; }

    /// <summary>Somebody puts a tag <c>somebody: theirs</c> on all that the stack has, and <c>stage: ours</c> where there is no such tag.</summary>
    public abstract void TagByHand();

    /// <summary>What somebody may do by hand to a stack that stands, by what a launch then says of it; nothing of it needs another machine.</summary>
    public abstract ImmutableArray<(string Says, Action Do)> LoosenedByHand { get; }

    /// <summary>The same of its network.</summary>
    public abstract ImmutableArray<(string Says, Action Do)> NetworkChangedByHand { get; }

    /// <summary>Somebody takes the rule away that lets a group of machines out to a port.</summary>
    public abstract void CloseByHand(string group, int port);

    /// <summary>Puts things of other people there, some with names and tags like the stack's own; without its id.</summary>
    public abstract void PlantForeign(Random random);

    /// <summary>Its zones of DNS.</summary>
    public List<FakeZone> Zones { get; } = [];

    /// <summary>What a zone there may be called by.</summary>
    public virtual string ZoneId => "Z0ZONE";

    /// <summary>The same stack with its record in the zone of that id, by name.</summary>
    public virtual string InZone => Spec + $"dns: {{ route53: {{ zone: {ZoneId} }} }}\n";

    /// <summary>A public zone that holds the stack's name.</summary>
    public FakeZone PlantZone(string? id = null, string name = "example.com")
    {
        id ??= ZoneId;
        Zones.Add(new FakeZone(id, name));
        return Zones[^1];
    }

    /// <summary>What the servers of a zone say; null: they are not asked.</summary>
    public INameServers NameServers { get; set; } = new NoNameServers();

    /// <summary>Which calls, counted from 1, were about what.</summary>
    public List<(CallAbout About, int At)> Subjects { get; } = [];

    /// <summary>The same stack without an identity of the user's own: a launch makes it.</summary>
    public string WithoutIdentity => string.Concat(Spec.Split('\n').Where(l => !l.Contains("instance_profile:", StringComparison.Ordinal)
        && !l.Contains("service_account:", StringComparison.Ordinal)).Select(l => $"{l}\n")).TrimEnd() + "\n";

    /// <summary>What somebody may do by hand to that identity, by what a launch then says of it.</summary>
    public abstract ImmutableArray<(string Says, Action Do)> IdentityChangedByHand { get; }

    /// <summary>The same stack with an identity of the user's own that has another name.</summary>
    public virtual string WithOtherIdentity => Spec;

    /// <summary>There is none of that name.</summary>
    public virtual void ForgetIdentity()
    {
    }

    /// <summary>Somebody else has one of its name.</summary>
    public abstract void PlantIdentity();

    /// <summary>Opens the cloud as a new process would.</summary>
    /// <param name="process">To be given to <see cref="Next"/> at each of its calls.</param>
    protected abstract ICloud Open(CloudSpec spec, Surroundings surroundings, int process);

    public ICloud Open(CloudSpec spec, Surroundings surroundings) => Open(spec, surroundings, Interlocked.Increment(ref _processes));

    /// <summary>The cloud of <see cref="Spec"/> as a new process opens it, and whose the stack is.</summary>
    public (ICloud Cloud, StackOwner Owner) Enter(Action<string>? say = null)
    {
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", System.Text.Encoding.UTF8.GetBytes(Spec), new DiagnosticBag()).Spec!);
        return (Open(plan.Cloud, new Surroundings(_ => null, Time, ".", say ?? (_ => { }))), CloudTerms.OwnerOf(plan));
    }

    /// <summary>Calls so far, of all processes.</summary>
    public int Calls { get; private set; }

    /// <summary>Which call, counted from 1, meets a fault.</summary>
    public int FaultAt { get; set; }

    public Fault FaultKind { get; set; }

    /// <summary>What somebody between the account and Baker makes of an answer's text.</summary>
    public Func<string, string> Mangle { get; set; } = text => text;

    /// <summary>What lies beside the spec, by name.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>What standard input has.</summary>
    public string Input { get; set; } = "";

    /// <summary>What somebody types at a terminal that does not show it; null: there is no terminal.</summary>
    public string? Unseen { get; set; }

    /// <summary>Environment variables of the process that launches.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Where commands look for programs; null: nowhere.</summary>
    public string? Path { get; set; }

    /// <summary>Asked by the fake at the start of every call. When it answers <see cref="Fault.Kill"/>, the fake does the work and then throws <see cref="KilledException"/>.</summary>
    /// <exception cref="KilledException">This process has been killed already.</exception>
    public Fault Next(int process, CallAbout about = CallAbout.Other)
    {
        lock (_lock)
        {
            Subjects.Add((about, Calls + 1));
            if (_killed == process)
                throw new KilledException();
            if (++Calls != FaultAt)
                return Fault.None;
            if (FaultKind == Fault.Kill)
                _killed = process;
            return FaultKind;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Time.Dispose();

    /// <summary>A command as a user types it, against this account.</summary>
    public Task<BakerRun> RunAsync(string spec, params string[] arguments) => RunPlainAsync(spec, [arguments[0], "baker.yaml", .. arguments[1..]]);

    /// <summary>The same, with nothing added to the command line; the spec is baker.yaml.</summary>
    public async Task<BakerRun> RunPlainAsync(string spec, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", spec);
        foreach (var (name, content) in Files)
            folder.File(name, content);
        using var input = new StringReader(Input);
        var world = new World(input, TextWriter.Synchronized(output), TextWriter.Synchronized(error), folder.Path, UseColor: false) { Time = Time, Open = Open, User = () => "tests", CanAsk = Unseen is not null, Unseen = Unseen is { } typed ? _ => Task.FromResult(typed) : null, NameServers = NameServers, Variable = name => name == "PATH" ? Path : Variables.GetValueOrDefault(name) };
        var code = await BakerCli.RunAsync(arguments, world, CancellationToken.None);
        return new BakerRun(code, output.ToString(), error.ToString());
    }
}
