namespace Baker.Tests.Support;

/// <summary>The real clock, which a test may let run faster: waits are shorter then, and time limits come earlier.</summary>
public sealed class ScaledTime : TimeProvider
{
    /// <summary>How many seconds pass in one.</summary>
    public int Factor { get; set; } = 1;

    public override long GetTimestamp() => TimeProvider.System.GetTimestamp() * Factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TimeProvider.System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Factor : dueTime, period);
}
