using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>The project, and who works in it.</summary>
/// <param name="holder">Who the credentials belong to.</param>
internal sealed class GoogleAccount(Compute compute, GooglePlace place, GoogleZones zones, GooglePreflight preflight,
    Func<Task<string>> holder) : IAccount
{
    public async Task<AccountInfo> SignInAsync(CancellationToken cancel)
    {
        var doing = $"looking at the project {place.Project}";
        _ = await compute.FindAsync(place.Root, GoogleJson.Default.Project, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, "there is no such project, or these credentials may not see it",
                "is the project's id right? it is not its title and not its number");
        return new AccountInfo($"project {place.Project} as {await holder()}");
    }

    public Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> candidates, CancellationToken cancel) =>
        preflight.CheckAsync(wanted, cancel);

    public Task<ImmutableArray<string>> ZonesAsync(StackWanted wanted, CancellationToken cancel) => zones.OfferingAsync(wanted, cancel);
}
