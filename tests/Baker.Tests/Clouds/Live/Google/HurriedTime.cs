namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Real time, only faster: for other programs, which wait with clocks of their own.</summary>
internal sealed class HurriedTime(double factor) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Less(dueTime), Less(period));

    private TimeSpan Less(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;
}
