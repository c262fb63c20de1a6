using System.Security.Cryptography;
using Baker.Clouds.Facts.Google;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// A secret without a value: its name can be taken once in a project, it costs nothing, and its annotations say who holds it.
/// </summary>
internal sealed class GoogleLock(SecretManager secrets, GooglePlace place, Action<string> say) : IStackLock
{
    private const string Holder = "baker-holder";

    /// <summary>Tells our own try, whose answer was lost, from somebody else's.</summary>
    private const string Try = "baker-try";

    public async Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel)
    {
        var path = Path(owner);
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
        while (true)
        {
            var made = await secrets.CreateAsync(path, wanted, doing, cancel);
            if (made.Refusal is not { IsTaken: true })
                return new Taken(this, path, made.OrThrow(doing).Etag);
            // Given back in between: the name is free again.
            if ((await secrets.GetAsync(path, doing, cancel)).OrNull(doing) is not { } found)
                continue;
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
        var path = Path(owner);
        var doing = $"breaking the lock {path}";
        if ((await secrets.GetAsync(path, doing, cancel)).OrNull(doing) is { } found && GoogleMark.IsOurs(found.Labels, owner))
            (await secrets.DeleteAsync(path, null, doing, cancel)).OrNull(doing);
    }

    private string Path(StackOwner owner) => $"{place.Root}/secrets/baker-{owner.Stack}-lock";

    private async Task ReleaseAsync(string path, string? etag)
    {
        const string Doing = "giving the lock back";
        try
        {
            // With the etag: one that was broken and taken by somebody else is theirs.
            var answer = await secrets.DeleteAsync(path, etag, Doing, CancellationToken.None);
            if (answer.Refusal is { IsMissing: false, MayBeStale: false })
                answer.OrThrow(Doing);
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
