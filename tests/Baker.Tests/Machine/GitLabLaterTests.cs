using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>A GitLab that is in use: another value of a secret, and another version.</summary>
public class GitLabLaterTests
{
    private const string Stamps = "/var/lib/baker/steps/";
    private const string License = "  license: { activation_code: { vm_file: /root/licence } }\n";
    private const string Forget = "d = Gitlab::Rails.database; d.replace('ai_settings', [d.rows('ai_settings').first.merge('aiGatewayUrl' => nil, 'aiGatewayTimeoutSeconds' => nil)])";

    [Fact]
    public async Task A_secret_with_another_value_is_found_within_a_day_and_touches_its_own_steps_only()
    {
        await using var vm = await ReadyAsync();
        var machine = vm.Machine;
        var before = await StampsAsync(machine);
        await vm.PutAsync("/root/password", "another-" + GitLabVm.Password);
        await vm.PutAsync("/root/licence", "LAB-c4nary-2\n");
        // The five minutes between two looks are not enough.
        await machine.SkipAsync(400);
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Equal(before, await StampsAsync(machine));

        await machine.SkipAsync(86_400);
        for (var i = 0; i < 20 && before["duo"] == (await StampsAsync(machine))["duo"]; i++)
        {
            await Task.Delay(5000, TestContext.Current.CancellationToken);
            // The look of before may still have gone on when the day went by, and the next one comes after a pause.
            await machine.SkipAsync(301);
        }
        var after = await StampsAsync(machine);
        Assert.Equal(["duo", "licence"], after.Keys.Where(k => before[k] != after[k]).Order());
        Assert.Equal($"2 {GitLabDuoTests.SetUp}", await vm.RubyAsync(GitLabDuoTests.State));
        // GitLab's own pages change the administrator's password, and a spec does not change it back.
        Assert.Equal("true", await vm.RubyAsync($"puts User.find_by_username('root').valid_password?('{GitLabVm.Password}')"));
    }

    [Fact]
    public async Task The_next_minor_is_installed_and_told_its_gateway_again_and_none_goes_back_or_too_far()
    {
        await using var vm = await ReadyAsync();
        var machine = vm.Machine;
        // As an upgrade has done it.
        await vm.RubyAsync(Forget);
        var secrets = (await machine.RunAsync("sha256sum", "/etc/gitlab/gitlab-secrets.json")).Require();
        (await machine.RunAsync("sh", "-c", "mkdir -p /var/lib/gitlab-lab && echo backup-fails >/var/lib/gitlab-lab/faults")).Require();
        await BecomeAsync(vm, "19.5.0");
        await machine.UntilAsync(s => s is { Step: "backup", State: "failed", Reason: "backup" }, 300);
        Assert.Equal("19.4.4-ee.0 ", await VersionAsync(machine));
        Assert.EndsWith("\n200", (await vm.PageAsync("/-/readiness?all=1")).Require(), StringComparison.Ordinal);
        (await machine.RunAsync("sh", "-c", "rm /var/lib/gitlab-lab/faults; systemctl restart baker")).Require();
        await machine.ReadyAsync(100);
        // As it was before: the gateway's URL was still missing.
        Assert.Contains("\"aiGatewayUrl\":null", (await machine.RunAsync("sh", "-c", "tar -xOf /var/opt/gitlab/backups/before-19.5.0_gitlab_backup.tar db/database.sql.gz | gunzip")).Require(), StringComparison.Ordinal);
        Assert.Equal("19.5.0-ee.0 ", await VersionAsync(machine));
        Assert.Equal("19.5.0\n", machine.Read("/etc/gitlab/baker-version"));
        Assert.Equal("gitlab-ee", (await machine.RunAsync("apt-mark", "showhold")).Require().Trim());
        Assert.Equal($"1 {GitLabDuoTests.SetUp}", await vm.RubyAsync(GitLabDuoTests.State));
        Assert.Equal(secrets, (await machine.RunAsync("sha256sum", "/etc/gitlab/gitlab-secrets.json")).Require());

        await BecomeAsync(vm, "19.4.4");
        await machine.UntilAsync(s => s is { Step: "backup", State: "failed", Reason: "upgrade-path" }, 60);
        Assert.Contains("stopped: upgrade-path: 19.5.0 is newer than 19.4.4", await JournalAsync(machine), StringComparison.Ordinal);
        await BecomeAsync(vm, "19.9.1");
        await machine.UntilAsync(s => s is { Step: "backup", State: "failed", Reason: "upgrade-path" }, 60);
        Assert.Contains("stopped: upgrade-path: 19.5.0 to 19.9.1: first 19.8", await JournalAsync(machine), StringComparison.Ordinal);
        Assert.Equal("19.5.0-ee.0 ", await VersionAsync(machine));
        Assert.EndsWith("\n200", (await vm.PageAsync("/-/readiness?all=1")).Require(), StringComparison.Ordinal);
        Assert.Equal("before-19.5.0_gitlab_backup.tar\n", (await machine.RunAsync("ls", "/var/opt/gitlab/backups")).Require());
    }

    private static async Task<GitLabVm> ReadyAsync()
    {
        var vm = await GitLabVm.StartAsync();
        await vm.PutAsync("/root/licence", GitLabDuoTests.Code + "\n");
        await vm.BootAsync(vm.Spec(License));
        await GatewayDouble.StartAsync(vm.Machine);
        await vm.Machine.ReadyAsync(100);
        return vm;
    }

    private static async Task BecomeAsync(GitLabVm vm, string version)
    {
        await vm.BootAsync(vm.Spec(License + $"gateway:\n  image: gitlab/model-gateway:self-hosted-v{version}-ee\n", version));
        await vm.Machine.RestartRunnerAsync();
    }

    private static async Task<Dictionary<string, string>> StampsAsync(LabMachine machine) =>
        (await machine.RunAsync("find", Stamps, "-type", "f", "-printf", "%f %T@\\n")).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => l[1]);

    private static async Task<string> VersionAsync(LabMachine machine) => (await machine.RunAsync("dpkg-query", "-W", "-f", "${Version} ", "gitlab-ee")).Require();

    private static async Task<string> JournalAsync(LabMachine machine) => (await machine.RunAsync("journalctl", "-u", "baker", "--no-pager", "-o", "cat")).Out;
}
