using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What is kept of a GitLab before another version takes its place: made first, or there is no upgrade; and it can be taken back.</summary>
public class GitLabBackupTests
{
    private const string Backups = "/var/opt/gitlab/backups";
    private const string Archive = $"{Backups}/before-19.5.0_gitlab_backup.tar";
    private const string Marked = "print ApplicationSetting.current.signup_enabled";
    private const string Mark = "ApplicationSetting.current.update!(signup_enabled: false)";

    [Fact]
    public async Task It_is_the_database_and_what_makes_it_readable_and_can_be_taken_back()
    {
        await using var vm = await ConfiguredAsync();
        Assert.Equal("true", await vm.RubyAsync(Marked));
        await StepsAsync(vm, "backup");
        Assert.Empty(await FilesAsync(vm));

        await vm.PlaceAsync(vm.Spec(Gateway, "19.5.0"));
        // As when it was interrupted and begins anew: the same file once more.
        await StepsAsync(vm, "backup", "backup");
        Assert.Equal([$"600 {Archive}"], await FilesAsync(vm));
        Assert.Equal(["backup_information.yml", "db/", "db/database.sql.gz"], await MembersAsync(vm, Archive));
        var configuration = await MembersAsync(vm, "$(ls /etc/gitlab/config_backup/*.tar | tail -n 1)");
        Assert.Superset(new HashSet<string> { "/etc/gitlab/gitlab-secrets.json", "/etc/gitlab/gitlab.rb", $"/etc/gitlab/ssl/{GitLabVm.Host}.key" }, configuration.ToHashSet());
        Assert.DoesNotContain(configuration, m => m.Contains("config_backup", StringComparison.Ordinal));

        await StepsAsync(vm, "gitlab-package", "data-volume", "reconfigure", "readiness");
        await vm.RubyAsync(Mark);
        // Nothing has made another one: not the package, and not the volume's step.
        Assert.Equal([$"600 {Archive}"], await FilesAsync(vm));

        await ShellAsync(vm, ManualPage.Read("docs/machine.md").Fences().Single(f => f.Text.Contains("gitlab-backup restore", StringComparison.Ordinal)).Text);
        await vm.PlaceAsync();
        await StepsAsync(vm, "backup", "gitlab-package", "data-volume", "reconfigure", "readiness");
        Assert.Equal("19.4.4-ee.0", (await vm.Machine.RunAsync("dpkg-query", "-W", "-f", "${Version}", "gitlab-ee")).Require());
        Assert.Equal("true", await vm.RubyAsync(Marked));
    }

    [Fact]
    public async Task It_needs_room_and_success_and_leaves_two()
    {
        await using var vm = await ConfiguredAsync();
        await vm.PlaceAsync(vm.Spec(Gateway, "19.5.0"));
        await ShellAsync(vm, "mkdir -p /var/lib/gitlab-lab && echo backup-fails >/var/lib/gitlab-lab/faults");
        var run = await FailsAsync(vm, "backup", "backup");
        Assert.Contains("pg_dump: error: connection to server failed", run, StringComparison.Ordinal);
        // The last upgrade is still at work.
        await ShellAsync(vm, "echo background-migration >/var/lib/gitlab-lab/faults");
        await FailsAsync(vm, "backup", "migrations");
        await ShellAsync(vm, "rm /var/lib/gitlab-lab/faults");

        // A database of 60 MB, and a little less free.
        await ShellAsync(vm, $"fallocate -l 60M /var/opt/gitlab/postgresql/data/large && fallocate -l $(($(df -k --output=avail {Backups} | tail -n 1) - 50000))K {Backups}/others");
        await FailsAsync(vm, "backup", "disk-full");
        Assert.Equal([$"644 {Backups}/others"], await FilesAsync(vm));
        await ShellAsync(vm, $"rm {Backups}/others");

        // Earlier ones of its own, and one that a person has made.
        await ShellAsync(vm, $"touch {Backups}/before-19.2.10_gitlab_backup.tar {Backups}/before-19.3.2.tar.gz {Backups}/1700000000_2026_11_26_19.4.4-ee_gitlab_backup.tar");
        await StepsAsync(vm, "backup");
        Assert.Equal(
            [$"600 {Archive}", $"644 {Backups}/1700000000_2026_11_26_19.4.4-ee_gitlab_backup.tar", $"644 {Backups}/before-19.3.2.tar.gz"],
            await FilesAsync(vm));

        // The data is away: no upgrade without it.
        await ShellAsync(vm, "systemctl stop gitlab-runsvdir; umount /var/opt/gitlab");
        await FailsAsync(vm, "backup", "data-volume");
        await ShellAsync(vm, "mount /var/opt/gitlab");
        await FailsAsync(vm, "backup", "gitlab");
        // Who says that he has one need not wait.
        await ShellAsync(vm, "touch /etc/gitlab/skip-auto-backup");
        await StepsAsync(vm, "backup");
    }

    [Fact]
    public async Task Data_that_comes_to_a_machine_with_a_later_version_is_copied_before_that_touches_it()
    {
        await using var vm = await ConfiguredAsync();
        // What another machine has and does not have.
        await ShellAsync(vm, "systemctl disable --now gitlab-runsvdir; rm -rf /opt/gitlab/service; umount /etc/gitlab /var/opt/gitlab /srv/baker; sed -i /baker/d /etc/fstab; rm -rf /etc/gitlab/*");
        await vm.PlaceAsync(vm.Spec(Gateway, "19.5.0"));
        await StepsAsync(vm, "backup", "gitlab-package", "data-volume");

        const string Copy = $"{Backups}/before-19.5.0.tar.gz";
        Assert.Equal([$"600 {Copy}"], await FilesAsync(vm));
        var members = await MembersAsync(vm, Copy);
        Assert.Contains("etc/gitlab/gitlab-secrets.json", members);
        Assert.Contains("var/opt/gitlab/postgresql/data/gitlabhq_production.json", members);

        await StepsAsync(vm, "certificate", "reconfigure", "readiness");
        var made = await ShellAsync(vm, $"stat -c %Y {Copy}");
        await StepsAsync(vm, "data-volume");
        Assert.Equal("19.5.0\n", vm.Machine.Read("/etc/gitlab/baker-version"));
        Assert.Equal(made, await ShellAsync(vm, $"stat -c %Y {Copy}"));
    }

    private const string Gateway = "gateway:\n  image: gitlab/model-gateway:self-hosted-v19.5.0-ee\n";

    private static async Task<GitLabVm> ConfiguredAsync()
    {
        var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        await StepsAsync(vm, "prepare", "repository", "backup", "gitlab-package", "data-volume", "certificate", "reconfigure", "readiness");
        return vm;
    }

    private static async Task StepsAsync(GitLabVm vm, params string[] steps)
    {
        foreach (var step in steps)
            (await vm.StepAsync(step)).Require();
    }

    private static async Task<string> FailsAsync(GitLabVm vm, string step, string reason)
    {
        var run = await vm.StepAsync(step);
        Assert.Equal((true, reason), (run.Code != 0, vm.Reason));
        (await vm.Machine.RunAsync("rm", "/run/baker/reason")).Require();
        return run.Words;
    }

    private static async Task<string> ShellAsync(GitLabVm vm, string script) => (await vm.Machine.RunAsync("bash", "-euc", script)).Require();

    private static async Task<string[]> FilesAsync(GitLabVm vm) =>
        [.. (await ShellAsync(vm, $"find {Backups} -type f -printf '%m %p\\n'")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static async Task<string[]> MembersAsync(GitLabVm vm, string archive) =>
        [.. (await ShellAsync(vm, $"tar -P -tf {archive}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
