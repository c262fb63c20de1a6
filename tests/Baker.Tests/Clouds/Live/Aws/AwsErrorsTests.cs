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
    [InlineData("DeleteNetworkInterface", "InvalidParameterValue", "Network interface 'eni-1' is currently in use.", nameof(AwsErrorClass.Lingering))]
    [InlineData("DeleteNetworkInterface", "InvalidParameterValue", "Value (x) for parameter groupId is invalid.", nameof(AwsErrorClass.Input))]
    [InlineData("DeleteNetworkInterface", "InvalidNetworkInterface.InUse", "Interface: [eni-1] in use.", nameof(AwsErrorClass.Lingering))]
    [InlineData("ReleaseAddress", "AuthFailure", "You do not have permission to access the specified resource.", nameof(AwsErrorClass.Lingering))]
    [InlineData("DeregisterImage", "AuthFailure", "Not authorized for image", nameof(AwsErrorClass.Right))]
    [InlineData("DescribeVpcs", "AuthFailure", "AWS was not able to validate the provided access credentials", nameof(AwsErrorClass.SignedOut))]
    [InlineData("StartInstances", "Server.InsufficientInstanceCapacity", "", nameof(AwsErrorClass.Capacity))]
    [InlineData("RunInstances", "Client.VolumeLimitExceeded", "", nameof(AwsErrorClass.Quota))]
    [InlineData("RunInstances", "InvalidKey.Format", "", nameof(AwsErrorClass.Input))]
    public void What_a_code_means_depends_on_what_was_asked(string action, string code, string words, string kind) => Assert.Equal(kind, AwsErrorTable.Of(action, code, words).ToString());

    private static AmazonEC2Exception Of(string code, int status, string words) => new(words, ErrorType.Unknown, code, "request", (HttpStatusCode)status);
}
