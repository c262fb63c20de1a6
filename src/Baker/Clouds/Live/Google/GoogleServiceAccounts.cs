using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Service accounts of machines. They have no labels, so that the description says whose one is. What a machine may read is granted on
/// each secret, and nothing on the project.
/// </summary>
/// <param name="root">Of IAM; ends with a slash.</param>
/// <param name="holder">Who the credentials belong to: an e-mail address, or a name that no binding can have.</param>
internal sealed class GoogleServiceAccounts(GoogleBorder border, GooglePlace place, GoogleRights rights, GoogleGrants grants, string root,
    TimeProvider time, Action<string> say, Func<Task<string>> holder) : IIdentities
{
    private const string ActAs = "iam.serviceAccounts.actAs", User = "roles/iam.serviceAccountUser";

    /// <summary>Bytes of a description: IAM API v1, ServiceAccount.</summary>
    private const int LongestDescription = 256;

    private static readonly GoogleJson Json = GoogleJson.Default;

    private static readonly string[] Making = ["iam.serviceAccounts.create", "iam.serviceAccounts.delete", "iam.serviceAccounts.get"];

    public async Task<IdentityFound> LookAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        var doing = $"looking at the service account {wanted.Name}";
        if ((await GetAsync(wanted, doing, cancel)).OrNull(doing) is not { } found)
            return new IdentityFound(wanted, IdentityStanding.Missing, []) { IsGone = true };
        return GoogleMark.IsOurs(found.Description, wanted.Owner)
            ? new IdentityFound(wanted, IdentityStanding.Ours, found.Disabled == true ? ["it is disabled"] : [])
            : new IdentityFound(wanted, IdentityStanding.Theirs, []);
    }

    public async Task<Preflight> CheckAsync(ImmutableArray<IdentityWanted> lacking, CancellationToken cancel)
    {
        var asked = await rights.MissingAsync(place.Project, Making, cancel);
        return asked.Refusal is { } refusal
            ? Preflight.Clear with { Unchecked = [$"whether you may make service accounts in {place.Project} ({refusal.Text})"] }
            : asked.Value!.Permissions is { Count: > 0 } missing
                ? Preflight.Clear with
                {
                    Problems = [$"in project {place.Project} these rights are missing to make service accounts: "
                        + $"{string.Join(", ", missing)} (roles/iam.serviceAccountAdmin has them). Or somebody who may makes them: the "
                        + $"review page has the commands, and `{string.Join("`, `", lacking.Select(l => l.Key))}` names them"],
                }
                : Preflight.Clear;
    }

    public async Task EnsureAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        var doing = $"making the service account {wanted.Name}";
        var found = (await GetAsync(wanted, doing, cancel)).OrNull(doing);
        if (found is null)
        {
            var made = await SendAsync(HttpMethod.Post, $"{root}v1/{place.Root}/serviceAccounts",
                new CreateServiceAccountRequest(wanted.Name.Split('@')[0], new IamServiceAccount(
                    DisplayName: wanted.Machine, Description: Description(wanted))), Json.CreateServiceAccountRequest,
                Json.IamServiceAccount, doing, cancel);
            if (made.Refusal is { IsTaken: false } refusal)
                throw Refused(wanted, refusal, doing);
            found = await SeenAsync(wanted, doing, cancel);
        }
        if (!GoogleMark.IsOurs(found.Description, wanted.Owner))
            throw GoogleMark.Taken(doing, "service account", wanted.Name, found.Description);
        if (found.Disabled == true)
            (await border.SendAsync(doing, HttpMethod.Post, $"{Url(wanted)}:enable", "{}"u8.ToArray(), Json.Empty, cancel)).OrThrow(doing);
        await ActingAsync(wanted, doing, cancel);
    }

    public async Task DeleteAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        var doing = $"deleting the service account {wanted.Name}";
        if ((await GetAsync(wanted, doing, cancel)).OrNull(doing) is not { } found || !GoogleMark.IsOurs(found.Description, wanted.Owner))
            return;
        // On what is yours a dead member would stay.
        foreach (var secret in wanted.Reads)
            await grants.RevokeAsync(secret, wanted.Name, cancel);
        (await border.SendAsync(doing, HttpMethod.Delete, Url(wanted), null, Json.Empty, cancel)).OrNull(doing);
    }

    /// <summary>Whoever makes an account may not give it to machines yet.</summary>
    private async Task ActingAsync(IdentityWanted wanted, string doing, CancellationToken cancel)
    {
        var asked = await SendAsync(HttpMethod.Post, $"{Url(wanted)}:testIamPermissions", new TestIamPermissions([ActAs]),
            Json.TestIamPermissions, Json.TestIamPermissions, doing, cancel);
        if (asked.Value?.Permissions?.Contains(ActAs) == true)
            return;
        if (Member(await holder()) is not { } member)
            throw new CloudException(CloudFailure.Denied, doing, $"you may not act as it ({ActAs})", Command(wanted, "YOU"));
        var refusal = await new Patience(time, say, doing, Patience.Crowded).WriteAsync(
            async () => (await border.SendAsync(doing, HttpMethod.Post,
                $"{Url(wanted)}:getIamPolicy?options.requestedPolicyVersion=3", null, Json.Policy, cancel)).OrThrow(doing), p => p.Etag,
            policy => SetAsync(wanted, policy with { Bindings = [.. policy.Bindings ?? [], new Binding(User, [member])] }, doing, cancel),
            cancel);
        if (refusal is not null)
            throw refusal.ToException(doing, Command(wanted, member));
    }

    private async Task<Refusal?> SetAsync(IdentityWanted wanted, Policy policy, string doing, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"{Url(wanted)}:setIamPolicy", new SetIamPolicyRequest(policy), Json.SetIamPolicyRequest,
            Json.Policy, doing, cancel)).Refusal;

    /// <summary>An account that was made a moment ago is not known everywhere: it may seem missing, or not to be seen.</summary>
    private async Task<IamServiceAccount> SeenAsync(IdentityWanted wanted, string doing, CancellationToken cancel)
    {
        var patience = new Patience(time, say, doing, Patience.Gone);
        while (true)
        {
            var answer = await GetAsync(wanted, doing, cancel);
            if (answer.Value is { } seen)
                return seen;
            if (answer.Refusal is not { Status: 403 or 404 }
                || !await patience.WaitAsync("it is not known everywhere yet", cancel))
                return answer.OrThrow(doing);
        }
    }

    /// <summary>With "-" for the project, one that is not there is refused as one that may not be seen.</summary>
    private Task<Answer<IamServiceAccount>> GetAsync(IdentityWanted wanted, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Get, Url(wanted), null, Json.IamServiceAccount, cancel);

    private Task<Answer<TAnswer>> SendAsync<TBody, TAnswer>(HttpMethod method, string url, TBody body, JsonTypeInfo<TBody> type,
        JsonTypeInfo<TAnswer> answer, string doing, CancellationToken cancel)
        where TAnswer : class =>
        border.SendAsync(doing, method, url, JsonSerializer.SerializeToUtf8Bytes(body, type), answer, cancel);

    private string Url(IdentityWanted wanted) => $"{root}v1/{place.Root}/serviceAccounts/{wanted.Name}";

    private static CloudException Refused(IdentityWanted wanted, Refusal refusal, string doing) => refusal.ToException(doing,
        $"where it may not be made, somebody who may makes one, and `{wanted.Key}` names it: the review page has the commands");

    private string Command(IdentityWanted wanted, string member) => $"gcloud iam service-accounts add-iam-policy-binding {wanted.Name} "
        + $"--project {place.Project} --member {member} --role {User}";

    private static string? Member(string who) => !who.Contains('@', StringComparison.Ordinal) ? null
        : who.EndsWith(".gserviceaccount.com", StringComparison.Ordinal) ? $"serviceAccount:{who}" : $"user:{who}";

    private static string Description(IdentityWanted wanted) =>
        GoogleMark.Description(wanted.Owner) is { Length: > LongestDescription } longer ? longer[..LongestDescription]
            : GoogleMark.Description(wanted.Owner);
}
