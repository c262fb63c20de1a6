using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What user-data has no room for, on its way to the parameter store and out of it again. That any call of it may fail shows the contract, whose stack has one.</summary>
public sealed class AwsBundleTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task It_is_there_before_a_machine_names_it()
    {
        using var account = new AwsBundleAccount();
        Assert.Contains("+ bundle of user-data gitlab", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        var parts = Parts(account);
        Assert.True(parts.Length > 4, string.Join(' ', parts));
        Assert.All(parts, p => Assert.InRange(account.Ssm.Parameters[p].Value.Length, 1, 4096));
        var last = account.Requests.FindLastIndex(r => r.Action == "ssm:PutParameter" && r.Body.Contains("/user-data/", StringComparison.Ordinal));
        Assert.True(last < account.Requests.FindIndex(r => r.Action == "ec2:RunInstances" && !r.Body.Contains("DryRun", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_machine_that_needs_one_no_more_has_none_and_the_way_back_too()
    {
        using var account = new AwsBundleAccount();
        var more = "";
        foreach (var role in new[] { "gateway", "ollama" })
        {
            account.Iam.Plant($"duo-{role}");
            more += $"{role}: {{ instance_profile: duo-{role} }}\n";
        }
        var (inline, bundled) = (account.Spec + more, account.Spec + more + $"mirrors:\n  ca: |\n{Noise.Certificates(4, 4)}");
        await DoneAsync(account, inline, Launch);
        var before = account.Inventory;
        Assert.Empty(Parts(account, "gateway"));
        Assert.Contains("+ bundle of user-data gateway", await DoneAsync(account, bundled, Launch), StringComparison.Ordinal);
        Assert.NotEmpty(Parts(account, "gateway"));
        Assert.Contains("no user-data names it any more", await DoneAsync(account, inline, Launch), StringComparison.Ordinal);
        Assert.Empty(Parts(account, "gateway"));
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task What_is_missing_or_was_changed_by_somebody_is_put_back()
    {
        using var account = new AwsBundleAccount();
        await DoneAsync(account, account.Spec, Launch);
        var (before, parts) = (account.Ssm.Parameters.ToDictionary(), Parts(account));
        var (first, second) = (account.Ssm.Parameters[parts[0]], account.Ssm.Parameters[parts[1]]);
        account.Ssm.Parameters[parts[0]] = (second.Value, first.Type, first.Tags);
        account.Ssm.Parameters.Remove(parts[2]);
        Assert.Contains("+ bundle of user-data gitlab", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.All(parts, p => Assert.Equal(before[p].Value, account.Ssm.Parameters[p].Value));
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("implicitDeny")]
    [InlineData("explicitDeny")]
    public async Task A_role_that_may_not_read_it_is_refused_before_anything_is_made(string decision)
    {
        using var account = new AwsBundleAccount();
        account.Iam.Decision = decision;
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains($"arn:aws:iam::123456789012:role/duo-gitlab may not read the bundle of duo-gitlab ({decision})", run.Error, StringComparison.Ordinal);
        Assert.Contains(Statement, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
        Assert.Empty(account.Writes.Where(w => w != "ec2:RunInstances" && !w.StartsWith("ec2:Create", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_what_was_not_checked()
    {
        using var account = new AwsBundleAccount();
        account.Iam.Decision = null;
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Contains("not checked: whether the instance profile duo-gitlab may read the bundle of duo-gitlab: AccessDenied", said, StringComparison.Ordinal);
        Assert.Contains(Statement, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "there is no instance profile duo-gitlab")]
    [InlineData(true, "the instance profile duo-gitlab has no role")]
    public async Task A_profile_that_leads_to_no_role_is_refused(bool isThere, string says)
    {
        using var account = new AwsBundleAccount();
        account.Iam.Forget();
        if (isThere)
            account.Iam.Plant("duo-gitlab", hasRole: false);
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Its identity comes first: with it the machine reads what its new user-data names.</summary>
    [Fact]
    public async Task A_machine_that_runs_with_another_identity_gets_the_one_that_reads_its_bundle_first()
    {
        using var account = new AwsBundleAccount();
        using var plain = new AwsFakeAccount();
        await DoneAsync(account, plain.Spec, Launch);
        var machine = account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == "duo-gitlab");
        machine.Body.Remove("IamInstanceProfile");
        machine.Body.Remove("ProfileAssociation");
        account.Requests.Clear();
        Assert.Contains("identity none becomes duo-gitlab", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.EndsWith("/duo-gitlab", machine.Text("IamInstanceProfile.Arn"), StringComparison.Ordinal);
        var asked = account.Requests.Select(r => r.Action).ToList();
        Assert.InRange(asked.IndexOf("ec2:AssociateIamInstanceProfile"), 0, asked.IndexOf("ec2:ModifyInstanceAttribute"));
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
    }

    private const string Statement = """{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:aws:ssm:ap-northeast-1:*:parameter/baker/duo/user-data/gitlab/*"}""";

    private static async Task<string> DoneAsync(AwsBundleAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }

    private static string[] Parts(AwsBundleAccount account, string role = "gitlab") =>
        [.. account.Ssm.Parameters.Keys.Where(k => k.StartsWith($"/baker/duo/user-data/{role}/", StringComparison.Ordinal))];
}
