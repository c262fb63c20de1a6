using Xunit;

namespace Baker.Tests.Machine;

/// <summary>GitLab from its first boot to ready, once more, and after a power cut.</summary>
public class GitLabFirstBootTests
{
    [Fact]
    public async Task It_comes_up_and_stays_what_it_is()
    {
        await using var vm = await GitLabVm.StartAsync();
        var machine = vm.Machine;
        await vm.BootAsync();
        // All is done but what needs a licence.
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" }, 240);

        Assert.Equal("true true false", await vm.RubyAsync(
            $"u = User.find_by_username('root'); puts [u.admin?, u.valid_password?(File.read('/root/password').chomp), ApplicationSetting.current.signup_enabled].join(' ')"));
        Assert.EndsWith("\n200", (await vm.PageAsync("/.well-known/openid-configuration")).Require(), StringComparison.Ordinal);
        Assert.EndsWith("\n200", (await vm.PageAsync("/-/readiness?all=1")).Require(), StringComparison.Ordinal);
        Assert.EndsWith("\n404", (await vm.PageAsync("/-/readiness?all=1", "10.77.1.10")).Require(), StringComparison.Ordinal);
        Assert.Contains("held", (await machine.RunAsync("dpkg-query", "-W", "-f", "${db:Status-Want}ed held", "gitlab-ee")).Require(), StringComparison.Ordinal);
        Assert.Equal("gitlab-ee", (await machine.RunAsync("apt-mark", "showhold")).Require().Trim());
        Assert.False(machine.Exists("/etc/gitlab/initial_root_password"));
        Assert.Empty(await vm.FilesWithAsync(GitLabVm.Password));
        var keyFiles = await vm.FilesWithAsync(vm.Tls.Key.Split('\n')[1]);
        Assert.Equal(["/etc/gitlab/ssl/gitlab.desk.test.key", "/srv/baker/etc-gitlab/ssl/gitlab.desk.test.key"], keyFiles.Order());
        Assert.DoesNotContain(GitLabVm.Password, machine.Console, StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Said, s => s.State is "failed" or "retrying");

        var before = (await machine.RunAsync("sha256sum", "/etc/gitlab/gitlab-secrets.json", "/etc/ssh/ssh_host_ed25519_key")).Require();
        var keys = (await vm.PageAsync("/oauth/discovery/keys")).Require();
        await machine.CrashAsync();
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" } && s.Boot == machine.Read("/proc/sys/kernel/random/boot_id").Trim(), 180);
        Assert.Equal(before, (await machine.RunAsync("sha256sum", "/etc/gitlab/gitlab-secrets.json", "/etc/ssh/ssh_host_ed25519_key")).Require());
        Assert.Equal(keys, (await vm.PageAsync("/oauth/discovery/keys")).Require());
        // GitLab's unit waits for the end of the boot: that must have come.
        Assert.Equal("active", (await machine.RunAsync("systemctl", "is-active", "multi-user.target")).Out.Trim());
        Assert.Equal("active", (await machine.RunAsync("systemctl", "is-active", "gitlab-runsvdir.service")).Out.Trim());
    }

    [Fact]
    public async Task Nobody_who_looks_at_its_processes_sees_a_secret()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PutAsync("/root/licence", GitLabDuoTests.Code + "\n");
        await ProcessWatch.StartAsync(vm.Machine, GitLabVm.Password, GitLabDuoTests.Code, vm.Tls.Key.Split('\n')[1]);
        await vm.BootAsync(vm.Spec("  license: { activation_code: { vm_file: /root/licence } }\n"));
        await GatewayDouble.StartAsync(vm.Machine);
        await vm.Machine.ReadyAsync(150);
        await ProcessWatch.NothingSeenAsync(vm.Machine, GitLabDuoTests.Code);
    }
}
