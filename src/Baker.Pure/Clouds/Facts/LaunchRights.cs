using System.Collections.Immutable;

namespace Baker.Clouds.Facts;

/// <summary>
/// What whoever launches a stack touches, by the names that are known before there is anything: as far as a policy can be written down.
/// </summary>
/// <param name="Id">Value of <c>baker:id</c>.</param>
/// <param name="KmsKey">Encrypts what is created; null: the cloud's own key.</param>
/// <param name="ExistingNetwork">The user's own network; null: it is made.</param>
/// <param name="ExistingSubnets">Of the user's own network.</param>
/// <param name="ExistingAddresses">Public addresses that the user owns.</param>
/// <param name="NeedsNat">Machines without a public address need a way out.</param>
/// <param name="Images">Named in the spec for every machine; empty where one is found at launch.</param>
/// <param name="Identities">What machines are given.</param>
/// <param name="BundleIdentities">Those of them that read a bundle.</param>
/// <param name="GivenSecrets">Stored by people; a launch looks whether they are there.</param>
/// <param name="MadeSecrets">Stored by a launch.</param>
public sealed record LaunchRights(
    string Stack, string Id, string? KmsKey, string? ExistingNetwork, ImmutableArray<string> ExistingSubnets,
    ImmutableArray<string> ExistingAddresses, bool NeedsNat,
    ImmutableArray<string> Images, ImmutableArray<string> Identities, ImmutableArray<string> BundleIdentities,
        ImmutableArray<string> GivenSecrets, ImmutableArray<string> MadeSecrets)
{
    /// <summary>A machine is of a type that a zone may have none left of: room is kept for it.</summary>
    public bool HasScarce { get; init; }

    /// <summary>Identities that the launch itself makes.</summary>
    public ImmutableArray<string> MadeIdentities { get; init; } = [];
}
