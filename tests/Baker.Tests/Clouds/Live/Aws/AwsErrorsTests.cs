using System.Net;
using Amazon.EC2;
using Amazon.Runtime;
using Baker.Clouds.Live.Aws.Border;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

public sealed class AwsErrorsTests
{
    [Theory]
    [InlineData("InternalError", 500, true)]
    [InlineData("Unavailable", 503, true)]
    [InlineData("InsufficientInstanceCapacity", 500, false)]
    [InlineData("RequestLimitExceeded", 503, false)]
    [InlineData("InvalidParameterValue", 400, false)]
    public void Only_an_answer_that_says_nothing_leaves_open_whether_something_was_made(string code, int status, bool uncertain) =>
        Assert.Equal(uncertain, AwsErrors.IsUncertain(Of(code, status, "words")));

    [Theory]
    [InlineData("InvalidParameterValue", "Network interface 'eni-1' is currently in use.", true)]
    [InlineData("InvalidParameterValue", "Value (x) for parameter groupId is invalid.", false)]
    [InlineData("InvalidNetworkInterface.InUse", "Interface: [eni-1] in use.", true)]
    public void An_interface_in_use_is_waited_for_whatever_code_that_has(string code, string words, bool lingers) => Assert.Equal(lingers, AwsErrors.IsLingering(Of(code, 400, words)));

    private static AmazonEC2Exception Of(string code, int status, string words) => new(words, ErrorType.Unknown, code, "request", (HttpStatusCode)status);
}
