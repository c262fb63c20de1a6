using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Baker.Cli;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What holds of a launch on every cloud, whatever is refused or killed on the way. One class per cloud derives from it.</summary>
public abstract class LaunchContract<TAccount>
    where TAccount : FakeAccount, new()
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait", "--break-lock"];
    private static readonly string[] Destroy = ["destroy", "--yes", "--delete-data", "--release-address", "--break-lock"];

    private const string Name = "gitlab.example.com", Mark = $"_baker.{Name}";

    /// <summary>Set by <c>./test --all</c>: every call is cut off, and not one of three.</summary>
    private const string EveryCall = "BAKER_EVERY_CALL";

    /// <summary>Trials at the same time.</summary>
    private const int Abreast = 8;

    /// <summary>A third for what stands for a cloud: all of them take longer than all other tests.</summary>
    protected virtual int Stride => Environment.GetEnvironmentVariable(EveryCall) is null ? 3 : 1;

    [Fact]
    public async Task A_second_launch_changes_nothing_and_destroy_leaves_nothing()
    {
        using var account = new TAccount();
        var empty = account.Inventory;
        await DoneAsync(account, account.Spec, Launch);
        var (stack, writes) = (account.Inventory, account.Writes);
        Assert.NotEqual(empty, stack);
        Assert.NotEmpty(writes);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Equal(stack, account.Inventory);
        Assert.Equal(writes, account.Writes);
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(empty, account.Inventory);
    }

    /// <summary>Nothing is made that was not shown before, and nothing that `destroy` would not remove.</summary>
    [Fact]
    public async Task All_that_a_launch_makes_was_shown_before_and_is_what_destroy_removes()
    {
        using var account = new TAccount();
        account.PlantZone();
        var plan = await account.RunAsync(account.Spec, "diff", "--json");
        Assert.True(plan.Code == ExitCode.Different, plan.Error);
        Assert.Empty(account.Writes);
        using var shown = JsonDocument.Parse(plan.Out);
        var makes = shown.RootElement.GetProperty("changes").EnumerateArray().Select(c =>
        {
            Assert.Equal("create", c.GetProperty("action").GetString());
            return $"{c.GetProperty("kind").GetString()} {c.GetProperty("name").GetString()}";
        }).Order(StringComparer.Ordinal);
        await DoneAsync(account, account.Spec, Launch);
        var secrets = Planner.Plan(SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(account.Spec), new DiagnosticBag()).Spec!).Secrets;
        var (cloud, owner) = account.Enter();
        await using (cloud)
        {
            var removes = await new Teardown(cloud, owner, secrets, new PlainLog(TextWriter.Null)) { Record = new RecordWanted(Name, null, null) }.FindAsync(TestContext.Current.CancellationToken);
            Assert.Equal(removes.Select(r => $"{r.Kind} {r.Name}").Order(StringComparer.Ordinal), makes);
        }
    }

    /// <summary>By what is planned and by what is found: one list, said before the question and after a stop.</summary>
    [Fact]
    public async Task What_goes_on_costing_is_shown_before_and_is_what_a_stop_leaves()
    {
        using var account = new TAccount();
        async Task<(string Kind, string Name, string What)[]> CostsAsync()
        {
            using var shown = JsonDocument.Parse((await account.RunAsync(account.Spec, "diff", "--json")).Out);
            return [.. shown.RootElement.GetProperty("costs").EnumerateArray().Select(c => (c.GetProperty("kind").GetString()!, c.GetProperty("name").GetString()!, c.GetProperty("what").GetString()!))];
        }
        var planned = await CostsAsync();
        Assert.Equal(["duo-gateway", "duo-gitlab", "duo-ollama"], planned.Where(c => c.Kind == "machine").Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Matches("^[a-z0-9.-]+ with 1 × ", planned.Single(c => c is { Kind: "machine", Name: "duo-ollama" }).What);
        Assert.All(planned.Where(c => c.Kind.EndsWith(" disk", StringComparison.Ordinal)), c => Assert.Matches("^[0-9]+ GB [a-z0-9-]+$", c.What));
        Assert.Contains(planned, c => c is { Kind: "public address", Name: "duo-gitlab" });
        Assert.Contains(planned, c => c.Kind.Contains("nat", StringComparison.OrdinalIgnoreCase));

        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Contains("  goes on costing from then on:\n", said, StringComparison.Ordinal);
        Assert.All(planned, c => Assert.Contains($"      {c.Kind} {c.Name}{(c.What.Length == 0 ? "" : $" ({c.What})")}\n", said, StringComparison.Ordinal));
        Assert.Equal(planned.Select(c => (c.Kind, c.Name)), (await CostsAsync()).Select(c => (c.Kind, c.Name)));

        var stopped = await DoneAsync(account, account.Spec, ["stop", "--yes"]);
        var line = stopped.Split('\n').Single(l => l.Contains("goes on costing: ", StringComparison.Ordinal));
        var left = planned.Where(c => c.Kind != "machine").Select(c => $"{c.Kind} {c.Name}").Order(StringComparer.Ordinal);
        Assert.Equal(left, line[(line.IndexOf("costing: ", StringComparison.Ordinal) + 9)..].Split(", ").Select(c => c.Split(" (")[0]).Order(StringComparer.Ordinal));
    }

    /// <summary>What was reviewed is what is done, without a question; anything else is not begun.</summary>
    [Fact]
    public async Task A_launch_goes_on_only_if_the_difference_is_the_one_that_was_reviewed()
    {
        using var account = new TAccount();
        using var folder = new TemporaryFolder();
        string Reviewed(BakerRun diff) => folder.File($"{diff.Out.Length}.json", diff.Out);
        var first = Reviewed(await account.RunAsync(account.Spec, "diff", "--json"));
        await DoneAsync(account, account.Spec, "launch", "--no-wait", "--expect", first);
        var (stack, writes) = (account.Inventory, account.Writes);
        var none = await account.RunAsync(account.Spec, "diff", "--json");
        Assert.Equal(ExitCode.Done, none.Code);
        var change = await account.RunAsync(account.ChangedSpec, "diff", "--json");
        Assert.Equal(ExitCode.Different, change.Code);
        foreach (var other in new[] { first, Reviewed(none) })
        {
            var refused = await account.RunAsync(account.ChangedSpec, "launch", "--yes", "--no-wait", "--expect", other);
            Assert.True(refused.Code == ExitCode.Refused, refused.Error);
            Assert.Contains($"is not what {other} says", refused.Error, StringComparison.Ordinal);
            Assert.Contains("\n  + {\"action\":\"change\"", refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(writes, account.Writes);
        Assert.Equal(stack, account.Inventory);
        await DoneAsync(account, account.ChangedSpec, "launch", "--no-wait", "--expect", Reviewed(change));
        Assert.NotEqual(stack, account.Inventory);
    }

    [Fact]
    public async Task A_changed_spec_reaches_the_machines_and_the_way_back_too()
    {
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        var stack = account.Inventory;
        await DoneAsync(account, account.ChangedSpec, Launch);
        Assert.NotEqual(stack, account.Inventory);
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(stack, account.Inventory);
    }

    /// <summary>What belongs to a machine comes loose: it is said, and mended on the machine that is there.</summary>
    [Fact]
    public Task What_somebody_took_from_a_machine_is_said_and_tied_to_it_again() => MendedAsync(a => a.LoosenedByHand, "machine duo-gitlab");

    [Fact]
    public Task What_somebody_changed_in_the_network_is_said_and_mended() => MendedAsync(a => a.NetworkChangedByHand, "network");

    /// <summary>A way out of the site's own: there as long as the spec has it, for the reason that the spec gives.</summary>
    [Fact]
    public async Task What_the_spec_opens_further_is_opened_mended_and_closed_again()
    {
        using var account = new TAccount();
        string With(string why) => account.Spec + $"network: {{ egress: [{{ role: gitlab, to: 10.9.0.0/16, port: 8443, why: {why} }}, {{ role: gitlab, to: 10.8.0.7/32, port: 514, why: logs }}] }}\n";
        var opened = With("events go to the audit server");
        await DoneAsync(account, account.Spec, Launch);
        var closed = account.Inventory;
        async Task<ImmutableArray<string>> SaidAndDoneAsync(string spec, string says)
        {
            var (before, writes) = (account.Inventory, account.Writes);
            var diff = await account.RunAsync(spec, "diff");
            Assert.True(diff.Code == ExitCode.Different, diff.Error);
            Assert.Contains(says, diff.Out, StringComparison.Ordinal);
            Assert.Contains("  ~ network: ", diff.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("  ~ machine ", diff.Out, StringComparison.Ordinal);
            Assert.Equal(writes, account.Writes);
            await DoneAsync(account, spec, Launch);
            Assert.NotEqual(before, account.Inventory);
            Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
            return account.Inventory;
        }
        var open = await SaidAndDoneAsync(opened, "network.egress: events go to the audit server");
        account.CloseByHand("gitlab", 8443);
        Assert.Equal(open, await SaidAndDoneAsync(opened, "network.egress: events go to the audit server"));
        await SaidAndDoneAsync(With("events go to the archive"), "network.egress: events go to the archive");
        Assert.Equal(open, await SaidAndDoneAsync(opened, "network.egress: events go to the audit server"));
        Assert.Equal(closed, await SaidAndDoneAsync(account.Spec, ""));
        using var fresh = new TAccount();
        await DoneAsync(fresh, opened, Launch);
        Assert.Equal(open, fresh.Inventory);
    }

    [Fact]
    public async Task Changed_tags_reach_all_there_is_and_those_of_others_stay()
    {
        using var fresh = new TAccount();
        await DoneAsync(fresh, fresh.Tagged("team: data"), Launch);
        fresh.TagByHand();
        using var account = new TAccount();
        await DoneAsync(account, account.Tagged("team: platform, cost-center: c42"), Launch);
        account.TagByHand();
        var said = await DoneAsync(account, account.Tagged("team: data"), Launch);
        Assert.Matches("  ~ tags: [0-9]+ things: team=data, without cost-center\n", said);
        Assert.Equal(fresh.Inventory, account.Inventory);
        var writes = account.Writes;
        Assert.Contains("no change", await DoneAsync(account, account.Tagged("team: data"), Launch), StringComparison.Ordinal);
        Assert.Equal(writes, account.Writes);
    }

    [Fact]
    public async Task A_data_disk_grows_under_its_machine_and_gets_no_smaller()
    {
        using var reference = new TAccount();
        var larger = reference.Larger;
        await DoneAsync(reference, reference.Spec, Launch);
        var before = reference.Calls;
        Assert.Contains("~ data disk duo-gitlab-data: 50 GB become 80 GB", await DoneAsync(reference, larger, Launch), StringComparison.Ordinal);
        var (calls, grown) = (reference.Calls - before, reference.Inventory);
        Assert.Contains("no change", await DoneAsync(reference, larger, Launch), StringComparison.Ordinal);
        var smaller = await DoneAsync(reference, reference.Spec, Launch);
        Assert.Contains("nothing is changed", smaller, StringComparison.Ordinal);
        Assert.Contains("! data disk duo-gitlab-data: keeps its 80 GB", smaller, StringComparison.Ordinal);
        Assert.Equal(grown, reference.Inventory);
        await AtEachAsync(Cuts(calls, Fault.Kill), async at =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            await CutOffAsync(account, larger, Launch, Fault.Kill, at, grown);
        });
    }

    [Fact]
    public async Task Stopped_machines_start_again_wherever_that_was_cut_off()
    {
        string[] stop = ["stop", "--break-lock"], start = ["start", "--no-wait", "--break-lock"];
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        var running = account.Inventory;
        var stopped = await CountedAsync(account, account.Spec, stop);
        Assert.NotEqual(running, stopped.Inventory);
        var started = await CountedAsync(account, account.Spec, start);
        Assert.Equal(running, started.Inventory);
        foreach (var at in Cuts(Math.Max(stopped.Calls, started.Calls), Fault.Kill))
        {
            await CutOffAsync(account, account.Spec, stop, Fault.Kill, Within(at, stopped.Calls), stopped.Inventory);
            await CutOffAsync(account, account.Spec, start, Fault.Kill, Within(at, started.Calls), running);
        }
    }

    [Fact]
    public async Task One_command_at_a_time_works_on_a_stack()
    {
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        // Later: nobody waits for a lock that was just given back.
        Task LaterAsync() => Task.Delay(TimeSpan.FromMinutes(2), account.Time, TestContext.Current.CancellationToken);
        await LaterAsync();
        var stop = await CountedAsync(account, account.Spec, ["stop"]);
        await DoneAsync(account, account.Spec, "start", "--no-wait");
        await LaterAsync();
        // Killed in the middle, it still holds the lock.
        (account.FaultAt, account.FaultKind) = (account.Calls + (stop.Calls / 2), Fault.Kill);
        await account.RunAsync(account.Spec, "stop");
        account.FaultAt = 0;
        foreach (var command in new string[][] { ["start", "--no-wait"], ["stop"], ["launch", "--yes", "--no-wait"], ["destroy", "--yes"] })
        {
            var run = await account.RunAsync(account.Spec, command);
            Assert.True(run.Code == ExitCode.Refused, $"{command[0]}: exit code {run.Code}\n{run.Error}");
            Assert.Contains("tests, since ", run.Error, StringComparison.Ordinal);
            Assert.Contains("--break-lock", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lock_is_broken_only_after_the_question()
    {
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        var (cloud, owner) = account.Enter();
        await cloud.Lock.TakeAsync(owner, "somebody", TestContext.Current.CancellationToken);
        foreach (var command in new string[][] { ["launch", "--break-lock", "--replace", "gateway"], ["destroy", "--break-lock"] })
        {
            Assert.Equal(ExitCode.Usage, (await account.RunAsync(account.Spec, command)).Code);
            var refused = await Assert.ThrowsAsync<CloudException>(() => cloud.Lock.TakeAsync(owner, "another", TestContext.Current.CancellationToken));
            Assert.Equal(CloudFailure.Locked, refused.Failure);
        }
    }

    [Fact]
    public async Task Destroy_lists_a_lock_that_somebody_left_and_removes_it_when_it_may()
    {
        using var account = new TAccount();
        var empty = account.Inventory;
        var (cloud, owner) = account.Enter();
        await cloud.Lock.TakeAsync(owner, "somebody", TestContext.Current.CancellationToken);
        var destroy = await account.RunAsync(account.Spec, "destroy", "--yes");
        Assert.Equal(ExitCode.Refused, destroy.Code);
        Assert.Matches("  - lock duo .+ \\(of somebody.*; --break-lock removes that of one who is gone\\)\n", destroy.Error);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--break-lock");
        Assert.Equal(empty, account.Inventory);
        Assert.Contains("nothing of stack duo is there", await DoneAsync(account, account.Spec, "destroy", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_held_a_lock_that_was_broken_leaves_that_of_the_next_alone()
    {
        using var account = new TAccount();
        var cancel = TestContext.Current.CancellationToken;
        var (first, owner) = account.Enter();
        var broken = await first.Lock.TakeAsync(owner, "the first", cancel);
        var (second, _) = account.Enter();
        await second.Lock.BreakAsync(owner, cancel);
        await second.Lock.TakeAsync(owner, "the second", cancel);
        await broken.DisposeAsync();
        var refused = await Assert.ThrowsAsync<CloudException>(() => account.Enter().Cloud.Lock.TakeAsync(owner, "the third", cancel));
        Assert.Equal(CloudFailure.Locked, refused.Failure);
        Assert.Contains("the second", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task A_launch_and_then_a_destroy_cut_off_at_any_call_are_finished_by_the_next(Fault fault)
    {
        using var reference = new TAccount();
        var empty = reference.Inventory;
        var made = await CountedAsync(reference, reference.Spec, Launch);
        var removed = await CountedAsync(reference, reference.Spec, Destroy);
        Assert.Equal(empty, reference.Inventory);
        await AtEachAsync(Cuts(Math.Max(made.Calls, removed.Calls), fault), async at =>
        {
            using var account = new TAccount();
            await CutOffAsync(account, account.Spec, Launch, fault, Within(at, made.Calls), made.Inventory);
            await CutOffAsync(account, account.Spec, Destroy, fault, Within(at, removed.Calls), empty);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault} at one call of {Stride}: {made.Calls} of a launch, {removed.Calls} of a destroy");
    }

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task Deleted_data_takes_along_what_earlier_destroys_kept_wherever_that_was_cut_off(Fault fault)
    {
        using var reference = new TAccount();
        var empty = reference.Inventory;
        await KeptAsync(reference);
        Assert.NotEqual(empty, reference.Inventory);
        var removed = await CountedAsync(reference, reference.Spec, Destroy);
        Assert.Equal(empty, removed.Inventory);
        await AtEachAsync(Cuts(removed.Calls, fault), async at =>
        {
            using var account = new TAccount();
            await KeptAsync(account);
            await CutOffAsync(account, account.Spec, Destroy, fault, at, empty);
        });
    }

    [Fact]
    public async Task A_way_out_that_nothing_needs_goes_and_comes_again_wherever_that_was_cut_off()
    {
        using var fresh = new TAccount();
        await DoneAsync(fresh, fresh.Closed, Launch);
        using var reference = new TAccount();
        await DoneAsync(reference, reference.Spec, Launch);
        var open = reference.Inventory;
        var before = reference.Calls;
        Assert.Contains("nothing needs a way out any more", await DoneAsync(reference, reference.Closed, Launch), StringComparison.Ordinal);
        var (calls, closed) = (reference.Calls - before, reference.Inventory);
        Assert.Equal(fresh.Inventory, closed);
        Assert.Contains("no change", await DoneAsync(reference, reference.Closed, Launch), StringComparison.Ordinal);
        await AtSomeAsync(Cuts(calls, Fault.Kill), async some =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            foreach (var at in some)
            {
                await CutOffAsync(account, account.Closed, Launch, Fault.Kill, at, closed);
                await DoneAsync(account, account.Spec, Launch);
                Assert.Equal(open, account.Inventory);
            }
        });
    }

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task A_change_cut_off_at_any_call_is_finished_by_the_next(Fault fault)
    {
        using var reference = new TAccount();
        var empty = reference.Inventory;
        await DoneAsync(reference, reference.Spec, Launch);
        var before = reference.Inventory;
        var (calls, changed) = await CountedAsync(reference, reference.ChangedSpec, Launch);
        // There and back again on the same stack: a launch for each would take most of the time.
        await AtSomeAsync(Cuts(calls, fault), async some =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            foreach (var at in some)
            {
                await CutOffAsync(account, account.ChangedSpec, Launch, fault, at, changed);
                await CutOffAsync(account, account.Spec, Launch, fault, at, before);
            }
            await DoneAsync(account, account.Spec, Destroy);
            Assert.Equal(empty, account.Inventory);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault} at {Cuts(calls, fault).Length} of {calls} calls of a change");
    }

    /// <summary>No room stays reserved that nobody finds, and the machine comes back.</summary>
    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task A_replacement_of_the_machine_with_the_GPU_cut_off_at_any_call_is_finished_by_the_next(Fault fault)
    {
        string[] replace = [.. Launch, "--replace", "ollama", "--risk-capacity"];
        using var reference = new TAccount();
        await DoneAsync(reference, reference.Spec, Launch);
        var (calls, replaced) = await CountedAsync(reference, reference.Spec, replace);
        await AtSomeAsync(Cuts(calls, fault), async some =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            foreach (var at in some)
            {
                (account.FaultAt, account.FaultKind) = (account.Calls + at, fault);
                await account.RunAsync(account.Spec, replace);
                account.FaultAt = 0;
                await DoneAsync(account, account.Spec, Launch);
                Assert.True(replaced.SequenceEqual(account.Inventory), $"{fault} at call {at}:\n{string.Join('\n', account.Inventory)}\n\nwanted:\n{string.Join('\n', replaced)}");
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault} at {Cuts(calls, fault).Length} of {calls} calls of a replacement");
    }

    [Fact]
    public async Task What_runs_stays_and_an_upgrade_that_was_cut_off_anywhere_is_made_or_not_begun()
    {
        string[] upgrade = [.. Launch, "--upgrade"], back = [.. Launch, "--downgrade"];
        using var reference = new TAccount();
        await DoneAsync(reference, reference.Older, Launch);
        var before = reference.Inventory;
        var kept = await DoneAsync(reference, reference.Spec, Launch);
        Assert.Contains("no change", kept, StringComparison.Ordinal);
        Assert.Contains("GitLab stays at 19.4.4", kept, StringComparison.Ordinal);
        Assert.Equal(before, reference.Inventory);
        var (calls, after) = await CountedAsync(reference, reference.Spec, upgrade);
        Assert.NotEqual(before, after);
        await AtSomeAsync(Cuts(calls, Fault.Kill), async some =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Older, Launch);
            foreach (var at in some)
            {
                (account.FaultAt, account.FaultKind) = (account.Calls + at, Fault.Kill);
                await account.RunAsync(account.Spec, upgrade);
                account.FaultAt = 0;
                // Nobody says --upgrade again: what was begun goes on, and what was not stays.
                await DoneAsync(account, account.Spec, Launch);
                Assert.True(account.Inventory.SequenceEqual(before) || account.Inventory.SequenceEqual(after), $"killed at call {at}:\n{string.Join('\n', account.Inventory)}");
                await DoneAsync(account, account.Older, back);
                Assert.Equal(before, account.Inventory);
            }
        });
    }

    [Fact]
    public async Task Two_launches_at_once_make_one_stack()
    {
        using var reference = new TAccount();
        await DoneAsync(reference, reference.Spec, Launch);
        using var account = new TAccount();
        string[] launch = ["launch", "--yes", "--no-wait"];
        var runs = await Task.WhenAll(Task.Run(() => account.RunAsync(account.Spec, launch)), Task.Run(() => account.RunAsync(account.Spec, launch)));
        Assert.Contains(runs, run => run.Code == ExitCode.Done);
        Assert.All(runs, run => Assert.True(run.Code is ExitCode.Done or ExitCode.Refused, run.Error));
        Assert.Equal(reference.Inventory, account.Inventory);
    }

    [Fact]
    public async Task The_record_of_the_name_is_made_in_the_nearest_zone_and_goes_with_its_address()
    {
        using var account = new TAccount();
        account.Zones.Add(new FakeZone("Z0PRIVATE", Name, isPublic: false));
        account.PlantZone("Z0OTHER", "le.com");
        account.PlantZone("Z0TOP", "com");
        var zone = account.PlantZone();
        var empty = account.Inventory;
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Contains($"  + DNS record {Name}: A (the address that is made), in zone example.com of ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("DNS record to make", said, StringComparison.Ordinal);
        var (address, mark) = (zone.Find("A", Name)!, zone.Find("TXT", Mark)!);
        Assert.Equal((60, 60), (address.Ttl, mark.Ttl));
        Assert.Matches($"\"baker:id=[0-9a-f]{{12}} a={address.Values[0]}\"", Assert.Single(mark.Values));
        Assert.Single(zone.Changes);
        var (stack, writes) = (account.Inventory, account.Writes);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Equal(writes, account.Writes);
        var kept = await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data");
        Assert.Contains("left: DNS record", kept, StringComparison.Ordinal);
        Assert.Contains("left: public address", kept, StringComparison.Ordinal);
        Assert.NotEqual(empty, account.Inventory);
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(stack, account.Inventory);
        Assert.Single(zone.Changes);
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(empty, account.Inventory);
    }

    [Fact]
    public async Task A_record_that_somebody_altered_or_removed_is_said_and_mended()
    {
        using var account = new TAccount();
        var zone = account.PlantZone();
        await DoneAsync(account, account.Spec, Launch);
        var stack = account.Inventory;
        var mark = zone.Find("TXT", Mark)!.Values[0];
        foreach (var (says, change) in new (string, Action)[]
        {
            ("A 198.18.0.9 becomes A ", () => zone.Put("A", Name, "198.18.0.9")),
            ("none becomes A ", () => zone.Put("A", Name)),
            ("gets its mark and TTL again", () => zone.Put("A", Name, zone.Find("A", Name)!.Values[0])),
            ("A 198.18.0.9, 198.18.0.10 becomes A ", () => zone.Put("A", Name, "198.18.0.9", "198.18.0.10")),
            ("gets its mark and TTL again", () => zone.Put("TXT", Mark, mark[..mark.IndexOf("a=", StringComparison.Ordinal)] + "a=198.18.0.9\"")),
        })
        {
            change();
            var diff = await account.RunAsync(account.Spec, "diff");
            Assert.True(diff.Code == ExitCode.Different, diff.Error);
            Assert.Contains($"  ~ DNS record {Name}: ", diff.Out, StringComparison.Ordinal);
            Assert.Contains(says, diff.Out, StringComparison.Ordinal);
            var said = await DoneAsync(account, account.Spec, Launch);
            Assert.DoesNotContain("no change", said, StringComparison.Ordinal);
            Assert.Equal(stack, account.Inventory);
            Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        }
        // Who leads the name elsewhere keeps it there when the stack goes.
        zone.Put("A", Name, "198.18.0.9");
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(["A"], zone.Sets.Select(s => s.Type));
    }

    /// <summary>Also one of the right value: it stays its maker's, whatever else happens, unless somebody says to take it.</summary>
    [Theory, InlineData("A", "198.18.0.9"), InlineData("A", "the stack's"), InlineData("TXT", "\"baker:id=0123456789ab a=198.18.0.9\""), InlineData("*", "198.18.0.9")]
    public async Task Anothers_record_is_taken_with_its_own_word_alone(string type, string values)
    {
        using var account = new TAccount();
        var zone = account.PlantZone();
        await DoneAsync(account, account.Spec, Launch);
        var (made, address) = (account.Inventory, zone.Find("A", Name)!.Values[0]);
        zone.Sets.Clear();
        zone.Put(type == "*" ? "A" : type, type switch { "TXT" => Mark, "*" => "*.example.com", _ => Name }, values.StartsWith('"') ? [values] : values.Replace("the stack's", address, StringComparison.Ordinal).Split(' '));
        string[] others = [.. zone.Lines(null)];
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(values == "the stack's", said.Contains("no change", StringComparison.Ordinal));
        Assert.Equal(values != "the stack's", said.Contains($"  ! DNS record {Name}: ", StringComparison.Ordinal) && said.Contains("--take-record", StringComparison.Ordinal));
        Assert.Equal(others, zone.Lines(null));
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(others, zone.Lines(null));
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(others, zone.Lines(null));
        if (values == "the stack's")
            return;
        Assert.Contains("(--take-record)", await DoneAsync(account, account.Spec, [.. Launch, "--take-record"]), StringComparison.Ordinal);
        Assert.Equal(type == "*" ? made.Length + 1 : made.Length, account.Inventory.Length);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(type == "*" ? others : [], zone.Lines(null));
    }

    [Theory, InlineData("CNAME", null), InlineData("A", "weighted")]
    public async Task A_record_that_is_no_plain_one_is_never_taken(string type, string? special)
    {
        using var account = new TAccount();
        var zone = account.PlantZone();
        zone.Sets.Add(new RecordSet(Name, type, 300, ["lb.example.net."], special));
        string[] others = [.. zone.Lines(null)];
        var refused = await account.RunAsync(account.Spec, [.. Launch, "--take-record"]);
        Assert.True(refused.Code == ExitCode.Refused, refused.Error);
        Assert.Contains("a launch replaces a plain A record and nothing else", refused.Error, StringComparison.Ordinal);
        Assert.Empty(account.Writes);
        Assert.Contains($"  ! DNS record {Name}: {type}", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(others, zone.Lines(null));
    }

    [Fact]
    public async Task A_zone_that_the_spec_names_is_there_public_and_holds_the_name_or_nothing_is_made()
    {
        foreach (var plant in new Action<TAccount>[] { _ => { }, a => a.Zones.Add(new FakeZone(a.ZoneId, "example.com", isPublic: false)), a => a.PlantZone(name: "example.net") })
        {
            using var account = new TAccount();
            plant(account);
            foreach (var command in new string[][] { Launch, ["doctor"] })
            {
                var refused = await account.RunAsync(account.InZone, command);
                Assert.True(refused.Code == ExitCode.Refused, refused.Error);
                Assert.Contains(account.ZoneId, refused.Out + refused.Error, StringComparison.Ordinal);
            }
            Assert.Empty(account.Writes);
        }
        using var two = new TAccount();
        var (named, nearer) = (two.PlantZone(), two.PlantZone("zone-two", Name));
        await DoneAsync(two, two.InZone, Launch);
        Assert.Equal((2, 0), (named.Sets.Count, nearer.Sets.Count));
        var status = await two.RunAsync(two.InZone, "status");
        Assert.Contains($"DNS record {Name}: A {named.Find("A", Name)!.Values[0]}, in zone example.com of ", status.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_zones_of_one_name_are_nobodys_choice_but_the_users()
    {
        using var account = new TAccount();
        account.PlantZone();
        account.PlantZone("zone-two");
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Contains("are called example.com, and `dns` names none", said, StringComparison.Ordinal);
        Assert.Contains($"DNS record to make now: {Name} A ", said, StringComparison.Ordinal);
        Assert.All(account.Zones, z => Assert.Empty(z.Sets));
    }

    [Fact]
    public async Task Done_is_not_served_and_a_zone_that_nobody_is_led_to_is_said()
    {
        using var account = new TAccount();
        var zone = account.PlantZone();
        var servers = new PlayedServers(account.Time, ["ns.elsewhere.example"], () => [.. zone.Find("A", Name)?.Values ?? []]);
        account.NameServers = servers;
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Contains("example.com of ", said, StringComparison.Ordinal);
        Assert.Contains("is not delegated to: the world is led to ns.elsewhere.example", said, StringComparison.Ordinal);
        Assert.Contains("of the zone's servers answer so", said, StringComparison.Ordinal);
        Assert.True(servers.Asked > 1);
        using var silent = new TAccount();
        silent.PlantZone();
        silent.NameServers = new PlayedServers(silent.Time, ["ns.elsewhere.example"], () => []);
        Assert.Contains($"{Name}: the zone's own servers do not have the record yet, after 2 minutes", await DoneAsync(silent, silent.Spec, Launch), StringComparison.Ordinal);
    }

    /// <summary>With a zone: the calls that a launch without one does not make, and those around them.</summary>
    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task The_record_cut_off_at_any_call_is_finished_by_the_next(Fault fault)
    {
        using var reference = new TAccount();
        reference.PlantZone();
        var empty = reference.Inventory;
        var made = await CountedAsync(reference, reference.Spec, Launch);
        var removed = await CountedAsync(reference, reference.Spec, Destroy);
        Assert.Equal(empty, reference.Inventory);
        // One fault or the other at each: both at all of them would take most of a minute.
        var at = reference.Subjects.Where(s => s.About == CallAbout.Zone).Select(s => s.At).Select(c => c <= made.Calls ? (Launch, c) : (Destroy, c - made.Calls)).Distinct().Where((_, i) => i % 2 == (fault == Fault.Kill ? 0 : 1)).ToArray();
        Assert.NotEmpty(at);
        await AtEachAsync([.. Enumerable.Range(1, at.Length)], async i =>
        {
            using var account = new TAccount();
            account.PlantZone();
            var (command, call) = at[i - 1];
            if (command == Launch)
                await CutOffAsync(account, account.Spec, Launch, fault, call, made.Inventory);
            else
                await DoneAsync(account, account.Spec, Launch);
            if (command == Destroy)
                await CutOffAsync(account, account.Spec, Destroy, fault, call, empty);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault} at {at.Length} of {made.Calls + removed.Calls} calls");
    }

    [Fact]
    public async Task An_identity_is_made_shown_given_up_and_removed()
    {
        using var account = new TAccount();
        account.ForgetIdentity();
        var empty = account.Inventory;
        var first = await DoneAsync(account, account.WithoutIdentity, Launch);
        Assert.Matches("  \\+ identity duo-gitlab[^:]*: of duo-gitlab\n", first);
        var writes = account.Writes;
        Assert.Contains("no change", await DoneAsync(account, account.WithoutIdentity, Launch), StringComparison.Ordinal);
        Assert.Equal(writes, account.Writes);
        // One of the user's own comes instead, and the way back too.
        Assert.Matches("  - identity duo-gitlab[^:]*: duo-gitlab gets another, or needs none\n", await DoneAsync(account, account.WithOtherIdentity, Launch));
        using var own = new TAccount();
        own.ForgetIdentity();
        await DoneAsync(own, own.WithOtherIdentity, Launch);
        Assert.Equal(own.Inventory, account.Inventory);
        Assert.Matches("  \\+ identity duo-gitlab[^:]*: of duo-gitlab\n", await DoneAsync(account, account.WithoutIdentity, Launch));
        Assert.Contains("no change", await DoneAsync(account, account.WithoutIdentity, Launch), StringComparison.Ordinal);
        // Without the data too: it is made again with the next launch.
        var kept = await DoneAsync(account, account.WithoutIdentity, "destroy", "--yes");
        Assert.Matches("  - identity duo-gitlab[^ ]* ", kept);
        Assert.DoesNotContain(account.Inventory.Except(empty), l => l.Contains("identity", StringComparison.Ordinal) || l.StartsWith("role ", StringComparison.Ordinal) || l.Contains("serviceAccounts", StringComparison.Ordinal));
        await DoneAsync(account, account.WithoutIdentity, Destroy);
        Assert.Equal(empty, account.Inventory);
    }

    [Fact]
    public async Task What_somebody_changed_of_an_identity_is_said_and_mended()
    {
        using var all = new TAccount();
        for (var i = 0; i < all.IdentityChangedByHand.Length; i++)
        {
            using var account = new TAccount();
            account.ForgetIdentity();
            await DoneAsync(account, account.WithoutIdentity, Launch);
            var stack = account.Inventory;
            var (says, change) = account.IdentityChangedByHand[i];
            change();
            Assert.NotEqual(stack, account.Inventory);
            Assert.Contains($"  {says}", await DoneAsync(account, account.WithoutIdentity, Launch), StringComparison.Ordinal);
            Assert.Equal(stack, account.Inventory);
            Assert.Contains("no change", await DoneAsync(account, account.WithoutIdentity, Launch), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_identity_of_somebody_else_is_nobodys()
    {
        using var account = new TAccount();
        account.PlantIdentity();
        var foreign = account.Inventory;
        var run = await account.RunAsync(account.WithoutIdentity, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Matches("there is an identity duo-gitlab[^ ]*, and it is not this stack's: write its name as `gitlab\\.[a-z_]+` if it is meant", run.Error);
        Assert.Equal(foreign, account.Inventory);
        await account.RunAsync(account.WithoutIdentity, Destroy);
        Assert.Equal(foreign, account.Inventory);
    }

    /// <summary>At the calls about it, and at those after it: whoever may make none has nothing else yet.</summary>
    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task An_identity_cut_off_at_any_call_is_finished_by_the_next(Fault fault)
    {
        using var reference = new TAccount();
        reference.ForgetIdentity();
        var empty = reference.Inventory;
        var made = await CountedAsync(reference, reference.WithoutIdentity, Launch);
        var removed = await CountedAsync(reference, reference.WithoutIdentity, Destroy);
        Assert.Equal(empty, reference.Inventory);
        var at = reference.Subjects.Where(s => s.About == CallAbout.Identity).Select(s => s.At <= made.Calls ? (Launch, s.At) : (Destroy, s.At - made.Calls)).ToArray();
        Assert.True(at.Length > 3, $"{at.Length} calls");
        await AtEachAsync([.. Enumerable.Range(0, at.Length)], async i =>
        {
            using var account = new TAccount();
            account.ForgetIdentity();
            var (command, call) = at[i];
            if (command == Launch)
                await CutOffAsync(account, account.WithoutIdentity, Launch, fault, call, made.Inventory);
            else
                await DoneAsync(account, account.WithoutIdentity, Launch);
            await CutOffAsync(account, account.WithoutIdentity, Destroy, fault, command == Destroy ? call : int.MaxValue / 2, empty);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault} at {at.Length} of {made.Calls + removed.Calls} calls");
    }

    [Fact]
    public async Task What_belongs_to_others_is_never_touched()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            using var account = new TAccount();
            account.PlantForeign(new Random(seed));
            var foreign = account.Inventory;
            // A stranger's thing under a name that the stack needs is a refusal; both ends must leave the stranger alone.
            await account.RunAsync(account.Spec, Launch);
            Assert.Empty(foreign.Except(account.Inventory));
            await account.RunAsync(account.Spec, Destroy);
            Assert.Equal(foreign, account.Inventory);
        }
    }

    /// <summary>A stack that was destroyed and left what it keeps: the secrets and a copy of the data.</summary>
    private static async Task KeptAsync(TAccount account)
    {
        await DoneAsync(account, account.Spec, Launch);
        Assert.Matches("left: snapshot .*: kept, with the stack's secrets; --delete-data removes it\n", await DoneAsync(account, account.Spec, "destroy", "--yes", "--release-address"));
    }

    /// <summary>Cuts a command off at one of its calls and runs it again to its end, which must be that of a run that nothing cut off.</summary>
    private static async Task CutOffAsync(TAccount account, string spec, string[] command, Fault fault, int at, ImmutableArray<string> wanted)
    {
        (account.FaultAt, account.FaultKind) = (account.Calls + at, fault);
        await account.RunAsync(spec, command);
        account.FaultAt = 0;
        await DoneAsync(account, spec, command);
        Assert.True(wanted.SequenceEqual(account.Inventory), $"{command[0]}, {fault} at call {at}:\n{string.Join('\n', account.Inventory)}\n\nwanted:\n{string.Join('\n', wanted)}");
    }

    private static async Task<(int Calls, ImmutableArray<string> Inventory)> CountedAsync(TAccount account, string spec, string[] command)
    {
        var before = account.Calls;
        await DoneAsync(account, spec, command);
        return (account.Calls - before, account.Inventory);
    }

    /// <summary>Each trial waits much of its time for a clock of its own.</summary>
    private static Task AtEachAsync(IEnumerable<int> calls, Func<int, Task> trial) =>
        Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = Abreast }, async (at, _) => await trial(at));

    /// <summary>For trials of which many can be made on one stack.</summary>
    private static Task AtSomeAsync(int[] calls, Func<IEnumerable<int>, Task> trial) =>
        AtEachAsync(Enumerable.Range(0, Abreast), first => trial(calls.Where((_, i) => i % Abreast == first)));

    /// <summary>The calls that are cut off, counted from 1. An ordinary run takes some of those of a cloud, and others for another fault.</summary>
    private int[] Cuts(int calls, Fault fault) => [.. Enumerable.Range(1, calls).Where(at => at % Stride == (int)fault % Stride)];

    private static int Within(int at, int calls) => ((at - 1) % calls) + 1;

    /// <returns>What the command said.</returns>
    private static async Task MendedAsync(Func<TAccount, ImmutableArray<(string Says, Action Do)>> deeds, string what)
    {
        using var all = new TAccount();
        for (var i = 0; i < deeds(all).Length; i++)
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            var stack = account.Inventory;
            var (says, change) = deeds(account)[i];
            change();
            Assert.NotEqual(stack, account.Inventory);
            var writes = account.Writes;
            var diff = await account.RunAsync(account.Spec, "diff");
            Assert.True(diff.Code == ExitCode.Different, diff.Error);
            Assert.Contains($"  ~ {what}: {says}", diff.Out, StringComparison.Ordinal);
            Assert.Equal(writes, account.Writes);
            var said = await DoneAsync(account, account.Spec, Launch);
            Assert.Contains($"  ~ {what}: {says}", said, StringComparison.Ordinal);
            Assert.DoesNotContain("no change", said, StringComparison.Ordinal);
            Assert.Equal(stack, account.Inventory);
            Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        }
    }

    protected static async Task<string> DoneAsync(TAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
