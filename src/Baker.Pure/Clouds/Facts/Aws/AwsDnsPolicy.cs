using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// What a launch needs in Route 53: to find a zone, and to make and remove the record of one name with the mark beside it. It is a policy
/// of its own: whoever makes the record by hand leaves it out, and one policy has no room for both.
/// </summary>
internal static class AwsDnsPolicy
{
    private const string Keys = "route53:ChangeResourceRecordSets";

    /// <param name="zone">Null: any zone that the account has.</param>
    public static string Write(string region, string host, string? zone)
    {
        string Arn(string thing) => $"arn:{AwsPartition.Of(region).Name}:route53:::{thing}";
        ImmutableArray<string> zones = [Arn($"hostedzone/{zone ?? "*"}")];
        // Names as Route 53 compares them: small letters, no dot at the end.
        return AwsStatement.Policy(
        [
            new("FindTheZone", ["route53:ListHostedZones"], ["*"]),
            new("LookIntoIt", ["route53:GetHostedZone", "route53:ListResourceRecordSets"], zones),
            new("MakeTheRecord", ["route53:ChangeResourceRecordSets"], zones,
                All($"{Keys}NormalizedRecordNames", DnsNames.Mark(host), host), All($"{Keys}RecordTypes", "A", "TXT"),
                All($"{Keys}Actions", "CREATE", "DELETE")),
            new("WaitForIt", ["route53:GetChange"], [Arn("change/*")]),
        ], forPeople: true);
    }

    private static AwsCondition All(string key, params ReadOnlySpan<string> values) => new("ForAllValues:StringEquals", key, [.. values]);
}
