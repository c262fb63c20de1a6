using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>One security group per group of machines. Machines of the stack are named by group, never by address.</summary>
internal sealed class AwsFirewall(AwsBorder border, AwsGround ground)
{
    public async Task EnsureAsync(NetworkWanted wanted, string vpcId, CancellationToken cancel)
    {
        var names = Groups(wanted);
        var groups = await Task.WhenAll(names.Select(n => GroupAsync(wanted.Owner, n, vpcId, cancel)));
        foreach (var (name, group) in names.Zip(groups))
            ground.Group(name, group.GroupId);
        await Task.WhenAll(names.Zip(groups, (name, group) =>
            RulesAsync(name, group, AwsRules.Wanted(wanted, name, ground.Group), cancel)));
    }

    /// <summary>The groups of machines that rules speak of.</summary>
    public static string[] Groups(NetworkWanted wanted) =>
        [.. wanted.Rules.SelectMany(r => new[] { r.FromGroup, r.ToGroup }).Concat(wanted.Egress.Select(e => e.Group))
            .OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Of the security group for a group of machines.</summary>
    public static string Name(StackOwner owner, string group) => $"{owner.Stack}-{group}";

    /// <summary>One of the stack's by the group of machines that it is for; another by its name.</summary>
    public static string Group(GroupIdentifier group, StackOwner owner) =>
        Name(owner, "") is var start && group.GroupName.StartsWith(start, StringComparison.Ordinal) ? group.GroupName[start.Length..]
        : group.GroupName;

    private async Task<SecurityGroup> GroupAsync(StackOwner owner, string group, string vpcId, CancellationToken cancel)
    {
        var name = Name(owner, group);
        var doing = $"making the security group {name}";
        try
        {
            return await border.MakeAsync(doing, async c =>
            {
                var found = await border.SendAsync(doing, x => border.Pages.SecurityGroupsAsync(
                    new DescribeSecurityGroupsRequest { Filters = AwsTags.Mine(owner, name, new Filter("vpc-id", [vpcId])) }, x), c);
                return AwsTags.Single(doing, found.SecurityGroups ?? [], g => g.GroupId);
            }, async c =>
            {
                var made = await border.Ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest
                {
                    GroupName = name,
                    Description = $"{group} of the stack {owner.Stack}",
                    VpcId = vpcId,
                    TagSpecifications = [AwsTags.For(owner, ResourceType.SecurityGroup, name)],
                }, c);
                // A new group lets everything out.
                return new SecurityGroup
                {
                    GroupId = made.GroupId,
                    IpPermissionsEgress = [new IpPermission { IpProtocol = "-1",
                    Ipv4Ranges = [new IpRange { CidrIp = AwsRules.Everywhere }] }]
                };
            }, g => g.GroupId, cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) == "InvalidGroup.Duplicate")
        {
            throw new CloudException(CloudFailure.Taken, doing, $"{vpcId} has a group of that name, and it is not of this stack",
                "give the stack another name, or rename that group", e);
        }
    }

    private async Task RulesAsync(string name, SecurityGroup group, HashSet<AwsRule> wanted, CancellationToken cancel)
    {
        var change = AwsRules.Between(AwsRules.Of(group), wanted);
        var (missing, reworded) = (change.Missing, change.Reworded);
        var surplus = change.Surplus.RemoveRange(reworded);
        var doing = $"setting the rules of the security group for {name}";
        // Another description takes another rule: a new one beside the old is refused. For a moment nothing new gets out there.
        await OnceAsync(doing, [.. reworded.Select(r => r.Plain)], r => r.IsEgress, (p, c) =>
            border.Ec2.RevokeSecurityGroupEgressAsync(
            new RevokeSecurityGroupEgressRequest { GroupId = group.GroupId, IpPermissions = p }, c), cancel);
        await OnceAsync(doing, missing, r => !r.IsEgress, (p, c) =>
            border.Ec2.AuthorizeSecurityGroupIngressAsync(
            new AuthorizeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = p }, c), cancel);
        await OnceAsync(doing, missing, r => r.IsEgress, (p, c) =>
            border.Ec2.AuthorizeSecurityGroupEgressAsync(
            new AuthorizeSecurityGroupEgressRequest { GroupId = group.GroupId, IpPermissions = p }, c), cancel);
        await OnceAsync(doing, [.. surplus.Select(r => r.Plain)], r => !r.IsEgress, (p, c) =>
            border.Ec2.RevokeSecurityGroupIngressAsync(
            new RevokeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = p }, c), cancel);
        await OnceAsync(doing, [.. surplus.Select(r => r.Plain)], r => r.IsEgress, (p, c) =>
            border.Ec2.RevokeSecurityGroupEgressAsync(
            new RevokeSecurityGroupEgressRequest { GroupId = group.GroupId, IpPermissions = p }, c), cancel);
    }

    /// <summary>All rules of one direction in one call; done already is done.</summary>
    private async Task OnceAsync(string doing, ImmutableArray<AwsRule> rules, Func<AwsRule, bool> which,
        Func<List<IpPermission>, CancellationToken, Task> ask, CancellationToken cancel)
    {
        List<IpPermission> permissions = [.. rules.Where(which).Select(AwsRules.Permission)];
        if (permissions.Count == 0)
            return;
        try
        {
            await border.SendAsync(doing, async c =>
            {
                await ask(permissions, c);
                return permissions;
            }, cancel);
        }
        catch (CloudException e) when (AwsErrors.IsAlready(e))
        {
            // The answer to an earlier try was lost.
        }
    }
}
