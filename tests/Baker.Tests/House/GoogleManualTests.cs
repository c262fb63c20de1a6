using System.Text.RegularExpressions;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>The page about Google Cloud lists the rights that a launch asks for, and no others.</summary>
public partial class GoogleManualTests
{
    [Fact]
    public void The_rights_of_the_manual_are_those_that_are_asked_for()
    {
        var asked = GoogleRights.Needed(new GooglePlace("p", "r", null), null).SelectMany(n => n.Rights).Order(StringComparer.Ordinal).Concat(GoogleDnsZones.Rights);
        var told = Right().Matches(Checkout.Read("docs/gcp.md")).Select(m => m.Value);
        Assert.Equal(asked, told);
    }

    [GeneratedRegex(@"^(compute|secretmanager|dns)\.[a-zA-Z]+\.[a-zA-Z]+$", RegexOptions.Multiline)]
    private static partial Regex Right();
}
