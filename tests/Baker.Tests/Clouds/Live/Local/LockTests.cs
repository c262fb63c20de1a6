using System.Diagnostics;
using Baker.Clouds.Live;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public sealed class LockTests : IAsyncDisposable
{
    private readonly LocalDesk _desk = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_one_holds_it_and_the_other_is_told_who()
    {
        Assert.Null(await _desk.Cloud().Lock.FindAsync(_desk.Owner, Cancel));
        await using (await _desk.Cloud().Lock.TakeAsync(_desk.Owner, "me@desk, process 1, since noon", Cancel))
        {
            var refused = await Assert.ThrowsAsync<CloudException>(() => _desk.Cloud().Lock.TakeAsync(_desk.Owner, "you@desk", Cancel));
            Assert.Equal(CloudFailure.Locked, refused.Failure);
            Assert.Contains("me@desk, process 1, since noon", refused.Message, StringComparison.Ordinal);
            await using var other = await _desk.Cloud().Lock.TakeAsync(_desk.Owner with { Id = "another" }, "you@desk", Cancel);
            Assert.Equal(CloudFailure.Locked, (await Assert.ThrowsAsync<CloudException>(() => _desk.Cloud().Lock.BreakAsync(_desk.Owner, Cancel))).Failure);
        }
        await using (await _desk.Cloud().Lock.TakeAsync(_desk.Owner, "you@desk", Cancel))
        {
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk.State));
    }

    [Fact]
    public async Task A_holder_that_was_killed_holds_nothing()
    {
        Directory.CreateDirectory(_desk.State);
        var flock = Tool.Wanted("flock", "util-linux");
        using var holder = Process.Start(new ProcessStartInfo(flock.Path, ["--no-fork", _desk.StackFolder + ".lock", "sh", "-c", "echo mine; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("mine", await holder.StandardOutput.ReadLineAsync(Cancel));
            Assert.Equal(CloudFailure.Locked, (await Assert.ThrowsAsync<CloudException>(() => _desk.Cloud().Lock.TakeAsync(_desk.Owner, "me", Cancel))).Failure);
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(CancellationToken.None);
        }
        Assert.Equal("of another process; it goes with that process", (await _desk.Cloud().Lock.FindAsync(_desk.Owner, Cancel))!.Note);
        await _desk.Cloud().Lock.BreakAsync(_desk.Owner, Cancel);
        Assert.Null(await _desk.Cloud().Lock.FindAsync(_desk.Owner, Cancel));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk.State));
        await using var taken = await _desk.Cloud().Lock.TakeAsync(_desk.Owner, "me", Cancel);
    }

    [Fact]
    public async Task Of_many_at_once_one_gets_it_at_a_time()
    {
        var inside = 0;
        var most = 0;
        async Task TryAsync()
        {
            for (var i = 0; i < 20; i++)
            {
                try
                {
                    await using var taken = await _desk.Cloud().Lock.TakeAsync(_desk.Owner, "me", Cancel);
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (CloudException e) when (e.Failure == CloudFailure.Locked)
                {
                    await Task.Delay(1, Cancel);
                }
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TryAsync, Cancel)));
        Assert.Equal(1, most);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
