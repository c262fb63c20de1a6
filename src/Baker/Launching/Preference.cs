using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>Tries what is wanted most first, and the next only where that cannot be had.</summary>
internal static class Preference
{
    /// <param name="goesOn">What another choice may not meet.</param>
    /// <param name="next">Told before each further choice: what was refused, and why.</param>
    /// <exception cref="CloudException">The last refusal. Where one of them says that there is no room, that one: it may heal.</exception>
    public static async Task InOrderAsync<T>(
        ImmutableArray<T> choices, ImmutableArray<CloudFailure> goesOn, Func<T, Task> attempt, Action<T, T, CloudException> next)
    {
        CloudException? noRoom = null;
        for (var i = 0; ; i++)
        {
            try
            {
                await attempt(choices[i]);
                return;
            }
            catch (CloudException e) when (goesOn.Contains(e.Failure))
            {
                if (e.Failure == CloudFailure.NoCapacity)
                    noRoom = e;
                if (i == choices.Length - 1)
                    ExceptionDispatchInfo.Throw(noRoom ?? e);
                next(choices[i], choices[i + 1], e);
            }
        }
    }
}
