using System.Net;
using System.Text;
using System.Text.Json;
using Baker.Clouds.Live.Google;
using Baker.Clouds.Live.Google.Wire;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Whatever stands in the body of an error, or in an operation that failed: it becomes a refusal with words, and advice.</summary>
public sealed class GoogleRefusalFuzzTests
{
    private static readonly string[] Errors =
    [
        """{"error":{"code":409,"message":"The resource 'projects/my-project/zones/us-central1-a/disks/web' already exists","errors":[{"message":"x","domain":"global","reason":"alreadyExists"}]}}""",
        """{"error":{"code":403,"message":"Compute Engine API has not been used","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[{"url":"https://x"}]},{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"compute.googleapis.com","consumer":"projects/1"}}]}}""",
        """{"error":{"code":412,"message":"Constraint constraints/compute.requireOsLogin violated","errors":[{"reason":"conditionNotMet"}]}}""",
    ];

    private static readonly string[] Operations =
    [
        """{"name":"op","status":"DONE","httpErrorStatusCode":503,"httpErrorMessage":"SERVICE UNAVAILABLE","error":{"errors":[{"code":"ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS","message":"x","errorDetails":[{"errorInfo":{"reason":"stockout","domain":"compute.googleapis.com","metadatas":{"zonesAvailable":"a,b"}}}]}]}}""",
        """{"name":"op","status":"DONE","error":{"errors":[{"code":"QUOTA_EXCEEDED","message":"x","errorDetails":[{"quotaInfo":{"metricName":"m","limitName":"l","limit":0}}]}]}}""",
    ];

    [Fact]
    public void An_error_is_read_whatever_is_in_it() => Gen.Select(Gen.OneOf(Errors), Gen.OneOf([400, 403, 404, 409, 412, 429, 503]), Gen.Int[0, int.MaxValue], Gen.Int[1, 3]).Try(30_000, one =>
    {
        var (error, status, seed, times) = one;
        Told(Refusal.Of((HttpStatusCode)status, Encoding.UTF8.GetBytes(Broken(error, seed, times))));
    }, one => Broken(one.Item1, one.Item3, one.Item4));

    [Fact]
    public void So_is_an_operation_that_failed() => Gen.Select(Gen.OneOf(Operations), Gen.Int[0, int.MaxValue], Gen.Int[1, 3]).Try(30_000, one =>
    {
        Operation? operation;
        try
        {
            operation = JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(Broken(one.Item1, one.Item2, one.Item3)), GoogleJson.Default.Operation);
        }
        catch (JsonException)
        {
            // No answer: the border says so.
            return;
        }
        if (operation is not null && Refusal.Of(operation) is { } refusal)
            Told(refusal);
    }, one => Broken(one.Item1, one.Item2, one.Item3));

    private static void Told(Refusal refusal)
    {
        var told = refusal.ToException("asking");
        Assert.NotEmpty(told.Message);
        // Every question that is asked of a refusal has an answer.
        _ = (refusal.IsMissing, refusal.IsTaken, refusal.IsBusy, refusal.IsInUse, refusal.MayBeStale, refusal.IsStockOut, refusal.IsNotOffered, refusal.IsQuota, refusal.IsThrottled, refusal.HealsAlone);
        _ = refusal.IsAbout("projects/my-project/zones/us-central1-a/disks/web");
    }

    private static string Broken(string text, int seed, int times) => Enumerable.Range(0, times).Aggregate(text, (t, i) => new AnswerMutation(unchecked(seed + i)).Of(t));
}
