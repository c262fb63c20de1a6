using System.Text.Json;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Whether the machines' service accounts are there, and whether one may give them to machines.</summary>
/// <param name="root">Of IAM; ends with a slash.</param>
internal sealed class GoogleIdentities(GoogleBorder border, GooglePlace place, string root)
{
    private const string ActAs = "iam.serviceAccounts.actAs";

    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task CheckAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        foreach (var account in wanted.Machines.Where(m => !m.MakesIdentity).Select(m => m.Identity).OfType<string>().Distinct())
            await OneAsync(account, found, cancel);
    }

    private async Task OneAsync(string account, Findings found, CancellationToken cancel)
    {
        var doing = $"looking at the service account {account}";
        // With "-" for the project, one that is not there is refused as one that may not be seen.
        var url = $"{root}v1/projects/{Project(account)}/serviceAccounts/{account}";
        var looked = await border.SendAsync(doing, HttpMethod.Get, url, null, Json.IamServiceAccount, cancel);
        if (looked.Refusal is { IsMissing: true })
        {
            found.Problems.Add($"there is no service account {account}: gcloud iam service-accounts create {account.Split('@')[0]} "
                + $"--project {Project(account)}");
            return;
        }
        if (looked.Value is { Disabled: true })
            found.Problems.Add($"the service account {account} is disabled: gcloud iam service-accounts enable {account} --project "
                + Project(account));
        if (looked.Refusal is { } unseen)
            found.Unchecked.Add($"whether the service account {account} is there ({unseen.Text})");
        var body = JsonSerializer.SerializeToUtf8Bytes(new TestIamPermissions([ActAs]), Json.TestIamPermissions);
        var asked = await border.SendAsync(doing, HttpMethod.Post, $"{url}:testIamPermissions", body, Json.TestIamPermissions, cancel);
        if (asked.Refusal is { } refusal)
            found.Unchecked.Add($"whether you may act as {account} ({refusal.Text})");
        else if (asked.Value!.Permissions?.Contains(ActAs) != true)
            found.Problems.Add($"you may not act as {account} ({ActAs}), so that no machine can have it: gcloud iam service-accounts "
                + $"add-iam-policy-binding {account} --project {Project(account)} --member YOU --role roles/iam.serviceAccountUser");
    }

    /// <summary>In its name; those that Google makes have another domain, and are the stack's own project's.</summary>
    private string Project(string account) =>
        account.EndsWith(".iam.gserviceaccount.com", StringComparison.Ordinal) ? account.Split('@')[1].Split('.')[0] : place.Project;
}
