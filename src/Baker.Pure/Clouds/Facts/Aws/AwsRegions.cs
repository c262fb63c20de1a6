using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Aws;

/// <summary>The regions of AWS, of every partition.</summary>
internal static class AwsRegions
{
    /// <summary>When they were taken from the AWS SDK for .NET (Amazon.RegionEndpoint), by whose list a test holds them.</summary>
    public const string Date = "2026-11-30";

    /// <summary>A newer one is taken as well: the list only serves a warning.</summary>
    public static readonly ImmutableArray<string> Known =
    [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
        "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
        "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2",
        "eu-isoe-west-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1",
        "il-central-1", "me-central-1", "me-south-1", "me-west-1", "mx-central-1", "sa-east-1", "sa-west-1", "us-east-1",
        "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1",
        "us-isof-east-1", "us-isof-south-1", "us-west-1", "us-west-2",
    ];
}
