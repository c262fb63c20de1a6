namespace Baker.Tests.Verifying;

/// <summary>A clock in which short pauses pass at once, and time limits end when the test says so.</summary>
/// <param name="start">What it shows at first; goes on with it.</param>
internal sealed class HeldTime(TimeProvider start) : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Held> _limits = [];
    private TimeSpan _passed;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return start.GetUtcNow() + _passed;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Held(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Every time limit that is set now is over.</summary>
    public void EndLimits()
    {
        Held[] ended;
        lock (_lock)
        {
            ended = [.. _limits];
            _limits.Clear();
        }
        foreach (var timer in ended)
            timer.Fire();
    }

    private sealed class Held(HeldTime time, Action callback) : ITimer
    {
        public void Fire() => ThreadPool.QueueUserWorkItem(_ => callback());

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._limits.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                if (dueTime > Short)
                {
                    time._limits.Add(this);
                    return true;
                }
                time._passed += dueTime;
            }
            Fire();
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._limits.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
