using Xunit;

namespace Baker.BootTests;

/// <summary>Launches that are cut off, met by another, or taken down half-way. Nobody waits for the machines to get ready.</summary>
[Trait("tier", "all")]
public class InterruptedTests
{
    [Fact]
    public async Task A_killed_launch_is_finished_by_the_next_and_destroyed_three_times()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "cut", 18444, "10.78");
        using (var launch = stack.Start("launch", "--yes"))
        {
            await UntilAsync(() => stack.Machines().Length > 0);
            launch.Kill();
            await launch.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await stack.DoneAsync("launch", "--yes", "--no-wait");
        Assert.Equal(3, stack.Machines().Length);
        for (var time = 0; time < 3; time++)
            await stack.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.Empty(stack.Machines());
        Assert.Empty(Directory.Exists(stack.State) ? Directory.GetFileSystemEntries(stack.State) : []);
    }

    [Fact]
    public async Task Of_two_launches_at_once_one_works_and_one_is_refused_or_finds_it_done()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "two", 18445, "10.79");
        var runs = await Task.WhenAll(stack.BakerAsync("launch", "--yes", "--no-wait"), stack.BakerAsync("launch", "--yes", "--no-wait"));
        var said = string.Join('\n', runs.Select(run => $"exit code {run.Code}\n{run.Out}{run.Error}"));
        Assert.True(runs.Any(run => run.Code == 0) && runs.All(run => run.Code is 0 or 3), said);
        Assert.True(stack.Machines().Length == 3, said);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var look = 0; look < 10_000 && !holds(); look++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }
}
