namespace Baker.Clouds.Live.Google;

/// <summary>
/// Waits for what others do: with a pause between two looks, a word when it lasts, and an end. Every loop that asks again goes by one.
/// </summary>
/// <param name="doing">What it holds up, for the person who waits.</param>
/// <param name="limit">All pauses together.</param>
internal sealed class Patience(TimeProvider time, Action<string> say, string doing, TimeSpan limit)
{
    /// <summary>How long something may be busy with something else before that is an error.</summary>
    public static readonly TimeSpan Busy = TimeSpan.FromMinutes(10);

    /// <summary>How long what was deleted may still seem to be there, or to use what it used.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromMinutes(2);

    /// <summary>How long others may change the same thing at the same moment, again and again.</summary>
    public static readonly TimeSpan Crowded = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>The first word comes when it is no short moment any more, the others by the minute.</summary>
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan NextWord = TimeSpan.FromMinutes(1);

    private TimeSpan _paused;
    private TimeSpan _word = FirstWord;

    /// <summary>Pauses before the next look.</summary>
    /// <param name="why">What is waited for.</param>
    /// <returns>False, without a pause, when it is enough.</returns>
    public async Task<bool> WaitAsync(string why, CancellationToken cancel)
    {
        if (_paused >= limit)
            return false;
        if (_paused >= _word)
        {
            say($"{doing}: {why}; looking again, for {(limit - _paused).TotalSeconds:0} s at most");
            _word = _paused + NextWord;
        }
        await Task.Delay(Pause, time, cancel);
        _paused += Pause;
        return true;
    }
}
