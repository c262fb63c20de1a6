using System.Globalization;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>Whatever a cloud, or somebody who answers in its place, says: the command ends with a word of its own, and never as a bug.</summary>
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

    private static void Try(Func<FakeAccount> made) => Gen.Select(Gen.Int[0, Commands.Length - 1], Gen.Int[0, 40], Gen.Int[0, int.MaxValue]).Try(150, one =>
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
            var broken = new AnswerMutation(seed).Of(text);
            said = $"{text}\nbecame\n{broken}";
            return broken;
        };
        string[] words = Commands[command];
        var run = (words[0] == "images" ? account.RunPlainAsync(account.Spec, words) : account.RunAsync(account.Spec, words)).GetAwaiter().GetResult();
        Assert.True(run.Code is ExitCode.Done or ExitCode.Refused or ExitCode.SpecWrong, $"{string.Join(' ', words)}: {run.Code}\n{said}\n{run.Error}");
        Assert.DoesNotContain('\u001b', run.Out + run.Error);
    }, one => string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', Commands[one.Item1])}, answer {one.Item2}, seed {one.Item3}"));
}
