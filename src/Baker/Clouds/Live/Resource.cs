using System.Globalization;

namespace Baker.Clouds.Live;

/// <summary>One thing that exists in a cloud and belongs to a stack, as people see it in lists.</summary>
/// <param name="Kind">The cloud's own word: <c>security group</c>, <c>static address</c>.</param>
/// <param name="Id">What the cloud's console finds it by.</param>
/// <param name="Note">What to know before it is deleted, or why it was not; null: nothing.</param>
/// <param name="IsStuck">It should have been removed and could not be; false where it is kept on purpose.</param>
public sealed record Resource(string Kind, string Name, string Id, string? Note = null, bool IsStuck = false)
{
    /// <summary>It costs for as long as it is there.</summary>
    public bool IsBilled { get; init; }

    /// <summary>The lock of a stack, which outlives a holder that is killed.</summary>
    public static Resource Lock(StackOwner owner, string id, string holder) =>
        new("lock", owner.Stack, id, $"of {holder}; --break-lock removes that of one who is gone");

    /// <summary>A copy of the stack's data that was kept.</summary>
    public static Resource Snapshot(StackOwner owner, string name, string id, DateTimeOffset made) =>
        new("snapshot", name, id, string.Create(
            CultureInfo.InvariantCulture, $"{owner.DataTitle} of {made.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
}
