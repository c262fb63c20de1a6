using Baker.Clouds.Facts.Aws;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

public sealed class AwsPolicyTests
{
    [Theory]
    [InlineData("alias/duo", "arn:aws:kms:eu-central-1:*:key/*")]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-central-1:*:key/*")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:alias/duo", "arn:aws:kms:eu-central-1:123456789012:key/*")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/1234abcd", "arn:aws:kms:eu-central-1:123456789012:key/1234abcd")]
    public void A_key_is_named_as_policies_can_name_one(string key, string resource) =>
        Assert.EndsWith($$"""{"Effect":"Allow","Action":"kms:Decrypt","Resource":["{{resource}}"]}]}""", AwsPolicy.Write("eu-central-1", ["/duo/code"], key), StringComparison.Ordinal);
}
