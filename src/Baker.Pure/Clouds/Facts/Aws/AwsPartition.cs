namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// AWS is several separate clouds; a region belongs to one of them. Source: the endpoints file of AWS's SDKs and Canonical's image finder,
/// as of November 2026.
/// </summary>
/// <param name="Name">As in ARNs.</param>
/// <param name="Domain">What names of service endpoints end in.</param>
/// <param name="ImageOwner">Canonical's account there.</param>
/// <param name="IamHost">IAM has one endpoint for all regions; null: nobody has told us which.</param>
/// <param name="IamRegion">The region that requests to it are signed for.</param>
/// <param name="DnsHost">Route 53's one endpoint; null: nobody has told us which.</param>
/// <param name="DnsRegion">The region that requests to it are signed for.</param>
internal sealed record AwsPartition(string Name, string Domain, string ImageOwner, string? IamHost, string IamRegion, string? DnsHost,
    string DnsRegion)
{
    // Of Route 53: botocore 1.43.11, endpoint rules of route53/2013-04-01.
    private static readonly AwsPartition Public = new("aws", "amazonaws.com", "099720109477", "iam.amazonaws.com", "us-east-1",
        "route53.amazonaws.com", "us-east-1");

    private static readonly (string Prefix, AwsPartition Partition)[] Others =
    [
        ("cn-", new("aws-cn", "amazonaws.com.cn", "837727238323", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1",
            "route53.amazonaws.com.cn", "cn-northwest-1")),
        ("us-gov-", new("aws-us-gov", "amazonaws.com", "513442679011", "iam.us-gov.amazonaws.com", "us-gov-west-1",
            "route53.us-gov.amazonaws.com", "us-gov-west-1")),
        ("eusc-", Public with { Name = "aws-eusc", Domain = "amazonaws.eu", IamHost = null, DnsHost = null }),
    ];

    /// <summary>
    /// How IAM's conditions call a service of a region. Where services have a domain of their own, IAM's reference does not say which of
    /// the two names it takes.
    /// </summary>
    public string[] Services(string service, string? region = null)
    {
        var name = region is null ? service : $"{service}.{region}";
        return [.. new[] { $"{name}.{Public.Domain}", $"{name}.{Domain}" }.Distinct()];
    }

    /// <summary>A thing of EC2's in any account. Images and snapshots have no account in their names.</summary>
    public string Ec2Arn(string region, string kind, string id) =>
        $"arn:{Name}:ec2:{region}:{(kind is "image" or "snapshot" ? "" : "*")}:{kind}/{id}";

    public static AwsPartition Of(string region) =>
        Others.FirstOrDefault(o => region.StartsWith(o.Prefix, StringComparison.Ordinal)).Partition ?? Public;
}
