using System.Text.Json.Nodes;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A method that is refused again and again, whatever is done: the command ends in time, and says what was answered.</summary>
public sealed class GoogleStubbornTests
{
    /// <summary>Calls of one method for one thing in one command: two minutes of tries, or as long as others may be at work.</summary>
    private const int MostCalls = 40;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];
    private static readonly string[] Destroy = ["destroy", "--yes", "--delete-data", "--release-address"];

    private const string Orphan = "projects/my-project/zones/asia-northeast1-a/disks/orphan";

    private static readonly (string Name, FakeAnswer OfCompute, FakeAnswer OfSecrets, string Words)[] Answers =
    [
        ("409 of another", FakeAnswer.Error(409, "alreadyExists", $"The resource '{Orphan}' already exists"), FakeAnswer.Newer(409, "ALREADY_EXISTS", $"The resource '{Orphan}' already exists"), Orphan),
        ("409", FakeAnswer.Error(409, "alreadyExists", "The resource already exists"), FakeAnswer.Newer(409, "ABORTED", "There were concurrent policy changes."), "409"),
        // hashicorp's terraform-google-project-factory, issue 827: policies come with the code of a stale fingerprint.
        ("412", FakeAnswer.Error(412, "conditionNotMet", "Constraint constraints/compute.requireOsLogin violated for project my-project."), FakeAnswer.Newer(400, "FAILED_PRECONDITION", "Constraint constraints/gcp.resourceLocations violated"), "onstraint constraints/"),
        ("429", FakeAnswer.Error(429, "rateLimitExceeded", "Rate Limit Exceeded"), FakeAnswer.Newer(429, "RESOURCE_EXHAUSTED", "Quota exceeded"), "429"),
        ("503", FakeAnswer.Error(503, "backendError", "Backend Error"), FakeAnswer.Newer(503, "UNAVAILABLE", "The service is currently unavailable."), "503"),
    ];

    /// <summary>A command that calls the method, on a stack that was brought there.</summary>
    private static readonly SortedDictionary<string, Func<GoogleAccountFake, Task<(string Spec, string[] Command)>>> Trials = new(StringComparer.Ordinal)
    {
        ["addresses.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["addresses.insert"] = Fresh,
        ["addresses.setLabels"] = Fresh,
        ["disks.createSnapshot"] = a => StandingAsync(a, a.Spec, "destroy", "--yes"),
        ["disks.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["disks.insert"] = Fresh,
        ["disks.resize"] = a => StandingAsync(a, a.Larger, Launch),
        ["disks.setLabels"] = a => StandingAsync(a, a.Tagged("team: data"), Launch),
        ["firewalls.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["firewalls.insert"] = Fresh,
        ["firewalls.patch"] = a => ChangedAsync(a, a.NetworkChangedByHand, "is another one"),
        ["instances.addAccessConfig"] = a => ChangedAsync(a, a.LoosenedByHand, "public address"),
        ["instances.attachDisk"] = a => ChangedAsync(a, a.LoosenedByHand, "data disk"),
        ["instances.delete"] = a => StandingAsync(a, a.Spec, [.. Launch, "--replace", "gateway"]),
        ["instances.deleteAccessConfig"] = async a =>
        {
            await StandingAsync(a, a.Spec);
            a.Google.Compute.Plant("projects/my-project/regions/asia-northeast1/addresses/other", new JsonObject { ["name"] = "other", ["addressType"] = "EXTERNAL", ["status"] = "RESERVED" });
            return (a.Spec.Replace("gitlab:\n", "gitlab:\n  public_address: other\n", StringComparison.Ordinal), Launch);
        },
        ["instances.insert"] = Fresh,
        ["instances.setDeletionProtection"] = a => StandingAsync(a, a.Spec, Destroy),
        ["instances.setLabels"] = a => StandingAsync(a, a.Tagged("team: data"), Launch),
        ["instances.setMetadata"] = a => StandingAsync(a, a.ChangedSpec, Launch),
        ["instances.setMachineType"] = a => StandingAsync(a, a.Spec + $"gateway: {{ machine: {a.Roomier.To} }}\n", Launch),
        ["instances.setServiceAccount"] = a => ChangedAsync(a, a.LoosenedByHand, "identity none"),
        ["instances.setTags"] = a => ChangedAsync(a, a.LoosenedByHand, "firewall group none"),
        ["instances.start"] = async a =>
        {
            await StandingAsync(a, a.Spec);
            await DoneAsync(a, a.Spec, "stop");
            return (a.Spec, ["start", "--no-wait"]);
        },
        ["instances.stop"] = a => StandingAsync(a, a.Spec, "stop"),
        ["networks.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["networks.insert"] = Fresh,
        ["projects.secrets.addVersion"] = Fresh,
        ["projects.secrets.create"] = Fresh,
        ["projects.secrets.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["projects.secrets.patch"] = a => StandingAsync(a, a.Tagged("team: data"), Launch),
        ["projects.secrets.setIamPolicy"] = Fresh,
        ["routers.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["routers.insert"] = Fresh,
        ["snapshots.delete"] = async a =>
        {
            await StandingAsync(a, a.Spec);
            await DoneAsync(a, a.Spec, "destroy", "--yes");
            return (a.Spec, Destroy);
        },
        ["snapshots.setLabels"] = async a =>
        {
            await StandingAsync(a, a.Spec);
            await DoneAsync(a, a.Spec, "destroy", "--yes");
            await DoneAsync(a, a.Spec, Launch);
            return (a.Tagged("team: data"), Launch);
        },
        ["subnetworks.delete"] = a => StandingAsync(a, a.Spec, Destroy),
        ["subnetworks.insert"] = Fresh,
    };

    /// <summary>Trials at the same time: each waits for a clock of its own.</summary>
    private const int Abreast = 8;

    [Fact]
    public Task A_method_that_is_always_refused_ends_the_command_in_time_and_by_name() =>
        Parallel.ForEachAsync(Trials.Keys, new ParallelOptions { MaxDegreeOfParallelism = Abreast }, async (method, _) => await RefusedAlwaysAsync(method));

    private static async Task RefusedAlwaysAsync(string method)
    {
        using var account = new GoogleAccountFake();
        var (spec, command) = await Trials[method](account);
        foreach (var (name, compute, secrets, words) in Answers)
        {
            var calls = new Dictionary<string, int>();
            account.Google.Refuses = (asked, path, body) =>
            {
                if (asked.Id != method)
                    return null;
                var thing = $"{path} {body?["name"]}";
                calls[thing] = calls.GetValueOrDefault(thing) + 1;
                return calls[thing] > MostCalls ? throw new InvalidOperationException($"{method} without an end: {thing}")
                    : method.StartsWith("projects.", StringComparison.Ordinal) ? secrets : compute;
            };
            var began = account.Time.GetUtcNow();
            var run = await account.RunAsync(spec, [.. command]);
            Assert.True(calls.Count > 0, $"{method}, {name}: {string.Join(' ', command)} does not call {method}\n{run.Error}");
            Assert.True(account.Time.GetUtcNow() - began < Longest, $"{method}, {name}: {account.Time.GetUtcNow() - began}");
            Assert.True((run.Error + run.Out).Contains(words, StringComparison.Ordinal), $"{method}, {name}: {run.Error}");
            // A right that could not be granted is said, and waited for by the machine.
            Assert.True(run.Code == (method == "projects.secrets.setIamPolicy" ? ExitCode.Done : ExitCode.Refused), $"{method}, {name}: exit code {run.Code}\n{run.Error}");
        }
        account.Google.Refuses = (_, _, _) => null;
        await DoneAsync(account, spec, [.. command]);
    }

    [Fact]
    public async Task Every_method_that_changes_something_has_its_trial()
    {
        var called = new HashSet<string>();
        foreach (var trial in Trials.Values.Distinct())
        {
            using var account = new GoogleAccountFake();
            var (spec, command) = await trial(account);
            await DoneAsync(account, spec, command);
            called.UnionWith(account.Google.Changes);
        }
        Assert.Equal(Trials.Keys, called.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_disk_in_the_way_of_a_machine_is_named_with_the_command_that_removes_it()
    {
        using var account = new GoogleAccountFake();
        const string Disk = "projects/my-project/zones/asia-northeast1-a/disks/duo-gateway";
        account.Google.Compute.Plant(Disk, new JsonObject { ["name"] = "duo-gateway", ["sizeGb"] = "20", ["status"] = "READY" });
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains($"the disk {Disk} is there, and the machine's boot disk needs that name; it does not belong to this stack\n"
            + "  when nobody needs what is on it: gcloud compute disks delete duo-gateway --zone asia-northeast1-a --project my-project", run.Error, StringComparison.Ordinal);
        account.Google.Compute.Remove(Disk);
        await DoneAsync(account, account.Spec, Launch);
    }

    /// <summary>Somebody changes the same metadata at every moment: that is said while it lasts, and ends.</summary>
    [Fact]
    public async Task What_somebody_else_changes_again_and_again_is_said_and_given_up()
    {
        using var account = new GoogleAccountFake();
        await DoneAsync(account, account.Spec, Launch);
        var changes = 0;
        account.Google.Refuses = (method, path, _) =>
        {
            if (method.Id != "instances.setMetadata")
                return null;
            account.Google.Compute.Find(path[..path.LastIndexOf('/')])!.Body["metadata"]!["fingerprint"] = $"other{++changes}";
            return FakeAnswer.Error(412, "conditionNotMet", "Supplied fingerprint does not match current fingerprint.");
        };
        var run = await account.RunAsync(account.ChangedSpec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("somebody else changes it at the same moment; looking again", run.Error, StringComparison.Ordinal);
        Assert.InRange(changes, 2, MostCalls);
    }

    private static Task<(string Spec, string[] Command)> Fresh(GoogleAccountFake account) => Task.FromResult((account.Spec, Launch));

    private static async Task<(string Spec, string[] Command)> StandingAsync(GoogleAccountFake account, string spec, params string[] command)
    {
        await DoneAsync(account, account.Spec, Launch);
        return (spec, command);
    }

    /// <param name="says">Of what was changed by hand.</param>
    private static async Task<(string Spec, string[] Command)> ChangedAsync(GoogleAccountFake account, IEnumerable<(string Says, Action Do)> deeds, string says)
    {
        await DoneAsync(account, account.Spec, Launch);
        deeds.First(d => d.Says.Contains(says, StringComparison.Ordinal)).Do();
        return (account.Spec, Launch);
    }

    private static async Task DoneAsync(GoogleAccountFake account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
    }
}
