using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The lock as a parameter: its name rests after it was deleted, and it outlives a holder that is killed.</summary>
public sealed class AwsLockTests
{
    private const string Resting = "/baker/duo/lock-3f3195f2e814 was deleted a moment ago: AWS gives the name again after 30 seconds; waiting\n";

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_command_waits_until_AWS_gives_the_name_again_and_says_so_once()
    {
        using var account = new AwsFakeAccount();
        Assert.DoesNotContain("waiting", await DoneAsync(account, Launch), StringComparison.Ordinal);
        var began = account.Time.GetUtcNow();
        Assert.Equal(1, Count(await DoneAsync(account, "stop"), Resting));
        Assert.Equal(1, Count(await DoneAsync(account, "start", "--no-wait"), Resting));
        Assert.InRange(account.Time.GetUtcNow() - began, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(6));
        await Task.Delay(TimeSpan.FromMinutes(1), account.Time, Cancel);
        Assert.DoesNotContain("waiting", await DoneAsync(account, "stop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_there_is_not_waited_for()
    {
        using var account = new AwsFakeAccount();
        var (cloud, owner) = account.Enter();
        await cloud.Lock.TakeAsync(owner, "somebody", Cancel);
        var began = account.Time.GetUtcNow();
        var refused = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Matches("error: taking the stack's lock: somebody \\([0-9a-f]{8}\\) holds it\n  --break-lock removes", refused.Error);
        Assert.True(account.Time.GetUtcNow() - began < TimeSpan.FromSeconds(20));
        // What it broke it takes, when its name has rested.
        var broken = await DoneAsync(account, [.. Launch, "--break-lock"]);
        Assert.Matches("removed the lock of somebody \\([0-9a-f]{8}\\)\n", broken);
        Assert.Equal(1, Count(broken, Resting));
    }

    [Fact]
    public async Task A_secret_that_was_deleted_a_moment_ago_is_made_again()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, Launch);
        await DoneAsync(account, "destroy", "--yes", "--delete-data", "--release-address");
        // Of the names alone it is this one that rests: the lock's was waited for before.
        var (cloud, owner) = account.Enter();
        await cloud.Secrets.PutAsync(owner, "/baker/duo/root-password", "first"u8.ToArray(), Cancel);
        await cloud.Secrets.DeleteAsync(owner, "/baker/duo/root-password", Cancel);
        var (next, _) = account.Enter();
        await next.Secrets.PutAsync(owner, "/baker/duo/root-password", "second"u8.ToArray(), Cancel);
        Assert.Equal("second", account.Ssm.Parameters["/baker/duo/root-password"].Value);
    }

    [Theory, InlineData(24, true), InlineData(5000, true), InlineData(8192, true), InlineData(8193, false)]
    public async Task A_certificate_with_its_chain_fits_a_parameter(int bytes, bool fits)
    {
        using var account = new AwsFakeAccount();
        var (cloud, owner) = account.Enter();
        var put = cloud.Secrets.PutAsync(owner, "/baker/duo/certificate", new byte[bytes], Cancel);
        if (fits)
            await put;
        else
            Assert.Contains("it has 8193 bytes, and a parameter takes 8192\n  a certificate needs its own chain alone", (await Assert.ThrowsAsync<CloudException>(() => put)).Message, StringComparison.Ordinal);
        Assert.Equal(fits, account.Ssm.Parameters.ContainsKey("/baker/duo/certificate"));
    }

    [Fact]
    public async Task A_lock_that_is_all_that_is_left_is_seen_and_removed()
    {
        using var account = new AwsFakeAccount();
        var empty = account.Inventory;
        var (cloud, owner) = account.Enter();
        await cloud.Lock.TakeAsync(owner, "somebody", Cancel);
        var destroy = await account.RunAsync(account.Spec, "destroy", "--yes");
        Assert.Equal(ExitCode.Refused, destroy.Code);
        Assert.Matches("  - lock duo /baker/duo/lock-3f3195f2e814 \\(of somebody \\([0-9a-f]{8}\\); --break-lock removes that of one who is gone\\)\n", destroy.Error);
        await DoneAsync(account, "destroy", "--yes", "--break-lock");
        Assert.Equal(empty, account.Inventory);
        Assert.Contains("nothing of stack duo is there", await DoneAsync(account, "destroy", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_end_in_the_middle_are_the_first_thing_that_is_said()
    {
        using var account = new AwsFakeAccount();
        var isOver = false;
        account.Refuses = (action, _) => (isOver |= action == "ec2:AttachVolume")
            ? action.StartsWith("ssm:", StringComparison.Ordinal) ? new Ec2Refusal("ExpiredTokenException", "The security token included in the request is expired")
                : new Ec2Refusal("RequestExpired", "Request has expired.") : null;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        var end = run.Error[run.Error.LastIndexOf("error: ", StringComparison.Ordinal)..];
        Assert.Matches("attaching duo-gitlab-data to i-[0-9a-f]+: RequestExpired: Request has expired.\n", end);
        Assert.DoesNotContain("the stack's lock", end, StringComparison.Ordinal);
        Assert.Contains("giving the stack's lock back: looking for the parameter /baker/duo/lock-3f3195f2e814: ExpiredTokenException: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("  the next run needs --break-lock\n", run.Error, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<string> DoneAsync(AwsFakeAccount account, params string[] command)
    {
        var run = await account.RunAsync(account.Spec, command);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run.Error;
    }
}
