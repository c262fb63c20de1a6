using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Clouds.Live.Google.Wire;

/// <summary>Work that Compute Engine has begun. It may end in an error although the call that began it was answered with 200.</summary>
/// <param name="Status"><c>PENDING</c>, <c>RUNNING</c> or <c>DONE</c>.</param>
internal sealed record Operation(
    string? Name = null, string? Status = null, string? OperationType = null, string? TargetLink = null, string? SelfLink = null,
    OperationErrors? Error = null, int? HttpErrorStatusCode = null, string? HttpErrorMessage = null);

internal sealed record OperationErrors(IReadOnlyList<OperationError>? Errors = null);

/// <param name="Code">Such as <c>QUOTA_EXCEEDED</c>.</param>
internal sealed record OperationError(string? Code = null, string? Message = null, IReadOnlyList<ErrorDetail>? ErrorDetails = null);

internal sealed record ErrorDetail(ErrorInfo? ErrorInfo = null, QuotaInfo? QuotaInfo = null);

/// <param name="Metadatas">With a stock-out, <c>zonesAvailable</c>: zones that have some left.</param>
internal sealed record ErrorInfo(string? Reason = null, string? Domain = null, IReadOnlyDictionary<string, string>? Metadatas = null);

/// <summary>The same in the error of a call, <c>google.rpc.ErrorInfo</c>.</summary>
/// <param name="Reason">Such as <c>SERVICE_DISABLED</c>.</param>
internal sealed record RpcErrorInfo(string? Reason = null, string? Domain = null, IReadOnlyDictionary<string, string>? Metadata = null);

internal sealed record QuotaInfo(string? MetricName = null, string? LimitName = null, double? Limit = null);

/// <summary>The body of an HTTP error.</summary>
internal sealed record ErrorEnvelope(HttpError? Error = null);

/// <param name="Status">Of the newer services: <c>ALREADY_EXISTS</c>.</param>
/// <param name="Details">Of the newer services.</param>
internal sealed record HttpError(
    int? Code = null, string? Message = null, string? Status = null, IReadOnlyList<HttpErrorItem>? Errors = null,
        IReadOnlyList<JsonElement>? Details = null);

/// <summary>An error of a token's server, in OAuth's form.</summary>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

/// <param name="Reason">Such as <c>alreadyExists</c>.</param>
internal sealed record HttpErrorItem(string? Domain = null, string? Reason = null, string? Message = null);
