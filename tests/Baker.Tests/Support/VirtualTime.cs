namespace Baker.Tests.Support;

/// <summary>
/// A clock that jumps to the next timer as soon as nothing is going on, so that an hour of waiting takes milliseconds.
/// Work that is no timer, such as a request on its way, is announced by <see cref="Busy"/> and holds the clock.
/// </summary>
public sealed class VirtualTime : TimeProvider, IDisposable
{
    /// <summary>Real time without a new timer or request, after which nothing is going on.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (DateTimeOffset, long)> _timers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _pump;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _activity;
    private int _busy;

    public VirtualTime()
    {
        _pump = new Thread(Pump) { IsBackground = true, Name = "virtual time" };
        _pump.Start();
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Holds the clock until it is disposed.</summary>
    public IDisposable Busy()
    {
        Interlocked.Increment(ref _busy);
        Interlocked.Increment(ref _activity);
        return new Held(this);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _pump.Join();
        _stop.Dispose();
    }

    private void Enqueue(VirtualTimer timer, int version, TimeSpan due)
    {
        lock (_lock)
            _timers.Enqueue((timer, version), (_now + due, Interlocked.Increment(ref _activity)));
    }

    private void Pump()
    {
        while (!_stop.IsCancellationRequested)
        {
            var before = Interlocked.Read(ref _activity);
            Thread.Sleep(Quiet);
            if (Volatile.Read(ref _busy) > 0 || before != Interlocked.Read(ref _activity))
                continue;
            VirtualTimer timer;
            lock (_lock)
            {
                if (!_timers.TryDequeue(out var next, out var due))
                    continue;
                if (!next.Timer.IsAt(next.Version))
                    continue;
                _now = due.Item1 > _now ? due.Item1 : _now;
                timer = next.Timer;
            }
            Interlocked.Increment(ref _activity);
            timer.Fire();
        }
    }

    private sealed class Held(VirtualTime time) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) != 0)
                return;
            Interlocked.Increment(ref time._activity);
            Interlocked.Decrement(ref time._busy);
        }
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _version;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool IsAt(int version) => Volatile.Read(ref _version) == version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = Interlocked.Increment(ref _version);
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.Enqueue(this, version, dueTime);
            return true;
        }

        public void Fire()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
                time.Enqueue(this, Volatile.Read(ref _version), _period);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        public void Dispose() => Interlocked.Increment(ref _version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
