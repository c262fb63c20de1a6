using System.Globalization;
using System.IO.Pipes;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary>Whoever sends a signal is heard at once, also where the program waits for somebody who types.</summary>
public sealed class SignalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("INT"), InlineData("TERM"), InlineData("HUP")]
    public async Task A_spec_that_is_waited_for_is_given_up(string signal)
    {
        var kill = Tool.Wanted("kill", "procps");
        using var folder = new TemporaryFolder();
        using var process = new BakerProcess(folder.Path, []).StartWaiting("validate", "-");
        try
        {
            await ListensAsync(process.Id);
            (await kill.RunAsync($"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture))).Require();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal((ExitCode.Cancelled, "cancelled\n", ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(Cancel), await process.StandardOutput.ReadToEndAsync(Cancel)));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Fact]
    public async Task A_question_without_an_answer_ends_with_the_command()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var stop = new CancellationTokenSource();
        using var answers = new StreamReader(new StandardInput(pipe, stop.Token));
        var asking = Task.Run(answers.ReadLine, Cancel);
        stop.CancelAfter(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public async Task What_is_typed_is_read()
    {
        using var answers = new StreamReader(new StandardInput(new MemoryStream("yes\nno\n"u8.ToArray()), CancellationToken.None));
        Assert.Equal(["yes", "no", null], [await answers.ReadLineAsync(Cancel), await answers.ReadLineAsync(Cancel), await answers.ReadLineAsync(Cancel)]);
    }

    [Fact]
    public void A_terminal_that_has_gone_stops_nobody()
    {
        var gone = new AnonymousPipeServerStream(PipeDirection.Out);
        gone.DisposeLocalCopyOfClientHandle();
        using var talk = new StreamWriter(new Talk(gone)) { AutoFlush = true };
        talk.WriteLine("first");
        talk.WriteLine("second");
    }

    /// <summary>Until the program catches a hang-up; before, a signal would end it.</summary>
    private static async Task ListensAsync(int process)
    {
        for (var i = 0; i < 600; i++)
        {
            var caught = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("SigCgt:", StringComparison.Ordinal));
            if (caught is not null && (Convert.ToUInt64(caught["SigCgt:".Length..].Trim(), 16) & 1) == 1)
            {
                // Then its handlers are registered, one after the other.
                await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
        Assert.Fail("it never listened");
    }
}
