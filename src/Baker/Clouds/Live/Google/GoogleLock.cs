using System.Security.Cryptography;
using Baker.Clouds.Facts.Google;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// A secret without a value: its name can be taken once in a project, it costs nothing, and its annotations say who holds it.
/// </summary>
internal sealed class GoogleLock(SecretManager secrets, GooglePlace place, TimeProvider time, Action<string> say) : IStackLock
{
    private const string Holder = "baker-holder";

    /// <summary>Tells our own try, whose answer was lost, from somebody else's.</summary>
    private const string Try = "baker-try";

    public async Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel)
    {
        var path = PathOf(place, owner);
        var doing = $"taking the lock {path}";
        var attempt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var wanted = GoogleSecrets.New(place, owner) with
        {
            Annotations = new Dictionary<string, string>
            {
                [Holder] = holder,
                [Try] = attempt
            }
        };
        var patience = new Patience(time, say, doing, Patience.Crowded);
        while (true)
        {
            var made = await secrets.CreateAsync(path, wanted, doing, cancel);
            if (made.Refusal is not { IsTaken: true })
                return new Taken(this, path, made.OrThrow(doing).Etag);
            // Given back in between: the name is free again, at once or soon.
            if ((await secrets.GetAsync(path, doing, cancel)).OrNull(doing) is not { } found)
            {
                if (await patience.WaitAsync("its name is taken, and it cannot be seen", cancel))
                    continue;
                throw made.Refusal.ToException(doing, "launch again in a minute");
            }
            if (found.Annotations?.GetValueOrDefault(Try) == attempt)
                return new Taken(this, path, found.Etag);
            throw new CloudException(CloudFailure.Locked, doing,
                $"held by {found.Annotations?.GetValueOrDefault(Holder)
                ?? "somebody"}{(GoogleMark.IsOurs(found.Labels, owner) ? "" : ", for another stack of this name")}",
                "when that run is no more, --break-lock removes it");
        }
    }

    public async Task BreakAsync(StackOwner owner, CancellationToken cancel)
    {
        var path = PathOf(place, owner);
        var doing = $"breaking the lock {path}";
        if ((await secrets.GetAsync(path, doing, cancel)).OrNull(doing) is { } found && GoogleMark.IsOurs(found.Labels, owner))
            (await secrets.DeleteAsync(path, null, doing, cancel)).OrNull(doing);
    }

    public async Task<Resource?> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "looking for the lock";
        var path = PathOf(place, owner);
        return (await secrets.GetAsync(path, Doing, cancel)).OrNull(Doing) is { } found && GoogleMark.IsOurs(found.Labels, owner)
            ? Resource.Lock(owner, path, found.Annotations?.GetValueOrDefault(Holder) ?? "somebody") : null;
    }

    public static string PathOf(GooglePlace place, StackOwner owner) => $"{place.Root}/secrets/baker-{owner.Stack}-lock";

    private async Task ReleaseAsync(string path, string? etag)
    {
        const string Doing = "giving the lock back";
        try
        {
            // With the etag: one that was broken and taken by somebody else is theirs. Only another etag proves that.
            var answer = await secrets.DeleteAsync(path, etag, Doing, CancellationToken.None);
            if (answer.Refusal is { IsMissing: false } refusal && !(refusal.MayBeStale
                && (await secrets.GetAsync(path, Doing, CancellationToken.None)).Value?.Etag != etag))
                throw refusal.ToException(Doing);
        }
        catch (CloudException e)
        {
            say($"{e.Message}\n  the next launch needs --break-lock");
        }
    }

    private sealed class Taken(GoogleLock owner, string path, string? etag) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await owner.ReleaseAsync(path, etag);
    }
}
