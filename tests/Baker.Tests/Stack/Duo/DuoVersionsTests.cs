using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Stack.Duo;

/// <summary>
/// The script of a GitLab VM against the lab's GitLab, in one process: every version and every kind of licence ends ready, or with one sentence
/// that is right. Where something is not known of a version, both ways.
/// </summary>
public class DuoVersionsTests
{
    private const string Chat = "CODE_COMPLETIONS CODE_GENERATIONS DUO_CHAT";
    private const string Agents = "DUO_AGENT_PLATFORM DUO_AGENT_PLATFORM_AGENTIC_CHAT";
    private const string TooSmall = "duo: this licence does not allow models of one's own: ";

    /// <summary>A version, a schema other than its own, a licence, features; the exit code and a sentence.</summary>
    public static TheoryData<string, string, string, string, int, string> Stacks
    {
        get
        {
            var stacks = new TheoryData<string, string, string, string, int, string>();
            foreach (var (version, schema) in new[] { ("17.9.8", ""), ("17.9.8", "17.9-features"), ("18.9.6", ""), ("19.0.12", ""), ("19.0.12", "19.0-required"), ("19.2.9", ""), ("19.2.9", "19.2-optional"), ("19.4.4", ""), ("19.5.0", "") })
            {
                stacks.Add(version, schema, "LAB-1", Chat, 0, "licensed");
                stacks.Add(version, schema, "LAB-STARTER", Chat, 3, TooSmall + "starter, add-ons: none. It needs Premium or Ultimate");
                stacks.Add(version, schema, "NO-CODE", Chat, 3, "gitlab: INVALID_CODE");
                stacks.Add(version, schema, File("duo_enterprise=1"), Chat, 0, "licensed");
                stacks.Add(version, schema, File("duo_core=1"), Chat, 3, TooSmall + "ultimate, offline, add-ons: DUO_CORE. An offline licence needs GitLab Duo Enterprise");
                stacks.Add(version, schema, "type: online\n" + File("duo_enterprise=1"), Chat, 3, "duo: GitLab does not take this licence file\ngitlab: It looks like");
                if (version == "17.9.8")
                {
                    stacks.Add(version, schema, "LAB-CREDITS", Chat, 3, TooSmall + "ultimate, add-ons: GITLAB_CREDITS. It needs Premium or Ultimate; GitLab before 18.9: Ultimate with GitLab Duo Enterprise");
                    continue;
                }
                stacks.Add(version, schema, "LAB-CREDITS", Chat, 0, "licensed");
                stacks.Add(version, schema, "LAB-PREMIUM-CREDITS", $"{Chat} {Agents}", 0, "licensed");
                stacks.Add(version, schema, File("self_hosted_dap=1"), Agents, 0, "licensed");
            }
            stacks.Add("18.9.6", "", File("duo_enterprise=1"), Agents, 0, "licensed");
            stacks.Add("19.4.4", "", File("duo_enterprise=1"), Agents, 3, "duo: GitLab does not let agents use this model. An offline licence needs GitLab Duo Agent Platform Self-Hosted");
            stacks.Add("19.5.0", "", "LAB-1", "UNHEARD_OF", 0, "licensed");
            return stacks;
        }
    }

    [Theory, MemberData(nameof(Stacks))]
    public async Task A_stack_is_ready_or_says_why_not(string version, string schema, string licence, string features, int code, string sentence)
    {
        using var folder = new TemporaryFolder();
        var run = await RunAsync(folder, version, schema, licence, features);
        Assert.True(run.Code == code, $"exit code {run.Code}\n{run.Words}");
        Assert.Contains(sentence, run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("glpat-", run.Words, StringComparison.Ordinal);
        if (code == 0)
            Assert.Equal(0, (await RunAsync(folder, version, schema, "", features)).Code);
    }

    [Theory]
    [InlineData("no-model", 8, "gitlab: The self-hosted model server returned code 404")]
    [InlineData("no-agents", 5, "gitlab: duo_agent_platform_probe: The self-hosted GitLab Duo Agent Platform service at 10.77.")]
    public async Task What_is_down_is_said_and_heals(string what, int code, string sentence)
    {
        using var folder = new TemporaryFolder();
        var down = folder.File(what, "");
        var run = await RunAsync(folder, "19.4.4", "", "LAB-1", $"{Chat} {Agents}");
        Assert.Equal(code, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        System.IO.File.Delete(down);
        Assert.Equal(0, (await RunAsync(folder, "19.4.4", "", "", $"{Chat} {Agents}")).Code);
    }

    /// <summary>A licence file is longer than a code.</summary>
    private static string File(string addOns) => $"add_ons: {addOns}\n{new string('x', 200)}\n";

    private static async Task<ToolRun> RunAsync(TemporaryFolder folder, string version, string schema, string licence, string features)
    {
        folder.File("opt/gitlab/embedded/service/gitlab-rails/VERSION", version + "-ee\n");
        foreach (var name in GitLabSchema.Names())
            folder.File($"opt/gitlab/embedded/lib/gitlab/schema/{Path.GetFileName(GitLabSchema.PathOf(name))}", await System.IO.File.ReadAllTextAsync(GitLabSchema.PathOf(name)));
        if (schema.Length > 0)
            folder.File("var/lib/gitlab-lab/faults", $"schema={schema}\n");
        var values = DuoVm.Values(features.Contains("AGENT", StringComparison.Ordinal) ? DuoVm.Agents : DuoVm.Spec).Select(v => VmValue.Configure(v.Key, v.Key == "duo_features" ? features : v.Value, ""));
        var ruby = Tool.Wanted("ruby", "ruby") with
        {
            Input = $"{Baker.Rendering.ValuesFile.Write(values)}\0{licence}",
            Environment = Tool.NoEnvironment.Add("GITLAB_STAND_IN", folder.Path),
        };
        return await ruby.RunAsync("-r", Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "duo", "stand-in.rb"), Checkout.PathOf("templates", "machine", "gitlab", "configure", "duo.rb"));
    }
}
