using Amazon;
using Baker.Clouds.Facts.Aws;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

/// <summary>The list that warns of a misspelt region is that of the vendor's SDK.</summary>
public sealed class AwsRegionsTests
{
    /// <summary>An endpoint of S3, and no region.</summary>
    private const string Endpoint = "us-east-1-regional";

    [Fact]
    public void They_are_those_of_the_SDK() =>
        Assert.Equal(RegionEndpoint.EnumerableAllRegions.Select(r => r.SystemName).Where(n => n != Endpoint).Order(StringComparer.Ordinal), AwsRegions.Known);
}
