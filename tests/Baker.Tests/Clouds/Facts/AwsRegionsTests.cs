using Amazon;
using Baker.Clouds.Facts.Aws;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

/// <summary>The list that warns of a misspelt region is that of the vendor's SDK.</summary>
public sealed class AwsRegionsTests
{
    [Fact]
    public void They_are_those_of_the_SDK() =>
        Assert.Equal(RegionEndpoint.EnumerableAllRegions.Select(r => r.SystemName).Where(n => !n.Contains("-iso", StringComparison.Ordinal)).Order(StringComparer.Ordinal), AwsRegions.Known);
}
