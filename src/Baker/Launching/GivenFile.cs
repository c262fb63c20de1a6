using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>A file of the user's that a secret comes from, beside what is stored of it.</summary>
/// <param name="Problem">Why a launch cannot go on with it; null: it can.</param>
public sealed record GivenFile(SecretPlan Plan, GivenState State, string? Problem)
{
    /// <summary>What a launch stores, as it was read when somebody was asked; null: it stores nothing.</summary>
    public ReadOnlyMemory<byte>? Stored { get; init; }

    public bool IsStored => Stored is not null;
}
