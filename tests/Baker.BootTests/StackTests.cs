using System.Text.Json.Nodes;
using Baker.Verifying.Asking;
using Xunit;

namespace Baker.BootTests;

/// <summary>A whole stack, from `baker launch` to `baker destroy`, on machines that boot.</summary>
public class StackTests
{
    private const int GitLab = 10, Gateway = 20, Ollama = 30;
    private static readonly (string Role, int Host)[] Roles = [("gitlab", GitLab), ("gateway", Gateway), ("ollama", Ollama)];

    [Fact]
    public async Task A_stack_gets_ready_by_itself_takes_a_change_survives_a_power_cut_and_goes_without_a_trace()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "lab", 18443, "10.77");
        await stack.DoneAsync("doctor");
        await stack.DoneAsync("launch", "--yes", "--timeout", "40");
        await stack.DoneAsync("status");
        await CleanBootsAsync(stack);
        await OnlyTheGatewayReachesTheModelAsync(stack);
        await AQuestionIsAnsweredAsync(stack);
        NoSecretIsShown(stack);
        Assert.Contains("no change", await stack.DoneAsync("launch", "--yes"), StringComparison.Ordinal);

        // A changed spec: without another machine, and with the steps it touches only.
        var before = await StampsAsync(stack, Ollama);
        var machines = stack.Machines().Select(m => m.Id).Order().ToArray();
        stack.Write("  context_length: 8192");
        await stack.DoneAsync("launch", "--yes", "--timeout", "20");
        Assert.Equal(machines, stack.Machines().Select(m => m.Id).Order());
        Assert.Contains("OLLAMA_CONTEXT_LENGTH=8192", (await stack.SshAsync(Ollama, "systemctl show -p Environment ollama")).Out, StringComparison.Ordinal);
        Assert.Equal(["service"], await ChangedAsync(stack, Ollama, before));

        // All three at once lose their power.
        var stamps = new Dictionary<int, string>();
        foreach (var (_, host) in Roles)
            stamps[host] = await StampsAsync(stack, host);
        foreach (var machine in stack.Machines())
            machine.Kill();
        await stack.DoneAsync("start", "--timeout", "40");
        foreach (var (_, host) in Roles)
            Assert.Empty(await ChangedAsync(stack, host, stamps[host]));
        await OnlyTheGatewayReachesTheModelAsync(stack);
        await AQuestionIsAnsweredAsync(stack);
        NoSecretIsShown(stack);

        await stack.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.Empty(stack.Machines());
        Assert.Empty(Directory.Exists(stack.State) ? Directory.GetFileSystemEntries(stack.State) : []);
        Assert.Contains("nothing of stack lab", await stack.DoneAsync("destroy", "--yes"), StringComparison.Ordinal);
    }

    private static async Task CleanBootsAsync(StackOnDesk stack)
    {
        foreach (var (role, host) in Roles)
        {
            var status = JsonNode.Parse((await stack.SshAsync(host, "cloud-init status --format json")).Out)!;
            Assert.True(status["status"]!.GetValue<string>() == "done" && status["errors"]!.AsArray().Count == 0 && status["recoverable_errors"]!.AsObject().Count == 0, $"{role}: {status}");
        }
    }

    private static async Task OnlyTheGatewayReachesTheModelAsync(StackOnDesk stack)
    {
        const string models = "http://10.77.1.30:11434/v1/models";
        var fromContainer = await stack.SshAsync(Gateway, $"docker exec gitlab-aigw python3 -c \"import urllib.request; print(urllib.request.urlopen(\\\"{models}\\\", timeout=20).status)\"");
        Assert.True(fromContainer.Out.Trim() == "200", fromContainer.Out + fromContainer.Error);
        var fromGitLab = await stack.SshAsync(GitLab, $"curl -sS -m 10 {models}; echo \"code $?\"");
        Assert.True(fromGitLab.Out.Trim() is "code 7" or "code 28", fromGitLab.Out + fromGitLab.Error);
    }

    /// <summary>By the model's stand-in, through GitLab and the gateway. Nobody has told this machine GitLab's name, which `verify` says and survives.</summary>
    private static async Task AQuestionIsAnsweredAsync(StackOnDesk stack)
    {
        var token = (await stack.SshAsync(GitLab,
            "gitlab-rails runner \"print User.find_by_username(%q[root]).personal_access_tokens.create!(name: %q[ask], scopes: [%q[api]], expires_at: Date.today + 1).token\"")).Out.Trim();
        Assert.NotEmpty(token);
        var run = await stack.BakerWithAsync(PersonalToken.Variable, token, "verify", "--ca", Directory.GetFiles(stack.State, "tls-ca", SearchOption.AllDirectories).Single(), "--ask", "What is a merge request?");
        Assert.Contains("\n✓ question              asked as root, answered\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n\nA stand-in has no answer to 24 characters.\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(token, run.Words, StringComparison.Ordinal);
    }

    private static void NoSecretIsShown(StackOnDesk stack)
    {
        var secrets = Directory.GetFiles(stack.State, "*", SearchOption.AllDirectories).Where(p => p.Contains("/secrets/", StringComparison.Ordinal) && !p.EndsWith("tls-ca", StringComparison.Ordinal) && !p.EndsWith("tls-cert", StringComparison.Ordinal)).Select(File.ReadAllText).ToArray();
        // The root password, the certificate's key and the licence.
        Assert.Equal(3, secrets.Length);
        Assert.Contains(secrets, s => s.StartsWith(StackOnDesk.License, StringComparison.Ordinal));
        foreach (var (role, _) in Roles)
            Assert.All(secrets, secret => Assert.DoesNotContain(secret.Split('\n').First(l => !l.StartsWith('-')), stack.Console(role), StringComparison.Ordinal));
    }

    /// <summary>Every once-step with the time at which it was last done.</summary>
    private static async Task<string> StampsAsync(StackOnDesk stack, int host) => (await stack.SshAsync(host, "cd /var/lib/baker/steps && stat -c \"%n %.Y\" *")).Out;

    private static async Task<string[]> ChangedAsync(StackOnDesk stack, int host, string before) =>
        [.. (await StampsAsync(stack, host)).Split('\n').Except(before.Split('\n')).Select(l => l.Split(' ')[0])];
}
