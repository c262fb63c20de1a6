using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>A file of the user's that a secret comes from, beside what is stored of it.</summary>
/// <param name="Problem">Why a launch cannot go on with it; null: it can.</param>
public sealed record GivenFile(SecretPlan Plan, GivenState State, string? Problem)
{
    /// <summary>True when a launch stores it.</summary>
    public bool IsStored { get; init; }
}
