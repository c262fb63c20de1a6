using System.Text.Json.Nodes;
using Xunit;

namespace Baker.BootTests;

/// <summary>A stack that meets on its way what can go wrong, and afterwards what is done to one that works.</summary>
[Trait("tier", "all")]
public sealed class TroubleTests : IDisposable
{
    /// <summary>For one thing to be said by an emulated machine beside two others.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    /// <summary>One machine at a time is without power, so that whoever starts what is off starts that one.</summary>
    private readonly SemaphoreSlim _off = new(1);

    [Fact]
    public async Task A_stack_gets_ready_although_mirrors_and_GitLab_come_late_and_power_goes_and_keeps_its_data_on_a_new_machine()
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

        // Another model, on the machines that are there.
        await lab.TellAsync(new JsonObject { ["do"] = "set", ["state"] = new JsonObject { ["models"] = new JsonObject { ["library/mistral:instruct"] = "mistral", ["library/mixtral:8x7b"] = "mixtral" } } });
        var before = stack.Machines().Select(m => m.Id).Order().ToArray();
        stack.Write("  model: mixtral:8x7b\n  disk_gb: 60");
        await stack.DoneAsync("launch", "--yes", "--timeout", "60");
        Assert.Equal(before, stack.Machines().Select(m => m.Id).Order());
        Assert.Contains("mixtral:8x7b", (await stack.SshAsync(StackChecks.Ollama, "ollama ps")).Out, StringComparison.Ordinal);
        await StackChecks.IsWholeAsync(stack);

        // GitLab's machine is made anew, around the old data.
        var kept = await KeptAsync(stack);
        await stack.DoneAsync("launch", "--yes", "--replace", "gitlab", "--timeout", "60");
        Assert.Equal(kept, await KeptAsync(stack));
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

    /// <summary>What a new machine has to have of the old one: GitLab's own secrets, its host keys, what is in its database.</summary>
    private static async Task<string> KeptAsync(StackOnDesk stack)
    {
        var run = await stack.SshAsync(StackChecks.GitLab, "sha256sum /etc/gitlab/gitlab-secrets.json /etc/ssh/ssh_host_ed25519_key; gitlab-rails runner \"print User.count\"");
        Assert.True(run.Code == 0, run.Error);
        return run.Out;
    }
}
