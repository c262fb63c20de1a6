using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>What a cloud knows of images that were baked, and of builds that did not come to their end.</summary>
public interface IBakery
{
    /// <summary>Makes the images; null where Packer does.</summary>
    IImageBuilder? Builder => null;

    /// <summary>The <see cref="BakedImage.Id"/> of an image that Packer has made.</summary>
    /// <param name="made">How Packer calls it.</param>
    string IdOf(string made) => made;

    /// <summary>The stock image that a bake starts from today.</summary>
    /// <exception cref="CloudException">There is none.</exception>
    Task<BakeBase> BaseAsync(CancellationToken cancel);

    /// <summary>Why a builder cannot be made there; null: nothing that is known stands in the way.</summary>
    /// <param name="subnet">As the spec names it; null: the cloud's default network.</param>
    Task<string?> BuilderProblemAsync(string? subnet, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>Every finished image that Baker baked in this account and place, of any stack; the newest first.</summary>
    Task<ImmutableArray<BakedImage>> ListAsync(CancellationToken cancel);

    /// <summary>Deletes an image and what it stores. Returns when it is gone, also when it was.</summary>
    /// <exception cref="CloudException">It may not be deleted, or a part of it stays; the answer names it.</exception>
    Task DeleteAsync(BakedImage image, CancellationToken cancel);

    /// <summary>Builder machines of the stack, and what else a bake makes for a while: of no use once no bake runs.</summary>
    Task<ImmutableArray<Resource>> LeftoversAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>Removes what a bake that was cut off has left. To be called while no other bakes for this stack.</summary>
    /// <returns>What is left, with the reason; empty when nothing is.</returns>
    Task<ImmutableArray<Resource>> SweepAsync(StackOwner owner, CancellationToken cancel);
}

/// <param name="Id">What an image that was baked from it carries, and what Packer's variable <c>base</c> takes.</param>
/// <param name="Title">For people.</param>
public sealed record BakeBase(string Id, string Title);

/// <param name="Base">The <see cref="BakeBase.Id"/> it was baked from; empty when that is not known.</param>
/// <param name="SizeGb">Gibibytes of its disk.</param>
/// <param name="UsedBy">Names of machines that were made from it and still exist.</param>
public sealed record BakedImage(
    string Id, string Name, string Stack, string Role, string Fingerprint, string Base, DateTimeOffset Made, int SizeGb,
        ImmutableArray<string> UsedBy);
