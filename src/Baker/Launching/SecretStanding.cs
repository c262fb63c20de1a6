using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>A secret of the stack and what is stored of it.</summary>
/// <param name="Roles">Whose VMs fetch it.</param>
/// <param name="State">Null: it lies on the VM, where nobody looks, or whoever asks may not know.</param>
public sealed record SecretStanding(SecretPlan Plan, ImmutableArray<string> Roles, GivenState? State)
{
    public string Words => State switch
    {
        null => Plan.IsOnVm ? "a file on the VM, not looked at" : "not known: you may not look at it",
        GivenState.Missing => Plan.IsMade ? "missing: launch makes it" : Plan.Given is { } given ? $"missing: launch stores {given}"
            : "missing: yours to store",
        GivenState.Older => $"stored; {Plan.Given} has changed since",
        GivenState.Foreign => $"stored, and not from {Plan.Given}",
        _ => "stored",
    };
}

/// <summary>Looks at the secrets of a stack without reading any.</summary>
public static class SecretStandings
{
    /// <exception cref="CloudException">The cloud does not say.</exception>
    public static async Task<ImmutableArray<SecretStanding>> OfAsync(
        ISecretStore store, SecretMaker maker, Plan plan, StackOwner owner, CancellationToken cancel)
    {
        var given = (await maker.GivenAsync(owner, storesAll: false, cancel)).ToDictionary(g => g.Plan.Location, g => g.State);
        var found = ImmutableArray.CreateBuilder<SecretStanding>();
        foreach (var same in plan.Secrets.GroupBy(s => (s.Name, s.VmReference)))
        {
            var secret = same.First();
            var standing = new SecretStanding(secret, [.. same.Select(s => s.Role).Distinct()], null);
            if (!secret.IsOnVm)
            {
                standing = standing with
                {
                    State = given.TryGetValue(secret.Location, out var known) ? known
                        : await LookAsync(store, owner, secret.Location, cancel),
                };
            }
            found.Add(standing);
        }
        return found.ToImmutable();
    }

    /// <summary>One that somebody may not look at hides none of the others.</summary>
    private static async Task<GivenState?> LookAsync(ISecretStore store, StackOwner owner, string location, CancellationToken cancel)
    {
        try
        {
            return await store.CompareAsync(owner, location, null, cancel);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            return null;
        }
    }
}
