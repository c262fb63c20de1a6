using System.Text.Json.Nodes;
using Xunit;

namespace Baker.BootTests;

/// <summary>What is done to a stack that works: its gateway's services end, another model, and a new machine around GitLab's data.</summary>
[Trait("tier", "all")]
public class ChangeTests
{
    private const string Model = "mistral-small3.2:24b";

    [Fact]
    public async Task A_stack_outlives_the_gateways_services_takes_another_model_on_the_same_machines_and_keeps_its_data_on_a_new_one()
    {
        await using var lab = await BootLab.StartAsync();
        await using var stack = await StackOnDesk.DescribeAsync(lab, "changed", 18455, "10.89");
        // With the second of the gateway's services.
        const string Agents = "\nduo: { family: gpt, features: [code_completions, duo_chat, duo_agent_platform] }";
        stack.Write(Agents);
        await stack.DoneAsync("launch", "--yes", "--timeout", "60");
        await StackChecks.OutlivesItsServicesAsync(stack);

        await lab.TellAsync(new JsonObject { ["do"] = "set", ["state"] = new JsonObject { ["models"] = new JsonObject { ["library/mistral:instruct"] = "mistral", [$"library/{Model}"] = "small" } } });
        var before = stack.Machines().Select(m => m.Id).Order().ToArray();
        stack.Write($"  models: [{Model}]{Agents}");
        await stack.DoneAsync("launch", "--yes", "--timeout", "60");
        Assert.Equal(before, stack.Machines().Select(m => m.Id).Order());
        var loaded = await stack.SshAsync(StackChecks.Ollama, ". /etc/profile.d/baker-ollama.sh && curl -sS \"$OLLAMA_HOST/api/ps\"");
        Assert.True(loaded.Out.Contains($"\"{Model}\"", StringComparison.Ordinal), loaded.Words);
        await StackChecks.IsWholeAsync(stack);

        var kept = await KeptAsync(stack);
        await stack.DoneAsync("launch", "--yes", "--replace", "gitlab", "--timeout", "60");
        Assert.Equal(kept, await KeptAsync(stack));
        await StackChecks.IsWholeAsync(stack);
    }

    /// <summary>What a new machine has to have of the old one: GitLab's own secrets, its host keys, what is in its database.</summary>
    private static async Task<string> KeptAsync(StackOnDesk stack)
    {
        var run = await stack.SshAsync(StackChecks.GitLab, "sha256sum /etc/gitlab/gitlab-secrets.json /etc/ssh/ssh_host_ed25519_key; gitlab-rails runner \"print User.count\"");
        Assert.True(run.Code == 0, run.Error);
        return run.Out;
    }
}
