using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Compute Engine's v1 API: reads, lists, and changes that are over when they return.</summary>
/// <param name="root">Ends with a slash.</param>
/// <param name="say">Tells whoever waits why.</param>
internal sealed class Compute(GoogleBorder border, string root, TimeProvider time, Action<string> say)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>After an answer of <c>wait</c> that came before the operation was done.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>No operation that Baker begins takes this long; snapshots of large disks take the longest.</summary>
    private static readonly TimeSpan OperationLimit = TimeSpan.FromMinutes(60);

    /// <returns>Null when there is no such thing.</returns>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, string doing, CancellationToken cancel)
        where T : class => (await GetAsync(path, type, doing, cancel)).OrNull(doing);

    public Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, string doing, CancellationToken cancel)
        where T : class => border.SendAsync(doing, HttpMethod.Get, root + path, null, type, cancel);

    /// <param name="filter">In the API's own grammar; null: everything.</param>
    public async Task<List<T>> ListAsync<T>(
        string path, string? filter, JsonTypeInfo<Page<T>> type, string doing, CancellationToken cancel)
    {
        var all = new List<T>();
        string? token = null;
        do
        {
            var page = (await GetAsync(path + Query(("filter", filter), ("pageToken", token)), type, doing, cancel)).OrThrow(doing);
            all.AddRange(page.Items ?? []);
            token = Next(token, page.NextPageToken, doing);
        }
        while (token is not null);
        return all;
    }

    /// <summary>Instances of all zones.</summary>
    public async Task<List<Instance>> InstancesAsync(GooglePlace place, string filter, string doing, CancellationToken cancel)
    {
        var all = new List<Instance>();
        string? token = null;
        do
        {
            // All or nothing: a machine that is not seen would be made a second time.
            var query = Query(("filter", filter), ("pageToken", token));
            var page = (await GetAsync($"{place.Root}/aggregated/instances{query}", Json.InstanceAggregatedList, doing, cancel))
                .OrThrow(doing);
            all.AddRange((page.Items ?? new Dictionary<string, InstancesScopedList>()).Values.SelectMany(s => s.Instances ?? []));
            token = Next(token, page.NextPageToken, doing);
        }
        while (token is not null);
        return all;
    }

    /// <summary>Makes something and returns when it is made.</summary>
    /// <returns>Null when that went well.</returns>
    public Task<Refusal?> InsertAsync<T>(string path, T body, JsonTypeInfo<T> type, string doing, CancellationToken cancel) =>
        ChangeAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type), [], Live.Google.Patience.Gone, doing, cancel);

    /// <summary>A verb on something, such as <c>…/stop</c>, with its body.</summary>
    public Task<Refusal?> PostAsync<T>(
        string path, T body, JsonTypeInfo<T> type, string doing, CancellationToken cancel, params (string, string?)[] query) =>
        ChangeAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type), query, TimeSpan.Zero, doing, cancel);

    public Task<Refusal?> PostAsync(string path, string doing, CancellationToken cancel, params (string, string?)[] query) =>
        ChangeAsync(HttpMethod.Post, path, null, query, TimeSpan.Zero, doing, cancel);

    public Task<Refusal?> PatchAsync<T>(string path, T body, JsonTypeInfo<T> type, string doing, CancellationToken cancel) =>
        ChangeAsync(HttpMethod.Patch, path, JsonSerializer.SerializeToUtf8Bytes(body, type), [], TimeSpan.Zero, doing, cancel);

    /// <summary>Removes something; returns when it is gone, also when it was.</summary>
    /// <exception cref="CloudException">It is still there.</exception>
    public async Task DeleteAsync(string path, string doing, CancellationToken cancel)
    {
        if (await ChangeAsync(HttpMethod.Delete, path, null, [], Live.Google.Patience.Gone, doing, cancel) is { IsMissing: false } refusal)
            throw refusal.ToException(doing);
    }

    /// <summary>
    /// Waits for what a run that was cut off has begun: as long as it goes on, nobody knows what will be there.
    /// </summary>
    /// <param name="scope">Where operations are listed: <c>projects/P/global</c>, <c>…/regions/R</c>, <c>…/zones/Z</c>.</param>
    /// <param name="isOurs">By the path of what is operated on.</param>
    /// <returns>True when there was something to wait for.</returns>
    public async Task<bool> SettleAsync(string scope, Func<string, bool> isOurs, string doing, CancellationToken cancel)
    {
        var going = (await UnfinishedAsync(scope, doing, cancel)).Where(o => isOurs(GooglePlace.Path(o.TargetLink))).ToArray();
        foreach (var operation in going)
            say($"{doing}: waiting for {operation.OperationType} of {GooglePlace.Name(operation.TargetLink)}, which an earlier run began");
        await Task.WhenAll(going.Select(o => WaitAsync(o, doing, cancel)));
        return going.Length > 0;
    }

    /// <summary>For a loop that asks again.</summary>
    public Patience Patience(string doing, TimeSpan limit) => new(time, say, doing, limit);

    public Task<List<Operation>> UnfinishedAsync(string scope, string doing, CancellationToken cancel) =>
        ListAsync($"{scope}/operations", "status != DONE", Json.PageOperation, doing, cancel);

    private async Task<Refusal?> ChangeAsync(
        HttpMethod method, string path, byte[]? body, (string, string?)[] query, TimeSpan useLimit, string doing, CancellationToken cancel)
    {
        var (busy, used) = (Patience(doing, Live.Google.Patience.Busy), Patience(doing, useLimit));
        while (true)
        {
            // The id lives as long as this one intention: its retries find the same operation, the next intention begins another.
            var url = root + path + Query([("requestId", TakesId(path) ? RandomId() : null), .. query]);
            var answer = await border.SendAsync(doing, method, url, body, Json.Operation, cancel);
            var refusal = answer.Refusal ?? await WaitAsync(answer.Value!, doing, cancel);
            var patience = refusal switch { { IsBusy: true } => busy, { IsInUse: true } => used, _ => null };
            if (patience is null || !await patience.WaitAsync(refusal!.Text, cancel))
                return refusal;
        }
    }

    private async Task<Refusal?> WaitAsync(Operation operation, string doing, CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        while (operation.Status != "DONE")
        {
            if (time.GetUtcNow() - began > OperationLimit)
                throw new CloudException(CloudFailure.Unreachable, doing,
                    $"operation {operation.Name} is not done after {OperationLimit.TotalMinutes:0} minutes",
                    "the next launch goes on from there");
            var path = GooglePlace.Path(operation.SelfLink);
            var waited = await border.SendAsync(doing, HttpMethod.Post, $"{root}{path}/wait", null, Json.Operation, cancel);
            // Operations are forgotten some weeks after they are done.
            if (waited.Refusal is { IsMissing: true })
                return null;
            operation = waited.OrThrow(doing);
            if (operation.Status != "DONE")
                await Task.Delay(Pause, time, cancel);
        }
        return Refusal.Of(operation);
    }

    /// <summary>The next page; a token that comes again leads nowhere.</summary>
    private static string? Next(string? token, string? next, string doing) => string.IsNullOrEmpty(next) ? null
        : next != token ? next
        : throw new CloudException(CloudFailure.Unreachable, doing, "the list has no end: one page names itself as the next");

    /// <summary>All changes that Baker makes take an id, but for this one, which may be repeated without.</summary>
    private static bool TakesId(string path) =>
        !(path.Contains("/snapshots/", StringComparison.Ordinal) && path.EndsWith("/setLabels", StringComparison.Ordinal));

    private static string Query(params IEnumerable<(string Key, string? Value)> parts)
    {
        var query = string.Join('&', parts.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }

    /// <summary>A random UUID, version 4.</summary>
    private static string RandomId()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
    }
}
