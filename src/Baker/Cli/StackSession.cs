using System.Collections.Immutable;
using System.Globalization;
using Baker.Baking;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;

namespace Baker.Cli;

/// <summary>A spec together with the opened cloud it names: what every command that touches a running stack works with.</summary>
internal sealed class StackSession : IAsyncDisposable
{
    private readonly SpecFile _file;

    /// <summary>What somebody has typed for variables that are not set, by their names.</summary>
    private readonly Dictionary<string, string> _typed = [];

    private StackSession(World world, SpecFile file, ICloud cloud, ILaunchLog log, IBakeLog bakeLog)
    {
        (World, _file, Cloud, Log, BakeLog) = (world, file, cloud, log, bakeLog);
        (Plan, Artifacts) = (file.Plan!, file.Artifacts!);
        Wanted = CloudTerms.Of(Plan, Artifacts.UserData);
        Secrets = new SecretMaker(cloud.Secrets, Plan.Secrets, Plan.Stack.GitLabHost, world.Time, path =>
            File.ReadAllBytes(world.FullPath(path)), name => _typed.GetValueOrDefault(name) ?? world.Variable(name));
        Follower = new ConsoleFollower(cloud, Wanted, world.Time);
    }

    public World World { get; }

    public Plan Plan { get; private set; }

    public Artifacts Artifacts { get; private set; }

    public StackWanted Wanted { get; private set; }

    public ICloud Cloud { get; }

    public ILaunchLog Log { get; }

    public IBakeLog BakeLog { get; }

    public SecretMaker Secrets { get; }

    public ConsoleFollower Follower { get; private set; }

    public Teardown Teardown => new(Cloud, Wanted.Owner, Plan.Secrets, Log)
    {
        Record = Wanted.Record,
        Records = Records,
        Identities = Wanted.Identities,
        IsAddressYours = Wanted.PublicAddress?.ExistingId is not null,
    };

    /// <summary>What would stand in the way of the identities that a launch makes; nobody is asked where it makes none.</summary>
    public async Task<Preflight> IdentitiesAsync(CancellationToken cancel)
    {
        if (!Wanted.Identities.Any(i => i.IsWanted))
            return Preflight.Clear;
        var survey = await Survey.OfAsync(Cloud, Wanted.Owner, cancel);
        var found = await MachineIdentities.OfAsync(Cloud, Wanted.Identities, survey, cancel);
        return await found.CheckAsync(Cloud, survey.Machines.IsEmpty, cancel);
    }

    /// <summary>Null where people make the record of the stack's name.</summary>
    public RecordMaker? Records => Wanted.Record is not null && Cloud.Dns is { } zones
        ? new RecordMaker(zones, Wanted.Owner, World.NameServers, World.Time, Log) : null;

    /// <summary>What a launch would meet in DNS, also where it changes nothing.</summary>
    public async Task<Preflight> NameAsync(CancellationToken cancel)
    {
        var (record, said) = await new Resolver(Cloud) { Records = Records }.RecordAsync(Wanted, cancel);
        return record is null ? said : said.With(Preflight.Clear with
        {
            Notes = [$"DNS record {record.There.Host}: {record.There.Seen}, in {record.There.Title}"],
        });
    }

    /// <param name="limit">How long a machine is tried again that there is no room for.</param>
    /// <param name="mayLose">Somebody accepts that no room is kept for it.</param>
    public Capacity Capacity(TimeSpan limit, bool mayLose) => new(Cloud, Log, World.Time, new CapacityTerms(limit, mayLose));

    /// <summary>For commands that make something of the spec.</summary>
    /// <returns>Null when the spec has errors, which have been reported; the command then ends with
    /// <see cref="ExitCode.SpecWrong"/>.</returns>
    /// <exception cref="CloudException">The cloud cannot be opened.</exception>
    public static StackSession? Open(World world, string path, bool json) =>
        SpecFile.TryRead(world, path, out var file) ? Of(world, file, json) : null;

    /// <summary>For commands on what is there: the spec only names it, so warnings and notes are left to the others.</summary>
    /// <inheritdoc cref="Open"/>
    public static StackSession? OpenExisting(World world, string path) =>
        SpecFile.TryRead(world, path, out var file, ofExisting: true) ? Of(world, file, json: false) : null;

    /// <summary>For a spec that has been read, and has no errors.</summary>
    /// <exception cref="CloudException">The cloud cannot be opened.</exception>
    public static StackSession Of(World world, SpecFile file, bool json)
    {
        StackSession With<T>(T log)
            where T : ILaunchLog, IBakeLog => new(world, file, world.Open(file.Plan!.Cloud, world.Surroundings), log, log);
        return json ? With(new JsonLog(world.Out)) : world.IsTerminal ? With(new TerminalLog(world.Terminal))
            : With(new PlainLog(world.Error));
    }

    /// <summary>For commands on what is there: what runs is what is looked at.</summary>
    /// <inheritdoc cref="SettleAsync(bool, bool, CancellationToken)"/>
    public Task SettleAsync(CancellationToken cancel) => SettleAsync(upgrade: false, mayGoBack: true, cancel);

    /// <summary>Signs in, and lets versions stay that run and that the spec does not ask to move.</summary>
    /// <param name="upgrade">Newer ones that are known are taken instead.</param>
    /// <param name="mayGoBack">Somebody has said that GitLab goes back to an earlier version.</param>
    /// <exception cref="CloudException">The cloud does not say what runs.</exception>
    public async Task<(AccountInfo Account, VersionMoves Moves)> SettleAsync(bool upgrade, bool mayGoBack, CancellationToken cancel)
    {
        var account = await Cloud.Account.SignInAsync(cancel);
        var newest = Plan;
        // Machines of one's own names are looked for whatever versions they have: no name depends on these.
        var machines = (await Cloud.Machines.FindAsync(Wanted.Owner, cancel)).Where(m => m.State != MachineState.Dying).ToArray();
        var running = RunningVersions.Of(role =>
            newest.Of(role).Select(p => machines.FirstOrDefault(m => m.Name == p.Name)?.Release).FirstOrDefault(r => r is not null));
        (Plan, Artifacts) = _file.With(upgrade ? VersionMoves.Before(running, newest) : running);
        Wanted = CloudTerms.Of(Plan, Artifacts.UserData);
        Follower = new ConsoleFollower(Cloud, Wanted, World.Time);
        return (account, VersionMoves.Of(Plan, newest, running, mayGoBack));
    }

    /// <summary>Takes a lock, until the answer is disposed. Whoever finds it taken is told who holds it, and since when.</summary>
    /// <exception cref="CloudException">Somebody else holds it.</exception>
    /// <param name="breaks">First removes the lock that somebody left. So it comes after every question.</param>
    public async Task<IAsyncDisposable> LockAsync(StackOwner owner, bool breaks, CancellationToken cancel)
    {
        if (breaks)
            await Cloud.Lock.BreakAsync(owner, cancel);
        return await Cloud.Lock.TakeAsync(owner, string.Create(
            CultureInfo.InvariantCulture, $"{World.User()}, since {World.Time.GetUtcNow():yyyy-MM-dd HH:mm} UTC"), cancel);
    }

    /// <summary>Follows the consoles until the stack is ready, and says how that ended.</summary>
    public async Task<int> FollowAsync(TimeSpan limit, CancellationToken cancel)
    {
        var (end, machines) = await Readiness.WaitAsync(limit, cancel);
        foreach (var machine in machines.Where(m => m.LacksLicence))
            Log.Say(machine.Name, "waits for a licence: `gitlab.license` in the spec and `baker launch`, or `baker-activate` on the VM; "
                + "it then goes on by itself");
        return Say(end, machines, limit);
    }

    /// <summary>Follows the consoles until the machines have changed that others wait for, and says how that ended.</summary>
    public async Task<int> FollowAsync(ImmutableArray<Change> held, TimeSpan limit, CancellationToken cancel)
    {
        var orders = held.Select(c => c.After!).ToArray();
        var (end, machines) = await Readiness.WaitAsync(limit, m => orders.Any(o => o.Role == m.Role), m =>
            orders.All(o => o.Role != m.Role || m.HasChanged(o)), cancel);
        if (end != ReadinessEnd.Ready)
        {
            foreach (var change in held)
                Log.Say(change.Wanted.Name, "keeps its last user-data");
        }
        return Say(end, machines, limit);
    }

    // EC2 keeps a console for its readers and counts their questions; a file on a desk may be read at any time.
    private Readiness Readiness => new(Follower, Log, World.Time,
        Plan.Cloud.Facts.IsDesk ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(15));

    private int Say(ReadinessEnd end, ImmutableArray<MachineProgress> machines, TimeSpan limit)
    {
        if (end == ReadinessEnd.Ready)
            return ExitCode.Done;
        Log.Say(Plan.Name, end switch
        {
            ReadinessEnd.Failed => "a machine has failed; it tries again every 15 minutes",
            ReadinessEnd.Off => "a machine is not running any more",
            _ => $"not ready after {limit.TotalMinutes:0} minutes",
        });
        foreach (var machine in machines.Where(m => !m.IsReady))
            Log.Say(machine.Name, ProgressText.Of(machine));
        Log.Say(Plan.Name, end == ReadinessEnd.Off ? "`baker launch` starts or makes it, and goes on waiting"
            : "docs/machine.md says what each reason means and what to do; `baker launch` goes on waiting");
        return ExitCode.Refused;
    }

    /// <summary>Asks before something is done that costs or destroys.</summary>
    /// <param name="wanted">The answer that means yes.</param>
    /// <exception cref="RefusedException">Nobody can be asked.</exception>
    public bool Ask(string question, string wanted)
    {
        if (!World.CanAsk)
            throw new RefusedException(ExitCode.Usage, "nobody can be asked here; --yes answers all questions");
        World.Error.Write(question);
        World.Error.Flush();
        return string.Equals(World.In.ReadLine()?.Trim(), wanted, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Asks for what no variable has and nobody has stored yet. Where nobody can be asked, the launch says what is missing.
    /// </summary>
    /// <exception cref="CloudException">The cloud does not say what is stored.</exception>
    public async Task AskForSecretsAsync(CancellationToken cancel)
    {
        var unset = Plan.Secrets.Where(s => s.Variable is { } name && World.Variable(name) is null).DistinctBy(s => s.Location).ToArray();
        if (unset.Length == 0 || !World.CanAsk || World.Unseen is null)
            return;
        await Cloud.Account.SignInAsync(cancel);
        foreach (var secret in unset)
        {
            if (await Cloud.Secrets.CompareAsync(Wanted.Owner, secret.Location, null, cancel) == GivenState.Missing)
                _typed[secret.Variable!] = await World.AskUnseenAsync($"{secret.Name}, for {secret.Given}", cancel);
        }
    }

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();
}
