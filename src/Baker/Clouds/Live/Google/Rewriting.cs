namespace Baker.Clouds.Live.Google;

/// <summary>
/// Changes what carries a fingerprint or an etag: reads it, and writes it as long as nobody else has written it in between.
/// </summary>
internal static class Rewriting
{
    /// <summary>
    /// Reads, writes, and reads anew after a refusal that may mean "changed since it was read". Only another fingerprint proves that: an
    /// organisation's policy is refused with the same status and the same code.
    /// </summary>
    /// <param name="read">What is there now; null: nothing, so there is nothing to write.</param>
    /// <param name="write">Null: it is as it is to be.</param>
    /// <returns>The refusal that stands; null when it is written.</returns>
    public static async Task<Refusal?> WriteAsync<T>(this Patience patience, Func<Task<T?>> read, Func<T, string?> fingerprint,
        Func<T, Task<Refusal?>?> write, CancellationToken cancel)
        where T : class
    {
        (string? Sent, Refusal Answer)? last = null;
        while (await read() is { } found)
        {
            if (last is { } tried && (fingerprint(found) == tried.Sent
                || !await patience.WaitAsync("somebody else changes it at the same moment", cancel)))
                return tried.Answer;
            var refusal = write(found) is { } written ? await written : null;
            if (refusal is not { MayBeStale: true })
                return refusal;
            last = (fingerprint(found), refusal);
        }
        return null;
    }
}
