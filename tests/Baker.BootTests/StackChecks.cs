using System.Text.Json.Nodes;
using Baker.Verifying.Asking;
using Xunit;

namespace Baker.BootTests;

/// <summary>What holds of every stack that says it is ready.</summary>
internal static class StackChecks
{
    /// <summary>The last numbers of the addresses of a stack's machines.</summary>
    public const int GitLab = 10, Gateway = 20, Ollama = 30;

    public static readonly (string Role, int Host)[] Roles = [("gitlab", GitLab), ("gateway", Gateway), ("ollama", Ollama)];

    /// <summary>What a person sees, the model's protection and the secrets.</summary>
    public static async Task IsWholeAsync(StackOnDesk stack)
    {
        await stack.DoneAsync("status");
        await OnlyTheGatewayReachesTheModelAsync(stack);
        await AQuestionIsAnsweredAsync(stack);
        await NoSecretIsShownAsync(stack);
    }

    public static async Task BootedWithoutErrorsAsync(StackOnDesk stack)
    {
        foreach (var (role, host) in Roles)
        {
            var status = JsonNode.Parse((await stack.SshAsync(host, "cloud-init status --format json")).Out)!;
            Assert.True(status["status"]!.GetValue<string>() == "done" && status["errors"]!.AsArray().Count == 0 && status["recoverable_errors"]!.AsObject().Count == 0, $"{role}: {status}");
        }
    }

    /// <summary>Every once-step of a machine with the time at which it was last done.</summary>
    public static async Task<string> StampsAsync(StackOnDesk stack, int host) => (await stack.SshAsync(host, "cd /var/lib/baker/steps && stat -c \"%n %.Y\" *")).Out;

    /// <summary>Steps that were done again since.</summary>
    public static async Task<string[]> ChangedAsync(StackOnDesk stack, int host, string before) =>
        [.. (await StampsAsync(stack, host)).Split('\n').Except(before.Split('\n')).Select(l => l.Split(' ')[0])];

    /// <summary>Each of the two services in the gateway's container ends alone: it comes back by itself, and the next question is answered.</summary>
    public static async Task OutlivesItsServicesAsync(StackOnDesk stack)
    {
        const string Health = "/usr/local/lib/baker/ai-gateway health";
        foreach (var service in new[] { "serve", "agent" })
        {
            // By a pattern that does not match the words that look for it.
            var killed = await stack.SshAsync(Gateway,
                $"kill -KILL $(grep -la \"[{service[0]}]{service[1..]}[.]py\" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3) && ! {Health}");
            Assert.True(killed.Code == 0, $"{service}: {killed.Words}");
            var back = await stack.SshAsync(Gateway, $"for i in {{1..80}}; do if {Health}; then exit; fi; sleep 5; done; exit 1");
            Assert.True(back.Code == 0, $"{service}: {back.Words}");
            await AQuestionIsAnsweredAsync(stack);
        }
    }

    private static async Task OnlyTheGatewayReachesTheModelAsync(StackOnDesk stack)
    {
        var models = $"http://{stack.Address($"1.{Ollama}")}:11434/v1/models";
        var fromContainer = await stack.SshAsync(Gateway, $"docker exec gitlab-aigw python3 -c \"import urllib.request; print(urllib.request.urlopen(\\\"{models}\\\", timeout=20).status)\"");
        Assert.True(fromContainer.Out.Trim() == "200", fromContainer.Out + fromContainer.Error);
        // Past the filter, and by other paths of it, the container gets nowhere.
        var api = $"http://{stack.Address($"1.{Ollama}")}";
        foreach (var (closed, said) in new[] { (":11434/api/tags", "403"), (":11434/v1/../api/tags", "403"), (":11435/api/tags", "nobody") })
        {
            var asked = await stack.SshAsync(Gateway, "docker exec gitlab-aigw python3 -c \"import urllib.request, urllib.error\ntry: print(urllib.request.urlopen(\\\"" + api + closed
                + "\\\", timeout=20).status)\nexcept urllib.error.HTTPError as no: print(no.code)\nexcept OSError: print(\\\"nobody\\\")\"");
            Assert.True(asked.Out.Trim() == said, closed + asked.Out + asked.Error);
        }
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

    /// <summary>On no console, to which the image's rsyslog copies much, and in no log of a machine. Where its scripts use them is no log.</summary>
    private static async Task NoSecretIsShownAsync(StackOnDesk stack)
    {
        var secrets = Directory.GetFiles(stack.State, "*", SearchOption.AllDirectories).Where(p => p.Contains("/secrets/", StringComparison.Ordinal) && !p.EndsWith("tls-ca", StringComparison.Ordinal) && !p.EndsWith("tls-cert", StringComparison.Ordinal)).Select(File.ReadAllText).ToArray();
        // The root password, the certificate's key and the licence.
        Assert.Equal(3, secrets.Length);
        Assert.Contains(secrets, s => s.StartsWith(StackOnDesk.License, StringComparison.Ordinal));
        foreach (var (role, host) in Roles)
        {
            var logs = await stack.SshAsync(host, "journalctl --no-pager --quiet; find /var/log /run/baker -path /run/baker/private -prune -o -type f -not -name \"*.journal\" -exec zcat -f {} +");
            Assert.True(logs.Out.Contains("BAKER", StringComparison.Ordinal) || logs.Out.Contains("\"role\":", StringComparison.Ordinal), logs.Error);
            foreach (var secret in secrets.Select(s => s.Split('\n').First(l => !l.StartsWith('-'))))
            {
                Assert.DoesNotContain(secret, stack.Console(role), StringComparison.Ordinal);
                Assert.DoesNotContain(secret, logs.Out, StringComparison.Ordinal);
            }
        }
    }
}
