using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Lets a machine's service account read the secrets that the launch made. What the user made, the user grants; but of an account that
/// the launch makes nobody knew before.
/// </summary>
internal sealed class GoogleGrants(SecretManager secrets, TimeProvider time, Action<string> say)
{
    private const string Role = "roles/secretmanager.secretAccessor";

    public async Task EnsureAsync(MachineWanted machine, CancellationToken cancel)
    {
        if (machine.Identity is not { } account)
            return;
        foreach (var secret in machine.Secrets.Where(s => s.StartsWith("projects/", StringComparison.Ordinal)).Distinct())
        {
            var doing = $"letting {account} read the secret {secret}";
            if ((await secrets.GetAsync(secret, doing, cancel)).Value is { } found
                && (machine.MakesIdentity || GoogleMark.IsOurs(found.Labels, machine.Owner)))
                await OneAsync(secret, $"serviceAccount:{account}", doing, cancel);
        }
    }

    /// <summary>Takes the right away from an account that is about to go: on what is yours a dead member would stay for ever.</summary>
    /// <exception cref="CloudException">It may not be looked at or taken away. A secret that is gone is fine.</exception>
    public async Task RevokeAsync(string secret, string account, CancellationToken cancel)
    {
        var (doing, member) = ($"ending that {account} may read the secret {secret}", $"serviceAccount:{account}");
        Task<Refusal?>? Write(Policy policy) => (policy.Bindings ?? []).Any(b => IsGrant(b) && b.Members?.Contains(member) == true)
            ? SetAsync(secret, policy with { Bindings = [.. Without(policy, m => m == member)] }, doing, cancel) : null;
        string Advice() => $"who may takes it away: gcloud secrets remove-iam-policy-binding {GooglePlace.Name(secret)} --project "
            + $"{GooglePlace.ProjectOf(secret)} --member {member} --role {Role}; and then removes the account: gcloud iam "
            + $"service-accounts delete {account}";
        Refusal? unread = null;
        async Task<Policy?> ReadAsync()
        {
            var answer = await secrets.PolicyAsync(secret, doing, cancel);
            unread = answer.Refusal is { IsMissing: false } refused ? refused : null;
            return answer.Value;
        }
        var written = await new Patience(time, say, doing, Patience.Crowded).WriteAsync(ReadAsync, p => p.Etag, Write, cancel);
        if ((written ?? unread) is { } refusal)
            throw refusal.ToException(doing, Advice());
    }

    private static bool IsGrant(Binding binding) => binding.Role == Role && binding.Condition is null;

    /// <summary>The policy's bindings without some of those who may read.</summary>
    private static IEnumerable<Binding> Without(Policy policy, Func<string, bool> goes) => (policy.Bindings ?? [])
        .Select(b => IsGrant(b) ? b with { Members = [.. (b.Members ?? []).Where(m => !goes(m))] } : b)
        .Where(b => b.Members is { Count: > 0 });

    private async Task OneAsync(string secret, string member, string doing, CancellationToken cancel)
    {
        Refusal? unread = null;
        async Task<Policy?> ReadAsync()
        {
            var answer = await secrets.PolicyAsync(secret, doing, cancel);
            unread = answer.Refusal;
            return answer.Value;
        }
        Task<Refusal?>? Write(Policy policy)
        {
            // One of the same name that is gone may read nothing any more, and stays in the list.
            var dead = $"deleted:{member}?uid=";
            return (policy.Bindings ?? []).Any(b => IsGrant(b) && b.Members?.Contains(member) == true) ? null
                : SetAsync(secret, policy with
                {
                    Bindings = [.. Without(policy, m => m.StartsWith(dead, StringComparison.Ordinal)), new Binding(Role, [member])],
                }, doing, cancel);
        }
        var fresh = new Patience(time, say, doing, Patience.Gone);
        Refusal? written;
        do
            written = await new Patience(time, say, doing, Patience.Crowded).WriteAsync(ReadAsync, p => p.Etag, Write, cancel);
        while (IsUnknown(written) && await fresh.WaitAsync("the account is not known here yet", cancel));
        if ((written ?? unread) is not { } refusal)
            return;
        // Not one that was made a moment ago and is not known everywhere: one that is not there will never read anything.
        if (IsUnknown(refusal))
            throw refusal.ToException(doing, $"gcloud iam service-accounts describe {member.Split(':')[1]}");
        // The machine waits for the right and says so; a launch need not fail for it.
        say($"{doing}: {refusal.Text}\n  somebody who may: gcloud secrets add-iam-policy-binding {GooglePlace.Name(secret)} --project "
            + $"{GooglePlace.ProjectOf(secret)} --member {member} --role {Role}");
    }

    private static bool IsUnknown(Refusal? refusal) => refusal is { Status: 400 } && refusal.Says("does not exist");

    private async Task<Refusal?> SetAsync(string secret, Policy policy, string doing, CancellationToken cancel) =>
        (await secrets.SetPolicyAsync(secret, policy, doing, cancel)).Refusal;
}
