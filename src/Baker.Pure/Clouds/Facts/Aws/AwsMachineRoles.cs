using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// Roles that a launch makes for machines, each with an instance profile of its name. IAM is one for all regions of an account, so that a
/// name says the region too.
/// </summary>
internal static class AwsMachineRoles
{
    /// <summary>What they are limited to in every policy: a right to make roles below it is no right to others.</summary>
    public const string Path = "/baker/";

    /// <summary>The one inline policy that a launch sets; what others add to the role beside it stays.</summary>
    public const string PolicyName = "baker";

    private const string BoundaryKey = "iam:PermissionsBoundary";

    public static string Name(string region, string machine) => $"{machine}-{region}";

    /// <summary>Who may take the role: machines.</summary>
    public static string Trust(string region) =>
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
            + AwsPartition.Of(region).Services("ec2")[0] + "\"},\"Action\":\"sts:AssumeRole\"}]}";

    /// <summary>What a launch needs besides to make and remove them.</summary>
    /// <param name="boundary">ARN of the policy that every one of them must have; null: they have none.</param>
    public static string MakerPolicy(string region, IEnumerable<string> made, string? boundary)
    {
        var partition = AwsPartition.Of(region).Name;
        ImmutableArray<string> Named(string kind) => [.. made.Select(n => $"arn:{partition}:iam::*:{kind}{Path}{n}")];
        var (roles, profiles) = (Named("role"), Named("instance-profile"));
        AwsCondition[] limit = boundary is null ? [] : [AwsCondition.Is(BoundaryKey, boundary)];
        var limited = new[] { "CreateRole", "DeleteRolePolicy", "DetachRolePolicy", "PutRolePolicy" };
        return AwsStatement.Policy(
        [
            new("LookAtTheRoles", Actions("GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies"), roles),
            new("MakeAndRemoveTheRoles", Actions(limited), roles, limit),
            new("KeepTheRoles", Actions("DeleteRole", "TagRole", "UntagRole", "UpdateAssumeRolePolicy"), roles),
            boundary is null ? new("FreeThemOfLimits", Actions("DeleteRolePermissionsBoundary"), roles)
                : new("LimitThem", Actions("PutRolePermissionsBoundary"), roles, limit),
            new("MakeAndRemoveTheProfiles", Actions("AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile",
                "GetInstanceProfile", "RemoveRoleFromInstanceProfile", "TagInstanceProfile", "UntagInstanceProfile"), profiles),
        ], forPeople: true);
    }

    private static ImmutableArray<string> Actions(params string[] names) => [.. names.Select(n => $"iam:{n}")];
}
