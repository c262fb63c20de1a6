using Baker.Clouds.Facts.Aws;
using Baker.Tests.Clouds.Live.Aws;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

public sealed class AwsPolicyTests
{
    [Theory]
    [InlineData("alias/duo", "arn:aws:kms:eu-central-1:*:key/*", "alias/duo")]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-central-1:*:key/1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:alias/duo", "arn:aws:kms:eu-central-1:123456789012:key/*", "alias/duo")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/1234abcd", "arn:aws:kms:eu-central-1:123456789012:key/1234abcd", null)]
    public void A_key_is_named_as_policies_can_name_one(string key, string resource, string? alias)
    {
        var policy = new IamPolicy(AwsPolicy.Write("eu-central-1", ["/duo/code"], key));
        var statement = Assert.Single(policy.Statements, s => s.Actions.Contains("kms:Decrypt"));
        Assert.Equal([resource], statement.Resources);
        Assert.Equal(
            [("kms:ViaService", "ssm.eu-central-1.amazonaws.com"), .. alias is null ? [] : new[] { ("kms:ResourceAliases", alias) }],
            statement.Conditions.Select(c => (c.Key, c.Values.Single())));
    }
}
