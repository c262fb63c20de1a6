using System.Collections.Concurrent;
using System.Globalization;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>
/// Whatever somebody says who stands between a cloud and Baker: the command ends with a word of its own, and never as a bug. Answers that are torn, mixed or another's; what a cloud always
/// sends and leaves out here is another matter.
/// </summary>
public sealed class AnswerFuzzTests
{
    /// <summary>Reading, and what does something. All of them find a stack that stands.</summary>
    private static readonly string[][] Commands =
    [
        ["status"], ["status", "--json"], ["doctor"], ["launch", "--yes", "--no-wait"], ["images", "list"], ["stop"], ["destroy", "--yes"], ["bake", "--dry-run"],
    ];

    [Fact]
    public void Answers_of_AWS_that_are_broken_are_no_bug() => Try(() => new AwsFakeAccount());

    [Fact]
    public void Answers_of_Google_that_are_broken_are_no_bug() => Try(() => new GoogleAccountFake());

    private static void Try(Func<FakeAccount> made)
    {
        // All of them at once, by where they are: one would hide the others.
        var bugs = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        Gen.Select(Gen.Int[0, Commands.Length - 1], Gen.Int[0, 40], Gen.Int[0, int.MaxValue]).Try(40, one =>
        {
            var (command, at, seed) = one;
            using var account = made();
            Assert.Equal(ExitCode.Done, account.RunAsync(account.Spec, "launch", "--yes", "--no-wait").GetAwaiter().GetResult().Code);
            var call = 0;
            var said = "";
            account.Mangle = text =>
            {
                if (Interlocked.Increment(ref call) - 1 != at)
                    return text;
                var broken = new AnswerMutation(seed).Torn(text);
                said = $"{text}\nbecame\n{broken}";
                return broken;
            };
            string[] words = Commands[command];
            var run = (words[0] == "images" ? account.RunPlainAsync(account.Spec, words) : account.RunAsync(account.Spec, words)).GetAwaiter().GetResult();
            Assert.DoesNotContain('\u001b', run.Out + run.Error);
            if (run.Code == ExitCode.Bug)
                bugs.TryAdd(Place(run.Error), $"{string.Join(' ', words)}, answer {at}, seed {seed}");
            else
                Assert.True(run.Code is ExitCode.Done or ExitCode.Refused or ExitCode.SpecWrong, $"{string.Join(' ', words)}: {run.Code}\n{said}\n{run.Error}");
        }, one => string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', Commands[one.Item1])}, answer {one.Item2}, seed {one.Item3}"));
        Assert.True(bugs.IsEmpty, string.Join('\n', bugs.Select(b => $"{b.Key}: {b.Value}").Order(StringComparer.Ordinal)));
    }

    /// <summary>What happened, and the first place in Baker where it did.</summary>
    private static string Place(string report)
    {
        var lines = report.Split('\n');
        return $"{lines.FirstOrDefault(l => l.Contains("Exception", StringComparison.Ordinal))?.Split(':')[0]}{lines.FirstOrDefault(l => l.TrimStart().StartsWith("at Baker.", StringComparison.Ordinal))?.Split(" in ")[0]}";
    }
}
