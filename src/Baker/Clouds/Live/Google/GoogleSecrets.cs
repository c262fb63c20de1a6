using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Secrets that a launch makes, in Secret Manager.</summary>
internal sealed class GoogleSecrets(SecretManager secrets, GooglePlace place, GoogleGrants grants) : ISecretStore
{
    /// <summary>True for the path of a secret that a launch of this stack makes.</summary>
    public static bool IsMade(GooglePlace place, StackOwner owner, string path) =>
        path.StartsWith($"{place.Root}/secrets/baker-{owner.Stack}-", StringComparison.Ordinal);

    /// <summary>
    /// True when there is a value that is not another stack's: people may have made the secret beforehand, to grant rights on it.
    /// </summary>
    public async Task<bool> ExistsAsync(StackOwner owner, string location, CancellationToken cancel)
    {
        var doing = $"looking for the secret {location}";
        if ((await secrets.GetAsync(location, doing, cancel))
            .OrNull(doing) is not { } found || (found.Labels?.ContainsKey(GoogleMark.Id) == true
            && !GoogleMark.IsOurs(found.Labels, owner)))
            return false;
        return (await secrets.LatestAsync(location, doing, cancel)).OrNull(doing) is { State: "ENABLED" };
    }

    /// <summary>Payload size, 64 KiB: Secret Manager, "Quotas and limits", "Content limits".</summary>
    public int MostBytes => 65_536;

    public async Task PutAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        await StoreAsync(owner, location, value, cancel);

    public async Task<GivenState> CompareAsync(
        StackOwner owner, string location, ReadOnlyMemory<byte>? value, CancellationToken cancel)
    {
        var doing = $"looking for the secret {location}";
        if ((await secrets.GetAsync(location, doing, cancel)).OrNull(doing) is not { } found
            || (await secrets.LatestAsync(location, doing, cancel)).OrNull(doing) is not { State: "ENABLED", Name: { } name })
            return GivenState.Missing;
        return GivenSecret.Judge(GooglePlace.Name(name), found.Labels?.GetValueOrDefault(GoogleMark.Given), value);
    }

    public async Task PutGivenAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        var (found, version) = await StoreAsync(owner, location, value, cancel);
        var labels = GoogleMark.Labels(owner, (GoogleMark.Given, GivenSecret.Mark(GooglePlace.Name(version.Name!), value)));
        var doing = $"marking the secret {location}";
        (await secrets.SetLabelsAsync(location, GoogleLabels.Merged(found.Labels, labels, []), doing, cancel)).OrThrow(doing);
    }

    private async Task<(Secret Found, SecretVersion Version)> StoreAsync(
        StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        var doing = $"storing the secret {location}";
        var found = (await secrets.GetAsync(location, doing, cancel)).OrNull(doing);
        if (found is null)
        {
            var made = await secrets.CreateAsync(location, New(place, owner), doing, cancel);
            // Somebody made it in between; one that still cannot be seen is what the refusal says.
            found = made.Refusal is { IsTaken: true } ? (await secrets.GetAsync(location, doing, cancel)).OrNull(doing)
                ?? made.OrThrow(doing) : made.OrThrow(doing);
        }
        if (!GoogleMark.IsOurs(found.Labels, owner))
            await AdoptAsync(owner, location, found, doing, cancel);
        return (found, (await secrets.AddAsync(location, value, doing, cancel)).OrThrow(doing));
    }

    public Task GrantAsync(MachineWanted machine, CancellationToken cancel) => grants.EnsureAsync(machine, cancel);

    public async Task DeleteAsync(StackOwner owner, string location, CancellationToken cancel)
    {
        var doing = $"deleting the secret {location}";
        if ((await secrets.GetAsync(location, doing, cancel)).OrNull(doing) is not { } found || !GoogleMark.IsOurs(found.Labels, owner))
            return;
        (await secrets.DeleteAsync(location, null, doing, cancel)).OrNull(doing);
    }

    public string ReadCommand(StackOwner owner, string location) =>
        $"gcloud secrets versions access latest --project {GooglePlace.ProjectOf(location)} --secret {GooglePlace.Name(location)}";

    /// <summary>
    /// In the stack's region, or beside the user's key. Only with a key that is global it lies wherever Google keeps it: many
    /// organisations
    /// forbid that with <c>constraints/gcp.resourceLocations</c>.
    /// </summary>
    public static Secret New(GooglePlace place, StackOwner owner)
    {
        var key = owner.KmsKey is { } name ? new CustomerManagedEncryption(name) : null;
        var location = owner.KmsKey?.Split('/')[3] ?? place.Region;
        return new Secret(
            Labels: GoogleMark.Labels(owner),
            Replication: location == "global" ? new Replication(new Automatic(key))
                : new Replication(UserManaged: new UserManaged([new Replica(location, key)])));
    }

    /// <summary>One that was made for Baker by hand has no value yet; anything else is somebody's.</summary>
    private async Task AdoptAsync(StackOwner owner, string location, Secret found, string doing, CancellationToken cancel)
    {
        if (found.Labels?.ContainsKey(GoogleMark.Id) == true || (await secrets.LatestAsync(location, doing, cancel))
            .OrNull(doing) is not null)
            throw GoogleMark.Taken(doing, "secret", location, null, found.Labels);
        (await secrets.SetLabelsAsync(location, GoogleLabels.Merged(found.Labels, GoogleMark.Labels(owner), []), doing, cancel))
            .OrThrow(doing);
    }
}
