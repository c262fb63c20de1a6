using System.Net;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>What becomes of AWS's errors: their class by the table, and for people a sentence with advice.</summary>
internal static class AwsErrors
{
    private const string ActionKey = "baker.action";

    /// <summary>
    /// Has every error of a client say which action was asked for: the vendor's exceptions do not. And has every answer looked at: a page
    /// that happens to be XML is to the vendor's clients an answer in which nothing is.
    /// </summary>
    public static void Mark(object client)
    {
        const string request = "Request";
        if (client is not AmazonServiceClient vendor)
            return;
        vendor.ExceptionEvent += (_, e) =>
        {
            if (e is WebServiceExceptionEventArgs { Request: { } asked, Exception: { } exception })
                exception.Data[ActionKey] = asked.GetType().Name[..^request.Length];
        };
        vendor.AfterResponseEvent += (_, e) =>
        {
            // AWS puts an id on all that it answers.
            if (e is WebServiceResponseEventArgs { Response: { } answer } && string.IsNullOrEmpty(answer.ResponseMetadata?.RequestId))
                throw new AwsForeignAnswerException();
        };
    }

    public static string Code(Exception e) => e switch
    {
        AmazonServiceException { ErrorCode: { } code } => code,
        CloudException { InnerException: { } inner } => Code(inner),
        _ => "",
    };

    /// <summary>True for what leaves a question open that a launch can do without: a refusal, or no answer in time.</summary>
    public static bool LeavesOpen(Exception e, CancellationToken cancel) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or CloudException
            || (e is TaskCanceledException && !cancel.IsCancellationRequested);

    /// <summary>Code and words of it, in one line.</summary>
    public static string Line(Exception e) =>
        (Code(e) is { Length: > 0 } code ? $"{code}: {e.Message}" : e.Message).ReplaceLineEndings(" ");

    public static AwsErrorClass Class(Exception e) => e switch
    {
        CloudException { InnerException: { } inner } => Class(inner),
        // A page of somebody in between has no code.
        AmazonServiceException { ErrorCode: null or "" } page => (int)page.StatusCode >= 500 ? AwsErrorClass.Broken : AwsErrorClass.Input,
        AmazonServiceException service => AwsErrorTable.Of(service.Data[ActionKey] as string ?? "", Code(e), service.Message),
        // The SDK's word for a request that took too long is TaskCanceledException.
        HttpRequestException or IOException or TimeoutException or TaskCanceledException => AwsErrorClass.Broken,
        AwsForeignAnswerException => AwsErrorClass.Input,
        AmazonClientException => AwsErrorClass.SignedOut,
        _ => AwsErrorClass.Input,
    };

    /// <summary>Also where it may have been made a moment ago.</summary>
    public static bool IsNotFound(Exception e) => Class(e) == AwsErrorClass.Missing
        || (Class(e) == AwsErrorClass.Propagating && Code(e).EndsWith("NotFound", StringComparison.Ordinal));

    public static bool IsLingering(Exception e) => Class(e) == AwsErrorClass.Lingering;

    /// <summary>True when an earlier request, whose answer may have got lost, has done it.</summary>
    public static bool IsAlready(Exception e) => Class(e) == AwsErrorClass.Already;

    /// <summary>True when nobody knows whether the request has been carried out.</summary>
    public static bool IsUncertain(Exception e) => Class(e) == AwsErrorClass.Broken
        // No room, and throttling, are said with a 500 too.
        || (e is AmazonServiceException service && (int)service.StatusCode >= 500
            && Class(e) is not (AwsErrorClass.Throttled or AwsErrorClass.Capacity));

    public static CloudException Translate(string doing, Exception e)
    {
        var kind = Class(e);
        return e switch
        {
            AmazonServiceException { StatusCode: not HttpStatusCode.OK, ErrorCode: null or "" } page => new CloudException(
                CloudFailure.Unreachable, doing, $"HTTP {(int)page.StatusCode}: {AwsAdvice.Words(page.Message)}", AwsAdvice.Foreign, e),
            _ when AwsForeignAnswerException.Is(e) => new CloudException(
                CloudFailure.Unreachable, doing, "what answered is not AWS", AwsAdvice.Foreign, e),
            AmazonServiceException service => new CloudException(AwsAdvice.Kind(kind), doing,
                $"{service.ErrorCode}: {AwsAdvice.Words(service.Message)}", AwsAdvice.Of(kind, service.ErrorCode, service.Message), e),
            HttpRequestException or IOException or TimeoutException or TaskCanceledException => new CloudException(
                CloudFailure.Unreachable, doing, e.Message, "is there a way to the internet, and is the region written right?", e),
            _ => new CloudException(CloudFailure.NotSignedIn, doing, AwsAdvice.Words(e.Message),
                e.Message.Contains("SSO", StringComparison.Ordinal) ? AwsAdvice.SsoSignIn : AwsAdvice.SignIn, e),
        };
    }
}
