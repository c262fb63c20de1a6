using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The volume with GitLab's data: formatted when blank and never else.</summary>
public class GitLabDataVolumeTests
{
    private const string Disk = "/dev/disk/by-id/virtio-data";

    [Fact]
    public async Task A_blank_one_is_formatted_once()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        (await vm.StepAsync("data-volume")).Require();
        var id = await Uuid(vm);
        (await vm.Machine.RunAsync("sh", "-c", "echo mine >/etc/gitlab/mine")).Require();

        (await vm.StepAsync("data-volume")).Require();
        Assert.Equal("mine\n", vm.Machine.Read("/srv/baker/etc-gitlab/mine"));
        var hostKey = vm.Machine.Read("/etc/ssh/ssh_host_ed25519_key.pub");

        // Cut off before it was mounted: what was written then is not written twice.
        var mounts = vm.Machine.Read("/etc/fstab");
        (await vm.Machine.RunAsync("umount", "/etc/gitlab", "/var/opt/gitlab", "/srv/baker")).Require();
        (await vm.StepAsync("data-volume")).Require();
        Assert.Equal(mounts, vm.Machine.Read("/etc/fstab"));

        // Another machine gets the volume: with host keys of its own, and nothing of the first in /etc.
        (await vm.Machine.RunAsync("sh", "-c", "umount /etc/gitlab /var/opt/gitlab /srv/baker && sed -i /baker/d /etc/fstab && rm -rf /etc/gitlab /etc/ssh/ssh_host_* && ssh-keygen -qA")).Require();
        Assert.NotEqual(hostKey, vm.Machine.Read("/etc/ssh/ssh_host_ed25519_key.pub"));
        (await vm.StepAsync("data-volume")).Require();
        Assert.Equal(id, await Uuid(vm));
        Assert.Equal("mine\n", vm.Machine.Read("/etc/gitlab/mine"));
        Assert.Equal(hostKey, vm.Machine.Read("/etc/ssh/ssh_host_ed25519_key.pub"));
        Assert.Equal("600", (await vm.Machine.RunAsync("stat", "-c", "%a", "/etc/ssh/ssh_host_ed25519_key")).Require().Trim());
    }

    [Theory]
    [InlineData("printf 'label: gpt\\n,10M\\n' | sfdisk -q")]
    [InlineData("mkswap -q")]
    public async Task What_is_not_blank_is_never_written_over(string make)
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        (await vm.Machine.RunAsync("sh", "-c", $"{make} \"$(readlink -f {Disk})\" >/dev/null 2>&1; sync; blkid -p {Disk}")).Require();
        var before = (await vm.Machine.RunAsync("sha256sum", Disk)).Require();
        Assert.NotEqual(0, (await vm.StepAsync("data-volume")).Code);
        Assert.Equal("data-volume", vm.Reason);
        Assert.Equal(before, (await vm.Machine.RunAsync("sha256sum", Disk)).Require());
    }

    [Fact]
    public async Task A_missing_one_is_waited_for()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        (await vm.Machine.RunAsync("mv", Disk, Disk + ".away")).Require();
        (await vm.Machine.RunAsync("systemd-run", "--unit=step", "--setenv=HOME=/root", "/usr/local/lib/baker/run", "step", "data-volume")).Require();
        await UntilAsync(async () => (await vm.Machine.RunAsync("cat", "/run/baker/now")).Out.StartsWith("waiting\ndata-volume\n", StringComparison.Ordinal));
        (await vm.Machine.RunAsync("mv", Disk + ".away", Disk)).Require();
        await UntilAsync(async () => (await vm.Machine.RunAsync("systemctl", "is-active", "step")).Out.Trim() == "inactive");
        (await vm.Machine.RunAsync("mountpoint", "-q", "/etc/gitlab")).Require();
    }

    private static async Task<string> Uuid(GitLabVm vm) => (await vm.Machine.RunAsync("blkid", "-p", "-s", "UUID", "-o", "value", Disk)).Require();

    private static async Task UntilAsync(Func<Task<bool>> right)
    {
        for (var i = 0; i < 300 && !await right(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(await right());
    }
}
