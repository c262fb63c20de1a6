using System.Globalization;
using CsCheck;

namespace Baker.Tests.Support;

/// <summary>How long what is made up is tried: a few seconds with all other tests, or as long as somebody wants to wait.</summary>
public static class Fuzzing
{
    /// <summary>Seconds for each such test; unset: as many tries as the test says.</summary>
    public const string Variable = "BAKER_FUZZ_SECONDS";

    private static readonly int? Seconds = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    /// <param name="tries">With all other tests.</param>
    /// <returns>How many there were.</returns>
    public static long Try<T>(this Gen<T> made, long tries, Action<T> holds, Func<T, string> print)
    {
        long done = 0;
        void Count(T one)
        {
            holds(one);
            Interlocked.Increment(ref done);
        }

        if (Seconds is { } limit)
            made.Sample(Count, time: limit, print: print);
        else
            Same(made, tries, Count, print);
        TestContextOutput($"{done} tries");
        return done;
    }

    /// <summary>The same ones each time: what they find now was changed now.</summary>
    private static void Same<T>(Gen<T> made, long tries, Action<T> holds, Func<T, string> print)
    {
        var source = new PCG(1);
        for (var i = 0L; i < tries; i++)
        {
            var one = made.Generate(source, null, out _);
            try
            {
                holds(one);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(print(one), e);
            }
        }
    }

    private static void TestContextOutput(string text) => Xunit.TestContext.Current.TestOutputHelper?.WriteLine(text);
}
