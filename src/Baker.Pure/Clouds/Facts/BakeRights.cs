namespace Baker.Clouds.Facts;

/// <summary>What whoever bakes a stack's images touches, as far as a policy can be written down before.</summary>
/// <param name="Id">Value of <c>baker:id</c>, and of <c>baker:bake</c> on what a build makes.</param>
/// <param name="KmsKey">Encrypts the builder's disk; null: the cloud's own key.</param>
/// <param name="Subnet">Where the builder stands; null: the account's default network.</param>
public sealed record BakeRights(string Stack, string Id, string? KmsKey, string? Subnet);
