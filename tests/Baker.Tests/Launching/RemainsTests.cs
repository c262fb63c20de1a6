using Baker.Cli;
using Baker.Clouds.Live;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What goes on costing is said by the commands after which people believe that nothing does.</summary>
public sealed class RemainsTests
{
    private static readonly BakedImage Ours = new("image-2", "duo-ollama-1", "duo", "ollama", "f", "", DateTimeOffset.UnixEpoch, 29, []);

    [Fact]
    public async Task A_stopped_stack_names_what_is_still_there()
    {
        using var account = await LaunchedAsync();
        account.Baked = [Ours, Ours with { Id = "image-3" }, Ours with { Stack = "other" }];
        Assert.Matches("duo: goes on costing: (root disk duo-(ollama|gitlab|gateway) \\((50|20) GB\\), ){3}data disk duo-gitlab-data \\(50 GB\\), "
            + "public address duo-gitlab \\(203.0.113.7\\), nat duo, 2 baked images \\(58 GB\\)\n", await DoneAsync(account, "stop"));
    }

    [Fact]
    public async Task A_destroyed_one_names_images_and_what_is_the_users_own()
    {
        using var account = await LaunchedAsync();
        account.Baked = [Ours];
        foreach (var _ in new[] { 1, 2 })
        {
            var said = await DoneAsync(account, "destroy", "--yes", "--delete-data", "--release-address");
            Assert.Contains("duo: goes on costing: 1 baked image (29 GB); `baker images list` shows them, `baker images delete` removes them\n", said, StringComparison.Ordinal);
            Assert.Contains("duo: stays, as it is yours: identity duo-gitlab, secret /duo/activation-code\n", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_may_not_look_is_told_and_the_command_is_done()
    {
        using var reference = await LaunchedAsync();
        var before = reference.Calls;
        await DoneAsync(reference, "stop");
        var calls = reference.Calls - before;
        using var account = await LaunchedAsync();
        (account.FaultAt, account.FaultKind) = (account.Calls + calls, Fault.Refuse);
        Assert.Contains("what goes on costing could not be looked at: listing images: not today\n", await DoneAsync(account, "stop"), StringComparison.Ordinal);
    }

    private static async Task<MemoryAccount> LaunchedAsync()
    {
        var account = new MemoryAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, "launch", "--yes", "--no-wait")).Code);
        return account;
    }

    private static async Task<string> DoneAsync(MemoryAccount account, params string[] command)
    {
        var run = await account.RunAsync(account.Spec, command);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run.Error;
    }
}
