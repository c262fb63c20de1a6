using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Facts.Google;

namespace Baker.Clouds.Live.Google;

/// <summary>Making what carries its owner in its description.</summary>
internal static class ComputeEnsure
{
    /// <summary>Finds a thing by its exact name or makes it.</summary>
    /// <param name="path">Its own path.</param>
    /// <param name="collection">Where it is inserted.</param>
    /// <param name="kind">Google's word for it, for people.</param>
    /// <exception cref="CloudException">With <see cref="CloudFailure.Taken"/>: the name is somebody else's.</exception>
    public static async Task<T> EnsureAsync<T>(
        this Compute compute, string path, string collection, T body, JsonTypeInfo<T> type, Func<T, string?> description, StackOwner owner,
            string kind, CancellationToken cancel)
        where T : class
    {
        var doing = $"making the {kind} {GooglePlace.Name(path)}";
        var patience = compute.Patience(doing, Patience.Crowded);
        for (var isMade = false; ;)
        {
            if (await compute.FindAsync(path, type, doing, cancel) is { } found)
                return GoogleMark.IsOurs(description(found), owner) ? found
                    : throw GoogleMark.Taken(doing, kind, path, description(found));
            if (isMade && !await patience.WaitAsync("it was made, and cannot be seen", cancel))
                throw new CloudException(CloudFailure.Unreachable, doing, "it was made, and cannot be seen", "does somebody remove it?");
            // Taken, though it could not be seen: somebody, or a run that was killed, is making or removing it at this moment.
            var refusal = await compute.InsertAsync(collection, body, type, doing, cancel);
            isMade = refusal is null;
            if (refusal is { IsTaken: false } || refusal?.IsAbout(path) == false)
                throw refusal.ToException(doing);
            if (refusal is not null && !await patience.WaitAsync("its name is taken, and nothing of that name can be seen", cancel))
                throw refusal.ToException(doing, "somebody makes or removes it at this moment; launch again when that is over");
        }
    }
}
