using System.Collections.Immutable;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What holds on every cloud of a machine that gets another type or a larger root disk. One class per cloud derives from it.</summary>
public abstract class ReshapeContract<TAccount>
    where TAccount : FakeAccount, new()
{
    private const string Disk = "disk of 20 GB becomes 40 GB (gateway.disk_gb), stops and starts the machine";

    private static readonly int Stride = Environment.GetEnvironmentVariable("BAKER_EVERY_CALL") is null ? 5 : 1;

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait", "--break-lock"];

    [Fact]
    public async Task A_larger_root_disk_and_another_type_are_said_and_given_to_the_machine_that_stands()
    {
        using var account = new TAccount();
        var (from, to) = account.Roomier;
        await DoneAsync(account, account.Spec, Launch);
        var machines = await MachinesAsync(account);
        var larger = account.Spec + "gateway: { disk_gb: 40 }\n";
        Assert.Contains($"  ~ machine duo-gateway: {Disk}", await DoneAsync(account, larger, Launch), StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, larger, Launch), StringComparison.Ordinal);
        // EC2 changes a volume once in six hours.
        await Task.Delay(TimeSpan.FromHours(7), account.Time, TestContext.Current.CancellationToken);
        var both = account.Spec + $"gateway: {{ disk_gb: 60, machine: {to} }}\n";
        var said = await DoneAsync(account, both, Launch);
        Assert.Contains($"  ~ machine duo-gateway: type {from} becomes {to} (gateway.machine), stops and starts the machine; disk of 40 GB becomes 60 GB", said, StringComparison.Ordinal);
        Assert.Contains($"      machine duo-gateway ({to}", said, StringComparison.Ordinal);
        Assert.Contains("      root disk duo-gateway (60 GB", said, StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, both, Launch), StringComparison.Ordinal);
        // A disk gets no smaller, and nobody asks for it.
        Assert.Contains($"type {to} becomes {from} (gateway.machine)", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Equal(machines, await MachinesAsync(account));
    }

    [Fact]
    public async Task With_new_user_data_it_is_one_stop_and_one_start()
    {
        using var account = new TAccount();
        await DoneAsync(account, account.Spec, Launch);
        var machines = await MachinesAsync(account);
        var changed = account.Spec + $"gateway: {{ machine: {account.Roomier.To} }}\nmirrors: {{ proxy: 'http://10.77.0.200:3128' }}\n";
        Assert.Contains("machine duo-gateway: new user-data", await DoneAsync(account, changed, Launch), StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, changed, Launch), StringComparison.Ordinal);
        Assert.Equal(machines, await MachinesAsync(account));
    }

    [Theory, InlineData(Fault.Refuse), InlineData(Fault.Kill)]
    public async Task It_is_finished_by_the_next_launch_wherever_it_was_cut_off(Fault fault)
    {
        using var reference = new TAccount();
        var spec = reference.Spec + $"gateway: {{ disk_gb: 40, machine: {reference.Roomier.To} }}\n";
        await DoneAsync(reference, reference.Spec, Launch);
        var before = reference.Calls;
        await DoneAsync(reference, spec, Launch);
        var (calls, wanted) = (reference.Calls - before, reference.Inventory);
        await Parallel.ForEachAsync(Enumerable.Range(1, calls).Where(at => at % Stride == 0), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) =>
        {
            using var account = new TAccount();
            await DoneAsync(account, account.Spec, Launch);
            (account.FaultAt, account.FaultKind) = (account.Calls + at, fault);
            await account.RunAsync(spec, Launch);
            account.FaultAt = 0;
            await DoneAsync(account, spec, Launch);
            Assert.True(wanted.SequenceEqual(account.Inventory), $"{fault} at call {at}:\n{string.Join('\n', account.Inventory)}\n\nwanted:\n{string.Join('\n', wanted)}");
        });
    }

    private static async Task<ImmutableArray<string>> MachinesAsync(TAccount account)
    {
        var (cloud, owner) = account.Enter();
        await using (cloud)
            return [.. (await cloud.Machines.FindAsync(owner, TestContext.Current.CancellationToken)).Select(m => m.Id).Order(StringComparer.Ordinal)];
    }

    private static async Task<string> DoneAsync(TAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
