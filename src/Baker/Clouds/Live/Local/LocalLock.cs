using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local;

/// <summary>A file that one process holds. The kernel gives it back when that process ends, however it ends.</summary>
internal sealed class LocalLock(Desk desk) : IStackLock
{
    /// <summary>EWOULDBLOCK on Linux and on macOS, which .NET hands on: another process holds the file, or did a moment ago.</summary>
    private static readonly int[] WouldBlock = [11, 35];

    private static int _takes;

    public Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel) =>
        Guarded.RunAsync<IAsyncDisposable>($"locking {owner.Stack}", () =>
    {
        PrivateFiles.MakeFolder(desk.State);
        var held = TryTake(owner) ?? throw new CloudException(
            CloudFailure.Locked, $"locking {owner.Stack}", $"it is held by {HolderOf(owner)}", "wait until that is done");
        PrivateFiles.Write(HolderPath(owner), System.Text.Encoding.UTF8.GetBytes(holder));
        return new Held(held, LockPath(owner), HolderPath(owner));
    });

    /// <summary>Whoever ended has given it back already; only the files are removed. Nobody is robbed.</summary>
    public Task BreakAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync($"breaking the lock of {owner.Stack}", async () =>
    {
        if (!File.Exists(LockPath(owner)))
            return;
        var held = TryTake(owner)
            ?? throw new CloudException(CloudFailure.Locked, $"breaking the lock of {owner.Stack}", $"{HolderOf(owner)} is still at work",
                "end that process; its lock goes with it");
        await new Held(held, LockPath(owner), HolderPath(owner)).DisposeAsync();
    });

    public Task<Resource?> FindAsync(StackOwner owner, CancellationToken cancel) => Task.FromResult(File.Exists(LockPath(owner))
        ? new Resource("lock", owner.Stack, LockPath(owner), $"of {HolderOf(owner)}; it goes with that process") : null);

    private FileStream? TryTake(StackOwner owner)
    {
        var path = LockPath(owner);
        while (true)
        {
            FileStream held;
            try
            {
                held = new FileStream(path, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (WouldBlock.Contains(e.HResult))
            {
                return null;
            }
            // The one before may have removed the file between opening and locking it: a lock on a file without a name keeps nobody out.
            if (IsNamed(path, held))
                return held;
            held.Dispose();
        }
    }

    /// <summary>Told by its time, set to what no other process sets: asking the file itself would take a lock.</summary>
    private static bool IsNamed(string path, FileStream held)
    {
        var stamp = DateTime.UnixEpoch.AddSeconds(Environment.ProcessId).AddMilliseconds(Interlocked.Increment(ref _takes) % 1000);
        File.SetLastWriteTimeUtc(held.SafeFileHandle, stamp);
        return File.GetLastWriteTimeUtc(path) == stamp;
    }

    private string HolderOf(StackOwner owner)
    {
        try
        {
            return File.ReadAllText(HolderPath(owner));
        }
        catch (FileNotFoundException)
        {
            return "another process";
        }
    }

    private string LockPath(StackOwner owner) => desk.Folder(owner).Path + ".lock";

    private string HolderPath(StackOwner owner) => desk.Folder(owner).Path + ".holder";

    private sealed class Held(FileStream file, string lockPath, string holderPath) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            // The names go first: whoever comes now makes a file of their own.
            File.Delete(holderPath);
            File.Delete(lockPath);
            return file.DisposeAsync();
        }
    }
}
