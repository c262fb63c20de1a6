using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Lets a machine's service account read the secrets that the launch made. What the user made, the user grants.</summary>
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
            if ((await secrets.GetAsync(secret, doing, cancel)).Value is { } found && GoogleMark.IsOurs(found.Labels, machine.Owner))
                await OneAsync(secret, $"serviceAccount:{account}", doing, cancel);
        }
    }

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
            var bindings = (policy.Bindings ?? []).ToImmutableArray();
            return bindings.Any(b => b.Role == Role && b.Condition is null && b.Members?.Contains(member) == true) ? null
                : SetAsync(secret, policy with { Bindings = bindings.Add(new Binding(Role, [member])) }, doing, cancel);
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
