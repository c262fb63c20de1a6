using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>
/// Sends every request to AWS: repeats what is safe to repeat, waits for what takes time, and translates every refusal.
/// EC2 is eventually consistent: what was made a moment ago may be unknown to the next question.
/// </summary>
internal sealed class AwsBorder(AwsClients clients, Surroundings surroundings)
{
    /// <summary>After this long a thing that was made is found by every question. AWS names no figure; seconds are usual.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>With the pauses between them a little more than a minute.</summary>
    private const int Tries = 9;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _fresh = new();

    public IAmazonEC2 Ec2 => clients.Ec2;

    public IAmazonSimpleSystemsManagement Ssm => clients.Ssm;

    public IAmazonSecurityTokenService Sts => clients.Sts;

    public TimeProvider Time => surroundings.Time;

    public void Say(string line) => surroundings.Say(line);

    /// <summary>A token for one intended creation: kept while its request is repeated, never used again.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Sends a request that may be repeated.</summary>
    public async Task<T> SendAsync<T>(string doing, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(cancel);
            }
            catch (Exception e) when (IsAnswer(e, cancel))
            {
                if (attempt == Tries || !(AwsErrors.IsThrottle(e) || AwsErrors.IsUncertain(e) || IsFresh(e)))
                    throw AwsErrors.Translate(doing, e);
            }
            await Task.Delay(Pause(attempt), Time, cancel);
        }
    }

    /// <summary>
    /// Looks for a thing and makes it when it is missing. After an answer that got lost it looks again before it asks again.
    /// </summary>
    public async Task<T> MakeAsync<T>(
        string doing, Func<CancellationToken, Task<T?>> find, Func<CancellationToken, Task<T>> make, Func<T, string> id,
            CancellationToken cancel)
        where T : class
    {
        if (await find(cancel) is { } there)
            return there;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var made = await make(cancel);
                _fresh[id(made)] = Time.GetUtcNow();
                return made;
            }
            catch (Exception e) when (IsAnswer(e, cancel))
            {
                var uncertain = AwsErrors.IsUncertain(e);
                if (attempt == Tries || !(uncertain || AwsErrors.IsThrottle(e) || IsFresh(e)))
                    throw AwsErrors.Translate(doing, e);
                await Task.Delay(uncertain ? Settling : Pause(attempt), Time, cancel);
                if (uncertain && await find(cancel) is { } found)
                    return found;
            }
        }
    }

    /// <summary>Removes a thing; waits while something that ends by itself holds it. What is gone already is fine.</summary>
    /// <exception cref="CloudException">It is still held after <paramref name="limit"/>, or may not be removed.</exception>
    public async Task RemoveAsync(string doing, Func<CancellationToken, Task> remove, TimeSpan limit, CancellationToken cancel)
    {
        var began = Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendAsync(doing, async c =>
                {
                    await remove(c);
                    return true;
                }, cancel);
                return;
            }
            catch (CloudException e) when (AwsErrors.IsNotFound(e))
            {
                return;
            }
            catch (CloudException e) when (AwsErrors.IsLingering(e) && Time.GetElapsedTime(began) < limit)
            {
                await Task.Delay(Pause(attempt), Time, cancel);
            }
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="look">Null: not yet.</param>
    /// <exception cref="CloudException">Not within <paramref name="limit"/>.</exception>
    public async Task<T> UntilAsync<T>(string doing, Func<CancellationToken, Task<T?>> look, TimeSpan limit, CancellationToken cancel)
        where T : class
    {
        var began = Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            if (await look(cancel) is { } seen)
                return seen;
            if (Time.GetElapsedTime(began) >= limit)
                throw new CloudException(CloudFailure.Unreachable, doing, $"still not after {limit.TotalMinutes:0} minutes",
                    "`baker launch` goes on from here");
            await Task.Delay(Pause(Math.Min(attempt, 3)), Time, cancel);
        }
    }

    /// <summary>What this process made so lately that a question may not find it yet.</summary>
    public HashSet<string> Unsettled() => [.. _fresh.Where(f => Time.GetUtcNow() - f.Value < Settling).Select(f => f.Key)];

    /// <summary>1, 2, 4, 8, 15, 15… seconds.</summary>
    private static TimeSpan Pause(int attempt) => TimeSpan.FromSeconds(attempt > 4 ? 15 : 1 << (attempt - 1));

    private static bool IsAnswer(Exception e, CancellationToken cancel) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || e is TaskCanceledException && !cancel.IsCancellationRequested;

    /// <summary>True when a thing is unknown that this process made a moment ago.</summary>
    private bool IsFresh(Exception e) =>
        AwsErrors.IsNotFound(e) && _fresh.Any(f =>
            Time.GetUtcNow() - f.Value < 4 * Settling && e.Message.Contains(f.Key, StringComparison.Ordinal));
}
