using System.Text.Json.Nodes;
using Xunit;

namespace Baker.BootTests;

/// <summary>A stack that meets on its way what can go wrong.</summary>
[Trait("tier", "all")]
public sealed class TroubleTests : IDisposable
{
    /// <summary>For one thing to be said by an emulated machine beside two others.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    /// <summary>One machine at a time is without power, so that whoever starts what is off starts that one.</summary>
    private readonly SemaphoreSlim _off = new(1);

    [Fact]
    public async Task A_stack_gets_ready_although_mirrors_and_GitLab_come_late_and_power_goes_and_after_each_reboot()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "hard", 18446, "10.80");

        // No mirror answers, and GitLab's machine is away until the others have noticed.
        await lab.TellAsync(new JsonObject { ["do"] = "fault", ["fault"] = new JsonObject { ["path"] = "*", ["do"] = "status", ["code"] = 503, ["times"] = -1 } });
        await stack.DoneAsync("launch", "--yes", "--no-wait");
        stack.CutPower("gitlab");
        foreach (var role in (string[])["gateway", "ollama"])
            await stack.SaidAsync(role, "\"state\":\"retrying\"", 0, Limit);
        await lab.TellAsync(new JsonObject { ["do"] = "clear" });

        // Power goes in the middle of what each of them installs, and where GitLab configures itself.
        await stack.DoneAsync("start", "--no-wait");
        await Task.WhenAll(
            CutInAsync(stack, "ollama", "models"),
            CutInAsync(stack, "gateway", "gateway-image"),
            CutInAsync(stack, "gitlab", "gitlab-package", "reconfigure"));
        await stack.DoneAsync("launch", "--yes", "--timeout", "60");
        await StackChecks.IsWholeAsync(stack);

        // Each in turn is told to reboot.
        foreach (var (role, host) in StackChecks.Roles)
        {
            var stamps = await StackChecks.StampsAsync(stack, host);
            var said = stack.Console(role).Length;
            await stack.SshAsync(host, "systemctl reboot");
            await stack.SaidAsync(role, "\"state\":\"ready\"", said, Limit);
            Assert.Empty(await StackChecks.ChangedAsync(stack, host, stamps));
        }
        await StackChecks.IsWholeAsync(stack);
    }

    public void Dispose() => _off.Dispose();

    /// <summary>Cuts a machine's power when it has begun a step, and switches it on again; one step after the other.</summary>
    private async Task CutInAsync(StackOnDesk stack, string role, params string[] steps)
    {
        var said = 0;
        foreach (var step in steps)
        {
            await stack.SaidAsync(role, $"\"step\":\"{step}\",\"state\":\"running\"", said, Limit);
            // It begins to write.
            await Task.Delay(2000, TestContext.Current.CancellationToken);
            await _off.WaitAsync(TestContext.Current.CancellationToken);
            stack.CutPower(role);
            said = stack.Console(role).Length;
            await stack.DoneAsync("start", "--no-wait");
            _off.Release();
        }
    }
}
