using Xunit;

namespace Baker.BootTests;

/// <summary>A whole stack, from `baker launch` to `baker destroy`, on machines that boot.</summary>
public class StackTests
{
    [Fact]
    public async Task A_stack_gets_ready_by_itself_takes_a_change_survives_a_power_cut_and_goes_without_a_trace()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "lab", 18443, "10.77");
        await stack.DoneAsync("doctor");
        await stack.DoneAsync("launch", "--yes", "--timeout", "40");
        await StackChecks.BootedWithoutErrorsAsync(stack);
        await StackChecks.IsWholeAsync(stack);
        Assert.Contains("no change", await stack.DoneAsync("launch", "--yes"), StringComparison.Ordinal);

        // A changed spec: without another machine, and with the steps it touches only.
        var before = await StackChecks.StampsAsync(stack, StackChecks.Ollama);
        var machines = stack.Machines().Select(m => m.Id).Order().ToArray();
        stack.Write("  context_length: 8192");
        await stack.DoneAsync("launch", "--yes", "--timeout", "20");
        Assert.Equal(machines, stack.Machines().Select(m => m.Id).Order());
        Assert.Contains("OLLAMA_CONTEXT_LENGTH=8192", (await stack.SshAsync(StackChecks.Ollama, "systemctl show -p Environment ollama")).Out, StringComparison.Ordinal);
        Assert.Equal(["service"], await StackChecks.ChangedAsync(stack, StackChecks.Ollama, before));

        // All three at once lose their power.
        var stamps = new Dictionary<int, string>();
        foreach (var (_, host) in StackChecks.Roles)
            stamps[host] = await StackChecks.StampsAsync(stack, host);
        foreach (var machine in stack.Machines())
            machine.Kill();
        await stack.DoneAsync("start", "--timeout", "40");
        foreach (var (_, host) in StackChecks.Roles)
            Assert.Empty(await StackChecks.ChangedAsync(stack, host, stamps[host]));
        await StackChecks.IsWholeAsync(stack);

        await stack.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.Empty(stack.Machines());
        Assert.Empty(Directory.Exists(stack.State) ? Directory.GetFileSystemEntries(stack.State) : []);
        Assert.Contains("nothing of stack lab", await stack.DoneAsync("destroy", "--yes"), StringComparison.Ordinal);
    }
}
