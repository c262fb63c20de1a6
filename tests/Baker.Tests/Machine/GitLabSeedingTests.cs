using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The first reconfigure: what it refuses before it spoils anything, and what is mended when it was interrupted.</summary>
public class GitLabSeedingTests
{
    private const string Faults = "/var/lib/gitlab-lab/faults";

    [Fact]
    public async Task The_first_administrator_is_there_whatever_happened()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        foreach (var step in new[] { "prepare", "repository", "gitlab-package", "data-volume", "certificate" })
            (await vm.StepAsync(step)).Require();

        await Refused(vm, "root-password", "short");
        await Refused(vm, "root-password", "My-GitLab-2026");
        await Refused(vm, "secret-missing", "");

        // Power is lost in the middle of the seeding: after the tables, before the administrator.
        await vm.PutAsync("/root/password", GitLabVm.Password + "\n");
        (await vm.Machine.RunAsync("sh", "-c", $"mkdir -p /var/lib/gitlab-lab && echo seed-slow=30 >{Faults}")).Require();
        (await vm.Machine.RunAsync("systemd-run", "--unit=step", "--setenv=HOME=/root", "/usr/local/lib/baker/run", "step", "reconfigure")).Require();
        for (var i = 0; i < 600 && !vm.Machine.Exists("/var/opt/gitlab/postgresql/data/gitlabhq_production.json"); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        for (var i = 0; i < 600 && !vm.Machine.Read("/var/opt/gitlab/postgresql/data/gitlabhq_production.json").Contains("signup_enabled", StringComparison.Ordinal); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        (await vm.Machine.RunAsync("systemctl", "kill", "-s", "KILL", "step")).Require();
        (await vm.Machine.RunAsync("rm", Faults)).Require();

        // What another version of GitLab, or somebody's hands, may have gone on with.
        (await vm.Machine.RunAsync("touch", "/var/opt/gitlab/bootstrapped")).Require();
        (await vm.StepAsync("reconfigure")).Require();
        Assert.Equal("false", await vm.RubyAsync("puts User.exists?(username: 'root')"));
        (await vm.StepAsync("readiness")).Require();
        (await vm.StepAsync("signing-key")).Require();
        Assert.Equal("true 1 1", await vm.RubyAsync("puts [User.find_by_username('root').valid_password?(File.read('/root/password').chomp), User.count, CloudConnector::Keys.all.size].join(' ')"));

        foreach (var step in new[] { "signing-key", "sign-up", "gitlab", "reconfigure", "signing-key" })
            (await vm.StepAsync(step)).Require();
        Assert.Equal("1 1 false", await vm.RubyAsync("puts [User.count, CloudConnector::Keys.all.size, ApplicationSetting.current.signup_enabled].join(' ')"));
        Assert.Empty(await vm.FilesWithAsync(GitLabVm.Password));
    }

    [Fact]
    public async Task A_database_whose_tables_were_cut_off_is_put_aside_and_made_anew()
    {
        const string Data = "/var/opt/gitlab/postgresql/data/gitlabhq_production.json";
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        foreach (var step in new[] { "prepare", "repository", "gitlab-package", "data-volume", "certificate" })
            (await vm.StepAsync(step)).Require();
        (await vm.Machine.RunAsync("sh", "-c", $"mkdir -p {Path.GetDirectoryName(Data)} && echo '{{\"half\":[]}}' >{Data}")).Require();
        (await vm.StepAsync("reconfigure")).Require();
        Assert.Equal("true", await vm.RubyAsync("puts User.exists?(username: 'root')"));
        Assert.Equal("{\"half\":[]}\n", vm.Machine.Read(Data.Replace("postgresql", "postgresql.cut", StringComparison.Ordinal)));
        // One that is complete stays, also where the rest was cut off.
        (await vm.Machine.RunAsync("rm", "-r", "/var/opt/gitlab/bootstrapped", "/var/opt/gitlab/postgresql.cut")).Require();
        await vm.RubyAsync("ApplicationSetting.current.update!(signup_enabled: false)");
        (await vm.StepAsync("reconfigure")).Require();
        Assert.False(vm.Machine.Exists("/var/opt/gitlab/postgresql.cut"));
        Assert.Equal("false", await vm.RubyAsync("puts ApplicationSetting.current.signup_enabled"));
        Assert.Equal("true", await vm.RubyAsync("puts User.exists?(username: 'root')"));
    }

    private static async Task Refused(GitLabVm vm, string reason, string password)
    {
        await vm.PutAsync("/root/password", password);
        Assert.NotEqual(0, (await vm.StepAsync("reconfigure")).Code);
        Assert.Equal(reason, vm.Reason);
        Assert.False(vm.Machine.Exists("/etc/gitlab/gitlab-secrets.json"));
        (await vm.Machine.RunAsync("rm", "-f", "/run/baker/reason")).Require();
    }
}
