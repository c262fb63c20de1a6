using System.Collections.Immutable;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What the roles of machines are allowed, and what it takes to make them.</summary>
public sealed class AwsIdentityTests
{
    private const string Name = "duo-gitlab-ap-northeast-1", Boundary = $"arn:aws:iam::{IamRequests.Account}:policy/baker-duo";

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    private static readonly string[] Destroy = ["destroy", "--yes", "--delete-data", "--release-address"];

    /// <summary>From an empty account to an empty account, with the two policies that are printed and no other right.</summary>
    [Theory, InlineData(""), InlineData($"identity: {{ boundary: '{Boundary}' }}\n")]
    public async Task A_stack_lives_with_the_printed_policies_and_its_role_has_exactly_the_reviewed_one(string more)
    {
        using var account = new AwsFakeAccount();
        var (empty, spec) = (account.Inventory, account.WithoutIdentity + more);
        var (launch, identity) = ((await IamLimits.LaunchPolicyAsync(spec))!, (await IamLimits.PolicyAsync(spec, "identity"))!);
        IamLimits.Hold(identity);
        account.Policy = new IamPolicy(Together(launch, identity));
        var said = await DoneAsync(account, spec, Launch);
        Assert.Equal(more.Length == 0, said.Contains("note: whoever may make roles for machines can take all rights in the account", StringComparison.Ordinal));
        Assert.Equal(more.Length == 0 ? null : Boundary, account.Iam.Role(Name)!.Boundary);
        Assert.Equal(await IamLimits.PolicyAsync(spec, "gitlab"), account.Iam.Role(Name)!.Policies["baker"]);
        IamLimits.Hold(account.Iam.Role(Name)!.Policies["baker"]);
        Assert.Equal("/baker/", account.Iam.Role(Name)!.Path);
        account.Iam.Role(Name)!.Attached.Add("arn:aws:iam::aws:policy/OfTheOrganisation");
        account.Iam.Role(Name)!.Policies["theirs"] = account.Iam.Role(Name)!.Policies["baker"];
        Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
        Assert.Contains("tags team=data", await DoneAsync(account, spec + "tags: { team: data }\n", Launch), StringComparison.Ordinal);
        Assert.Equal("data", account.Iam.Role(Name)!.Tags["team"]);
        Assert.Equal("data", account.Iam.Profile(Name)!.Tags["team"]);
        await DoneAsync(account, spec, Launch);
        Assert.False(account.Iam.Profile(Name)!.Tags.ContainsKey("team"));
        await DoneAsync(account, spec, Destroy);
        Assert.Equal(empty, account.Inventory);
    }

    /// <summary>A right on the path is no right on other roles; with a boundary it is none to roles without it.</summary>
    [Fact]
    public async Task Nothing_else_can_be_made_with_them()
    {
        var spec = new AwsFakeAccount().WithoutIdentity;
        var free = new IamPolicy((await IamLimits.PolicyAsync(spec, "identity"))!);
        var bound = new IamPolicy((await IamLimits.PolicyAsync(spec + $"identity: {{ boundary: '{Boundary}' }}\n", "identity"))!);
        static IamQuestion Asked(string action, string role, string? boundary) => IamRequests.Question(action, "role", $"arn:aws:iam::{IamRequests.Account}:role/{role}", boundary is null ? [] : [("iam:PermissionsBoundary", boundary)]);
        foreach (var action in new[] { "iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:DetachRolePolicy" })
        {
            Assert.True(free.Allows(Asked(action, $"baker/{Name}", null)), action);
            Assert.True(bound.Allows(Asked(action, $"baker/{Name}", Boundary)), action);
            Assert.False(bound.Allows(Asked(action, $"baker/{Name}", null)), action);
            Assert.False(bound.Allows(Asked(action, $"baker/{Name}", "arn:aws:iam::aws:policy/AdministratorAccess")), action);
            Assert.False(free.Allows(Asked(action, "admin", null)), action);
            Assert.False(free.Allows(Asked(action, "baker/duo2-gitlab", null)), action);
        }
        Assert.False(bound.Allows(Asked("iam:DeleteRolePermissionsBoundary", $"baker/{Name}", Boundary)));
        Assert.DoesNotContain(free.Statements.Concat(bound.Statements).SelectMany(s => s.Actions), a => a is "iam:AttachRolePolicy" or "iam:PassRole" or "iam:CreatePolicy");
    }

    /// <summary>The boundary holds all that a machine's own policy does.</summary>
    [Theory, InlineData(""), InlineData("ssh: { session_manager: true }\n"), InlineData("kms_key: alias/duo\n")]
    public async Task The_printed_boundary_is_no_narrower_than_the_roles(string more)
    {
        var spec = new AwsFakeAccount().WithoutIdentity + more;
        var boundary = new IamPolicy((await IamLimits.PolicyAsync(spec, "boundary"))!);
        foreach (var statement in new IamPolicy((await IamLimits.PolicyAsync(spec, "gitlab"))!).Statements)
        {
            foreach (var (action, resource) in statement.Actions.SelectMany(a => statement.Resources.Select(r => (a, r.Replace("*:parameter", $"{IamRequests.Account}:parameter", StringComparison.Ordinal)))))
                Assert.True(boundary.Allows(new IamQuestion(action, null, resource.TrimEnd('*'), statement.Conditions.ToImmutableDictionary(c => c.Key, c => c.Values))), $"{action} on {resource}");
        }
        Assert.False(boundary.Allows(IamRequests.Question("ssm:GetParameter", "parameter", IamRequests.Parameter("/other/secret"), [])));
    }

    /// <summary>They come first: who may not make them has nothing, and is told which right is missing and what to do.</summary>
    [Theory, InlineData("iam:GetRole"), InlineData("iam:CreateRole"), InlineData("iam:PutRolePolicy"), InlineData("iam:CreateInstanceProfile"), InlineData("iam:AddRoleToInstanceProfile")]
    public async Task Who_may_not_make_roles_has_nothing_else_yet(string action)
    {
        using var account = new AwsFakeAccount();
        var before = account.Inventory;
        account.Denied.Add(action);
        var doctor = await account.RunAsync(account.WithoutIdentity, "doctor");
        Assert.Equal(action == "iam:GetRole", doctor.Out.Contains($"problem: the identity {Name} cannot be made: ", StringComparison.Ordinal));
        var run = await account.RunAsync(account.WithoutIdentity, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains($"identity {Name}", run.Error, StringComparison.Ordinal);
        if (action != "iam:GetRole")
        {
            Assert.Contains("`baker policy --identities` prints the rights that it takes", run.Error, StringComparison.Ordinal);
            Assert.Contains("`gitlab.instance_profile`", run.Error, StringComparison.Ordinal);
        }
        Assert.All(account.Inventory.Except(before), l => Assert.Matches("^(role|instance-profile) ", l));
        account.Denied.Clear();
        await DoneAsync(account, account.WithoutIdentity, Launch);
    }

    /// <summary>Whoever has no rights on IAM can still work with a stack that somebody else has launched.</summary>
    [Fact]
    public async Task A_colleague_without_rights_on_roles_can_still_launch_what_stands()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.WithoutIdentity, Launch);
        account.Denied.UnionWith(["iam:GetRole", "iam:GetInstanceProfile"]);
        var said = await DoneAsync(account, account.WithoutIdentity, Launch);
        Assert.Contains($"not checked: whether the identity {Name} is as it should be", said, StringComparison.Ordinal);
        var destroyed = await account.RunAsync(account.WithoutIdentity, Destroy);
        Assert.Contains($"left: identity {Name} duo-gitlab: ", destroyed.Error, StringComparison.Ordinal);
        Assert.NotNull(account.Iam.Role(Name));
    }

    private static string Together(string one, string other) =>
        one.Replace("\"Statement\": [", $"\"Statement\": [{other[(other.IndexOf('[') + 1)..other.LastIndexOf(']')]},", StringComparison.Ordinal);

    private static async Task<string> DoneAsync(AwsFakeAccount account, string spec, string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
