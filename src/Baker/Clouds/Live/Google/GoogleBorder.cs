using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Retry;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// The one place through which every request to Google leaves: signs it, tries again what heals alone, and reads the answer or the
/// refusal.
/// </summary>
/// <param name="token">An access token; throws <see cref="CloudException"/> when there are no credentials.</param>
/// <param name="say">Tells whoever waits why.</param>
internal sealed class GoogleBorder(
    HttpClient http, Func<CancellationToken, Task<GoogleToken>> token, TimeProvider time, Action<string> say) : IDisposable
{
    /// <summary>Longer than the two minutes for which <c>operations.wait</c> may hold a connection.</summary>
    public static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(150);

    /// <summary>Tries, after which it is no short moment any more.</summary>
    private const int QuietTries = 3;

    private static readonly ResiliencePropertyKey<string> Doing = new("doing");

    private readonly ResiliencePipeline<Reply> _tries = new ResiliencePipelineBuilder<Reply> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<Reply>
        {
            // Together about two minutes: quotas of calls are counted by the minute.
            MaxRetryAttempts = 7,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(40),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception switch
            {
                null => tried.Outcome.Result.Refusal?.HealsAlone == true,
                // The time limit of the client; a user who cancels has another token.
                TaskCanceledException { InnerException: TimeoutException } => true,
                var e => e is HttpRequestException,
            }),
            OnRetry = tried =>
            {
                if (tried.AttemptNumber == QuietTries)
                    say($"{tried.Context.Properties.GetValue(Doing, "asking Google")}: "
                        + $"{tried.Outcome.Result.Refusal?.Text ?? tried.Outcome.Exception?.Message}; trying again for two minutes");
                return default;
            },
        }).Build();

    private readonly record struct Reply(byte[] Body, Refusal? Refusal);

    /// <summary>Sends a request until it is answered.</summary>
    /// <param name="doing">What is attempted, for the person who reads the error.</param>
    /// <exception cref="CloudException">There was no answer, or there are no credentials.</exception>
    public async Task<Answer<T>> SendAsync<T>(
        string doing, HttpMethod method, string url, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        var context = ResilienceContextPool.Shared.Get(cancel);
        context.Properties.Set(Doing, doing);
        try
        {
            var reply = await _tries.ExecuteAsync(async c => await OnceAsync(method, url, body, c.CancellationToken), context);
            return reply.Refusal is null
                ? new Answer<T>(JsonSerializer.Deserialize(reply.Body, type) ?? throw new JsonException("the answer is null"), null)
                : new Answer<T>(null, reply.Refusal);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            var server = (e as NoTokenException)?.Server ?? new Uri(url).Authority;
            throw new CloudException(CloudFailure.Unreachable, e is NoTokenException ? "signing in to Google Cloud" : doing,
                $"no answer from {server}: {e.Message}", "is the network, the proxy or the endpoint's address right?", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<Reply> OnceAsync(HttpMethod method, string url, byte[]? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, url);
        var (bearer, quotaProject) = await token(cancel);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (quotaProject is not null)
            request.Headers.Add("x-goog-user-project", quotaProject);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await http.SendAsync(request, cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
        return new Reply(bytes, response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous ? null
            : Refusal.Of(response.StatusCode, bytes));
    }
}

/// <summary>What came back: a value or a refusal.</summary>
internal readonly record struct Answer<T>(T? Value, Refusal? Refusal)
    where T : class
{
    /// <exception cref="CloudException">It was refused.</exception>
    public T OrThrow(string doing) => Refusal is null ? Value! : throw Refusal.ToException(doing);

    /// <returns>Null when there is no such thing.</returns>
    /// <exception cref="CloudException">It was refused for another reason.</exception>
    public T? OrNull(string doing) => Refusal is { IsMissing: true } ? null : OrThrow(doing);
}
