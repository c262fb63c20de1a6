namespace Baker.Clouds.Facts.Aws;

/// <summary>The IAM policy that lets a VM read its own secrets and nothing else.</summary>
internal static class AwsPolicy
{
    public static string Write(string region, IEnumerable<string> parameters, string? kmsKey) => AwsStatement.Policy(
        Readings(region, parameters, kmsKey), forPeople: false);

    /// <summary>All that a machine may whose role a launch makes.</summary>
    /// <param name="reads">Parameters; with a star at the end all that begin so.</param>
    public static string OfMachine(string region, IEnumerable<string> reads, string? kmsKey, bool hasEntry) => AwsStatement.Policy(
        [.. reads.Any() ? Readings(region, reads, kmsKey) : [], .. hasEntry ? Sessions(region) : []], forPeople: true);

    /// <summary>The one statement that lets a VM read parameters, to be added to a policy.</summary>
    public static string Statement(string region, IEnumerable<string> parameters) => Reading(region, parameters).Line();

    /// <summary>
    /// What Session Manager's agent needs to be reached, and not the rights to parameters that AWS's own policy for it has.
    /// </summary>
    public static string Session(string region) => AwsStatement.Policy(Sessions(region), forPeople: false);

    private static IEnumerable<AwsStatement> Sessions(string region) =>
    [
        // These four know no resources.
        new AwsStatement(null, ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel"], ["*"]),
        new AwsStatement(null, ["ssm:UpdateInstanceInformation"], [$"arn:{AwsPartition.Of(region).Name}:ec2:{region}:*:instance/*"]),
    ];

    /// <summary>Parameters under AWS's own key need no right to decrypt; those under a key of the account do.</summary>
    private static IEnumerable<AwsStatement> Readings(string region, IEnumerable<string> parameters, string? kmsKey) =>
        [Reading(region, parameters), .. kmsKey is null ? [] : new[] { AwsKeyRights.Of(null, region, kmsKey, ["kms:Decrypt"], "ssm") }];

    private static AwsStatement Reading(string region, IEnumerable<string> parameters) =>
        new(null, ["ssm:GetParameter"], [.. parameters.Order(StringComparer.Ordinal)
            .Select(p => $"arn:{AwsPartition.Of(region).Name}:ssm:{region}:*:parameter{p}")]);
}
