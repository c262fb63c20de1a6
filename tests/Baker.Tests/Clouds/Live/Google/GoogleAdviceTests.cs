using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Google;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// What Google says no with, and what a person is told to do. Bodies as the services send them: googleapis' google/rpc/error_details.proto and
/// google/api/error_reason.proto.
/// </summary>
public sealed class GoogleAdviceTests
{
    [Theory]
    [InlineData("SERVICE_DISABLED", "Secret Manager API has not been used in project 1 before or it is disabled.", CloudFailure.Refused, "gcloud services enable secretmanager.googleapis.com --project 1")]
    [InlineData("BILLING_DISABLED", "This API method requires billing to be enabled.", CloudFailure.Refused, "gcloud billing projects link 1 --billing-account ACCOUNT")]
    [InlineData("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Request had insufficient authentication scopes.", CloudFailure.Refused, "set-service-account NAME --scopes cloud-platform")]
    [InlineData("SECURITY_POLICY_VIOLATED", "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x", CloudFailure.Refused, "VPC Service Controls")]
    [InlineData("USER_PROJECT_DENIED", "Caller does not have required permission to use project 1.", CloudFailure.Refused, "roles/serviceusage.serviceUsageConsumer on 1")]
    [InlineData("CONSUMER_SUSPENDED", "Consumer 'projects/1' has been suspended.", CloudFailure.Refused, "the project 1 is suspended")]
    [InlineData("RATE_LIMIT_EXCEEDED", "Quota exceeded for quota metric 'Queries'", CloudFailure.Unreachable, "more calls in a minute than its quota has")]
    [InlineData("IAM_PERMISSION_DENIED", "Permission denied.", CloudFailure.Denied, "ask whoever manages IAM for secretmanager.secrets.get on projects/1/secrets/x")]
    [InlineData(null, "Required 'compute.disks.create' permission", CloudFailure.Denied, "docs/gcp.md lists the rights")]
    public void The_reason_in_the_details_decides_the_advice(string? cause, string message, CloudFailure failure, string advice)
    {
        var error = new JsonObject { ["code"] = 403, ["message"] = message, ["status"] = "PERMISSION_DENIED" };
        if (cause is not null)
        {
            error["details"] = new JsonArray(
                new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.Help", ["links"] = new JsonArray() },
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                    ["reason"] = cause,
                    ["domain"] = "googleapis.com",
                    ["metadata"] = new JsonObject { ["service"] = "secretmanager.googleapis.com", ["consumer"] = "projects/1", ["permission"] = "secretmanager.secrets.get", ["resource"] = "projects/1/secrets/x" },
                });
        }
        IsTold(403, error, failure, message, advice);
    }

    /// <summary>Older methods say the same with other codes, or in the sentence alone.</summary>
    [Theory]
    [InlineData(403, "accessNotConfigured", "Compute Engine API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=1", CloudFailure.Refused, "services enable")]
    [InlineData(403, "accessNotConfigured", "This API method requires billing to be enabled. Please enable billing on project #1", CloudFailure.Refused, "gcloud billing projects link")]
    [InlineData(403, "forbidden", "This API method requires billing to be enabled.", CloudFailure.Refused, "gcloud billing projects link")]
    [InlineData(403, "insufficientPermissions", "Request had insufficient authentication scopes.", CloudFailure.Refused, "--scopes cloud-platform")]
    [InlineData(412, "conditionNotMet", "Constraint constraints/compute.vmExternalIpAccess violated for project 1.", CloudFailure.Refused, "write `public_address: none`")]
    [InlineData(412, "conditionNotMet", "Constraint constraints/compute.requireOsLogin violated for project 1.", CloudFailure.Refused, "remove-metadata")]
    [InlineData(412, "conditionNotMet", "Constraint constraints/compute.somethingNew violated for project 1.", CloudFailure.Refused, "gcloud org-policies describe compute.somethingNew --effective")]
    [InlineData(429, "rateLimitExceeded", "Rate Limit Exceeded", CloudFailure.Unreachable, "more calls in a minute")]
    [InlineData(401, "authError", "Invalid Credentials", CloudFailure.NotSignedIn, "gcloud auth application-default login")]
    public void So_do_the_older_answers(int status, string reason, string message, CloudFailure failure, string advice) =>
        IsTold(status, (JsonObject)FakeAnswer.Error(status, reason, message).Body["error"]!.DeepClone(), failure, message, advice);

    private static void IsTold(int status, JsonObject error, CloudFailure failure, string message, string advice)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["error"] = error }.ToJsonString());
        var told = Refusal.Of((HttpStatusCode)status, body).ToException("asking");
        Assert.Equal(failure, told.Failure);
        Assert.Contains(message, told.Message, StringComparison.Ordinal);
        Assert.Contains(advice, told.Message, StringComparison.Ordinal);
    }
}
