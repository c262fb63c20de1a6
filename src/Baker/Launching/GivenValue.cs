using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>What a secret of the user's comes from, a file or a variable, beside what is stored of it.</summary>
/// <param name="Problem">Why a launch cannot go on with it; null: it can.</param>
public sealed record GivenValue(SecretPlan Plan, GivenState State, string? Problem)
{
    /// <summary>What a launch stores, as it was read when somebody was asked; null: it stores nothing.</summary>
    public ReadOnlyMemory<byte>? Stored { get; init; }

    public bool IsStored => Stored is not null;
}
