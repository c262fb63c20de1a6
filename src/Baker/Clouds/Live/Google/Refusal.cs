using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>A "no" of Google's: an HTTP error, or an error inside an operation whose call was answered with 200.</summary>
/// <param name="Status">HTTP status; of an operation, the one it carries.</param>
/// <param name="Reason">The first code: <c>alreadyExists</c>, <c>QUOTA_EXCEEDED</c>.</param>
/// <param name="Text">All codes and sentences.</param>
/// <param name="Zones">Zones that Google names as having some left, with a stock-out.</param>
internal sealed partial record Refusal(int Status, string Reason, string Text, ImmutableArray<string> Zones)
{
    private static readonly ImmutableDictionary<string, string> NoFacts = ImmutableDictionary<string, string>.Empty;

    private static readonly string?[] Throttled = [
        "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"];

    public static Refusal Of(HttpStatusCode status, byte[] body)
    {
        HttpError? error = null;
        try
        {
            error = JsonSerializer.Deserialize(body, GoogleJson.Default.ErrorEnvelope)?.Error;
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing at all: the status has to do.
        }
        var reason = error?.Errors is [{ Reason: { } first }, ..] ? first : error?.Status ?? status.ToString();
        var info = Info(error);
        return new Refusal((int)status, reason, $"{(int)status} {reason}: {error?.Message ?? "without a reason"}", [])
        {
            Cause = info?.Reason,
            Facts = info?.Metadata ?? NoFacts,
        };
    }

    /// <returns>Null when the operation ended well.</returns>
    public static Refusal? Of(Operation done)
    {
        // A list may have holes: nothing says that it has none.
        OperationError[] errors = [.. (done.Error?.Errors ?? []).OfType<OperationError>()];
        var details = errors.SelectMany(e => e.ErrorDetails ?? []).Select(d => d?.ErrorInfo).OfType<ErrorInfo>().ToArray();
        if (errors.Length == 0)
            return done.HttpErrorStatusCode is >= 400
                ? new Refusal(done.HttpErrorStatusCode.Value, done.HttpErrorMessage ?? "",
                $"{done.HttpErrorStatusCode} {done.HttpErrorMessage}", []) : null;
        var zones = details.Select(d => d.Metadatas?.GetValueOrDefault("zonesAvailable"))
            .SelectMany(z => (z ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var info = details.FirstOrDefault();
        return new Refusal(done.HttpErrorStatusCode ?? 400, errors[0].Code ?? "",
            string.Join("; ", errors.Select(e => $"{e.Code}: {e.Message}")), [.. zones.Distinct()])
        {
            Cause = info?.Reason,
            Facts = info?.Metadatas ?? NoFacts,
        };
    }

    /// <summary>The reason that stands in the details of an error: more exact than its status. Null: none.</summary>
    public string? Cause { get; private init; }

    /// <summary>What the details say beside it: <c>service</c>, <c>consumer</c>, <c>permission</c>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; private init; } = NoFacts;

    /// <summary>Details are of many types; one of them has a reason.</summary>
    private static RpcErrorInfo? Info(HttpError? error)
    {
        foreach (var detail in error?.Details ?? [])
        {
            try
            {
                if (detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("@type", out var type)
                    && type.ValueKind == JsonValueKind.String
                    && type.GetString()!.EndsWith("/google.rpc.ErrorInfo", StringComparison.Ordinal))
                    return detail.Deserialize(GoogleJson.Default.RpcErrorInfo);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // One that cannot be read, such as half of a pair of UTF-16, tells no more than the status does.
            }
        }
        return null;
    }

    public bool IsMissing => Status == 404;

    public bool IsTaken => Status == 409 && Reason is "alreadyExists" or "ALREADY_EXISTS" or "RESOURCE_ALREADY_EXISTS";

    /// <summary>Something else is being done to it, or it is not yet what it will be.</summary>
    public bool IsBusy => Reason is "resourceNotReady" or "RESOURCE_NOT_READY" or "operationInProgress"
        or "RESOURCE_OPERATION_IN_PROGRESS";

    /// <summary>Something still uses it; after a deletion this may take a moment to be seen.</summary>
    public bool IsInUse => Reason is "resourceInUseByAnotherResource" or "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE";

    /// <summary>
    /// It may have been changed since it was read. Policies of an organisation are refused with the same status: see
    /// <see cref="Rewriting"/>.
    /// </summary>
    public bool MayBeStale => Status == 412 || Reason is "conditionNotMet" or "ABORTED" or "FAILED_PRECONDITION";

    /// <summary>The path of the thing that a "there is one already" names; null: none.</summary>
    public string? Named => Quoted().Match(Text) is { Success: true } match ? GooglePlace.Path(match.Groups["path"].Value) : null;

    /// <summary>False when it names another thing than this one, such as a machine's disk.</summary>
    public bool IsAbout(string path) => Named is null || Last(Named) == Last(path);

    public bool IsStockOut => Reason.StartsWith("ZONE_RESOURCE_POOL_EXHAUSTED", StringComparison.Ordinal)
        || Reason is "resourcePoolExhausted" or "stockout";

    /// <summary>The zone does not have this type of machine or GPU at all.</summary>
    public bool IsNotOffered => Status is 400 or 404
        && (Text.Contains("/machineTypes/", StringComparison.Ordinal) || Text.Contains("/acceleratorTypes/", StringComparison.Ordinal));

    /// <summary>An account that was made, or a right on it that was given, a moment ago is not known here yet; or there is none.</summary>
    public bool IsAccountUnknown => Reason == "SERVICE_ACCOUNT_ACCESS_DENIED"
        || (Status is 400 or 403 or 404 && Text.Contains("service account", StringComparison.OrdinalIgnoreCase));

    public bool IsQuota => Reason is "quotaExceeded" or "QUOTA_EXCEEDED";

    /// <summary>Too many calls in a short time.</summary>
    public bool IsThrottled => Status == 429 || (Status == 403 && (Throttled.Contains(Reason) || Throttled.Contains(Cause)));

    /// <summary>Worth asking again.</summary>
    public bool HealsAlone => IsThrottled || Status is 500 or 502 or 503 or 504;

    public bool Says(string words) => Text.Contains(words, StringComparison.Ordinal);

    public CloudFailure Failure => RefusalAdvice.Of(this).Failure;

    public CloudException ToException(string doing, string? advice = null)
    {
        var (failure, usual) = RefusalAdvice.Of(this);
        return new CloudException(failure, doing, Text, advice ?? usual);
    }

    // Kind and name: the project may be written as a number.
    private static string Last(string path) => string.Join('/', path.Split('/')[^2..]);

    // The resource 'projects/my-project/zones/us-central1-a/disks/web' already exists
    [GeneratedRegex("'(?<path>[^' ]*projects/[^' ]+/[^' ]+)' already exists")]
    private static partial Regex Quoted();
}
