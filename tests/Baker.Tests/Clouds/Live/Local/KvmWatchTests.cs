using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public sealed class KvmWatchTests : IDisposable
{
    private const string Kernel = "[    0.000000] Linux version 6.12.0\n";

    private readonly TemporaryFolder _folder = new();
    private readonly VirtualTime _time = new();
    private int _looks;

    private string Console => Path.Combine(_folder.Path, "console.log");

    [Fact]
    public async Task A_machine_that_is_halted_before_its_kernel_speaks_is_not_held()
    {
        // What an earlier start left on the console, and the boot loader's words, are no kernel's.
        File.WriteAllText(Console, "earlier\n" + Kernel);
        Assert.False(await WatchAsync(look =>
        {
            File.AppendAllText(Console, "GRUB loading.\n");
            return look < 5 ? "running" : "internal-error";
        }));
        Assert.Equal(5, _looks);
    }

    [Fact]
    public async Task The_kernels_first_words_are_enough()
    {
        Assert.True(await WatchAsync(look =>
        {
            if (look == 3)
                File.WriteAllText(Console, "GRUB loading.\n" + Kernel);
            return "running";
        }));
        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task A_kernel_that_says_nothing_and_a_QEMU_that_does_not_answer_are_waited_for_a_minute()
    {
        var began = _time.GetUtcNow();
        Assert.True(await WatchAsync(look => look % 2 == 0 ? null : "running"));
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
    }

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    /// <param name="status">By the number of the look, from 1.</param>
    private Task<bool> WatchAsync(Func<int, string?> status) =>
        new KvmWatch(_ => Task.FromResult(status(++_looks)), Console, _time).HoldsAsync(TestContext.Current.CancellationToken);
}
