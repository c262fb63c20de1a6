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
internal sealed class AwsBorder
{
    /// <summary>After this long a thing that was made is found by every question. AWS names no figure; seconds are usual.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>How long what AWS asks to send again, or has not answered, is sent again.</summary>
    private static readonly TimeSpan Trying = TimeSpan.FromSeconds(75);

    /// <summary>"Some minutes" is all that AWS says of it. Terraform's provider has come to these two (ec2/wait.go).</summary>
    private static readonly TimeSpan Propagating = TimeSpan.FromMinutes(5), PropagatingIam = TimeSpan.FromMinutes(2);

    /// <summary>Whoever waits longer is told for what.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly AwsClients _clients;
    private readonly Surroundings _surroundings;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _fresh = new();

    public AwsBorder(AwsClients clients, Surroundings surroundings)
    {
        (_clients, _surroundings) = (clients, surroundings);
        Pages = new AwsPages(clients.Ec2, surroundings.Time);
        AwsErrors.Mark(clients.Ec2);
        AwsErrors.Mark(clients.Ssm);
        AwsErrors.Mark(clients.Sts);
    }

    public IAmazonEC2 Ec2 => _clients.Ec2;

    /// <summary>Lists of EC2 are asked for here, and not by its client.</summary>
    public AwsPages Pages { get; }

    public IAmazonSimpleSystemsManagement Ssm => _clients.Ssm;

    public IAmazonSecurityTokenService Sts => _clients.Sts;

    /// <inheritdoc cref="AwsClients.Home"/>
    public IAmazonSecurityTokenService? Home => _clients.Home;

    public TimeProvider Time => _surroundings.Time;

    public void Say(string line) => _surroundings.Say(line);

    /// <summary>A token for one intended creation: kept while its request is repeated, never used again.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Sends a request that may be repeated.</summary>
    /// <param name="spreads">False: what AWS does not know yet is not waited for either.</param>
    public async Task<T> SendAsync<T>(
        string doing, Func<CancellationToken, Task<T>> ask, CancellationToken cancel, bool spreads = true)
    {
        var began = Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(cancel);
            }
            catch (Exception e) when (IsAnswer(e, cancel))
            {
                if (!MayRepeat(doing, e, began, attempt, spreads))
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
        var began = Time.GetTimestamp();
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
                if (!MayRepeat(doing, e, began, attempt, spreads: true))
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
            catch (CloudException e) when (AwsErrors.IsNotFound(e) || AwsErrors.IsAlready(e))
            {
                return;
            }
            catch (CloudException e) when (AwsErrors.IsLingering(e) && Time.GetElapsedTime(began) < limit)
            {
                SayWait(doing, e, began, attempt, limit);
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
    internal static TimeSpan Pause(int attempt) => TimeSpan.FromSeconds(attempt > 4 ? 15 : 1 << (attempt - 1));

    /// <summary>True when the request may be sent again, after a pause.</summary>
    private bool MayRepeat(string doing, Exception e, long began, int attempt, bool spreads)
    {
        var kind = AwsErrors.Class(e);
        var limit = IsFresh(e) ? Propagating
            : kind == AwsErrorClass.Throttled || AwsErrors.IsUncertain(e) ? Trying
            : !spreads || AwsErrors.IsNotFound(e) ? TimeSpan.Zero
            : kind == AwsErrorClass.Propagating ? Propagating
            : kind == AwsErrorClass.PropagatingIam ? PropagatingIam : TimeSpan.Zero;
        if (Time.GetElapsedTime(began) >= limit)
            return false;
        SayWait(doing, e, began, attempt, limit);
        return true;
    }

    private void SayWait(string doing, Exception e, long began, int attempt, TimeSpan limit)
    {
        var waited = Time.GetElapsedTime(began);
        // Once: with this pause the silence is over.
        if (waited < Silence && waited + Pause(attempt) >= Silence)
            Say($"{doing}: {(AwsErrors.Code(e) is { Length: > 0 } code ? code : "no answer")}; trying again, for "
                + $"{Math.Ceiling(limit.TotalMinutes):0} minutes at most");
    }

    private static bool IsAnswer(Exception e, CancellationToken cancel) =>
        AwsForeignAnswerException.Is(e)
        || e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || e is TaskCanceledException && !cancel.IsCancellationRequested;

    /// <summary>True when a thing is unknown that this process made a moment ago.</summary>
    private bool IsFresh(Exception e) =>
        AwsErrors.IsNotFound(e) && _fresh.Any(f =>
            Time.GetUtcNow() - f.Value < Propagating && e.Message.Contains(f.Key, StringComparison.Ordinal));
}
