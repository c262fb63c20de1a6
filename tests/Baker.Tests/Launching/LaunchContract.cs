using System.Collections.Immutable;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What holds of a launch on every cloud, whatever is refused or killed on the way. One class per cloud derives from it.</summary>
public abstract class LaunchContract<TAccount>
    where TAccount : FakeAccount, new()
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait", "--break-lock"];
    private static readonly string[] Destroy = ["destroy", "--yes", "--delete-data", "--release-address", "--break-lock"];

    /// <summary>How far apart the calls are at which a command is cut off.</summary>
    protected virtual int Stride => 1;

    [Fact]
    public async Task A_second_launch_changes_nothing_and_destroy_leaves_nothing()
    {
        using var account = new TAccount();
        var empty = account.Inventory;
        await DoneAsync(account, account.Spec, Launch);
        var stack = account.Inventory;
        Assert.NotEqual(empty, stack);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Equal(stack, account.Inventory);
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(empty, account.Inventory);
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

    [Fact]
    public async Task Stopped_machines_start_again()
    {
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        var stack = account.Inventory;
        await DoneAsync(account, account.Spec, "stop");
        Assert.NotEqual(stack, account.Inventory);
        await DoneAsync(account, account.Spec, "start", "--no-wait");
        Assert.Equal(stack, account.Inventory);
    }

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public Task A_launch_cut_off_at_any_call_is_finished_by_the_next(Fault fault) =>
        AtEveryCallAsync(fault, before: null, account => account.Spec, Launch, DestroyLeavesNothingAsync);

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public Task A_change_cut_off_at_any_call_is_finished_by_the_next(Fault fault) =>
        AtEveryCallAsync(fault, Launch, account => account.ChangedSpec, Launch, DestroyLeavesNothingAsync);

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public Task A_destroy_cut_off_at_any_call_is_finished_by_the_next(Fault fault) =>
        AtEveryCallAsync(fault, Launch, account => account.Spec, Destroy, _ => Task.CompletedTask);

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

    /// <summary>Runs a command once for each of its calls, cutting it off there, and then again to its end, which must be the end of a run that nothing cut off.</summary>
    private async Task AtEveryCallAsync(Fault fault, string[]? before, Func<TAccount, string> spec, string[] command, Func<TAccount, Task> afterwards)
    {
        var (first, last, wanted) = await ReferenceAsync(before, spec, command);
        var report = TestContext.Current.TestOutputHelper;
        report?.WriteLine($"{command[0]}: {last - first + 1} calls, {fault} at each{(Stride == 1 ? "" : $" {Stride}th")}");
        // Each trial waits most of its time for a clock of its own.
        await Parallel.ForEachAsync(Enumerable.Range(first, last - first + 1), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) =>
        {
            using var account = new TAccount();
            if (before is not null)
                await DoneAsync(account, account.Spec, before);
            (account.FaultAt, account.FaultKind) = (at, fault);
            await account.RunAsync(spec(account), command);
            account.FaultAt = 0;
            await DoneAsync(account, spec(account), command);
            Assert.True(wanted.SequenceEqual(account.Inventory), $"{fault} at call {at}:\n{string.Join('\n', account.Inventory)}\n\nwanted:\n{string.Join('\n', wanted)}");
            await afterwards(account);
        });
    }

    private static async Task<(int First, int Last, ImmutableArray<string> Wanted)> ReferenceAsync(string[]? before, Func<TAccount, string> spec, string[] command)
    {
        using var account = new TAccount();
        if (before is not null)
            await DoneAsync(account, account.Spec, before);
        var first = account.Calls + 1;
        await DoneAsync(account, spec(account), command);
        return (first, account.Calls, account.Inventory);
    }

    private static async Task DestroyLeavesNothingAsync(TAccount account)
    {
        using var fresh = new TAccount();
        await DoneAsync(account, account.Spec, Destroy);
        Assert.Equal(fresh.Inventory, account.Inventory);
    }

    /// <returns>What the command said.</returns>
    protected static async Task<string> DoneAsync(TAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
