using Xunit;

namespace Baker.Tests.Machine;

/// <summary>GitLab's repository and package, while the mirror fails in every way, and when somebody else has signed.</summary>
public class GitLabPackageTests
{
    [Fact]
    public async Task Each_fault_of_the_mirror_is_named_and_heals()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        // As it is when a mirror has moved.
        await vm.PutAsync("/etc/apt/sources.list.d/gitlab.list", "deb [trusted=yes] http://mirror.lab.test:9/gone noble main\n");
        (await vm.StepAsync("prepare")).Require();

        await Fails(vm, "repository", "http-5xx", "*gpgkey", "status", 503);
        await Fails(vm, "repository", "http-404", "*gpgkey", "status", 404);
        await Fails(vm, "repository", "network", "*gpgkey", "reset");
        await Fails(vm, "repository", "signature", "*gpgkey", "wrong");
        (await vm.StepAsync("repository")).Require();

        await Fails(vm, "gitlab-package", "signature", "*/InRelease", "wrong");
        await Fails(vm, "gitlab-package", "http-5xx", "*.deb", "status", 503);
        await Fails(vm, "gitlab-package", "network", "*.deb", "truncate", bytes: 100_000);
        await Fails(vm, "gitlab-package", "network", "*.deb", "wrong");
        Assert.False(vm.Machine.Exists("/opt/gitlab"));
        (await vm.StepAsync("gitlab-package")).Require();
        // Installed, and nothing of it configured: that may go into an image.
        foreach (var path in new[] { "/etc/gitlab/gitlab-secrets.json", "/var/opt/gitlab/bootstrapped", "/var/opt/gitlab/postgresql", "/etc/gitlab/initial_root_password", "/etc/gitlab/ssl" })
            Assert.False(vm.Machine.Exists(path), path);
        (await vm.StepAsync("gitlab-package")).Require();
        Assert.Equal("19.4.4-ee.0", (await vm.Machine.RunAsync("dpkg-query", "-W", "-f", "${Version}", "gitlab-ee")).Require());
    }

    [Fact]
    public async Task Nobody_else_may_sign()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync(vm.Spec(fingerprint: "F6403F6544A38863DAA0B6E03F01618A51312F3F"));
        (await vm.StepAsync("prepare")).Require();
        Assert.NotEqual(0, (await vm.StepAsync("repository")).Code);
        Assert.Equal("signature", vm.Reason);
        Assert.False(vm.Machine.Exists("/etc/apt/sources.list.d/gitlab.list"));
    }

    // A key that was made to pass: its subkey has the fingerprint that is asked for.
    [Theory]
    [InlineData("adopted")]
    [InlineData("both")]
    public async Task Nobody_passes_by_adopting_the_key_that_is_asked_for(string file)
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync(vm.Spec().Replace(":8446/gpgkey", $":8446/{file}", StringComparison.Ordinal));
        (await vm.StepAsync("prepare")).Require();
        Assert.NotEqual(0, (await vm.StepAsync("repository")).Code);
        Assert.Equal("signature", vm.Reason);
        Assert.False(vm.Machine.Exists("/usr/share/keyrings/baker-gitlab.gpg"));
        Assert.False(vm.Machine.Exists("/etc/apt/sources.list.d/gitlab.list"));
    }

    [Fact]
    public async Task A_keyring_that_is_no_longer_the_one_that_was_asked_for_is_fetched_again()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        (await vm.StepAsync("prepare")).Require();
        (await vm.StepAsync("repository")).Require();
        Assert.Equal(77, (await vm.Machine.RunAsync("/usr/local/lib/baker/run", "step", "repository", "check")).Code);
        (await vm.Machine.RunAsync("sh", "-c", "curl -sS https://mirror.lab.test:8446/adopted | gpg --dearmor --yes -o /usr/share/keyrings/baker-gitlab.gpg")).Require();
        Assert.Equal(0, (await vm.Machine.RunAsync("/usr/local/lib/baker/run", "step", "repository", "check")).Code);
        Assert.Equal(77, (await vm.Machine.RunAsync("/usr/local/lib/baker/run", "step", "repository", "check")).Code);
    }

    private static async Task Fails(GitLabVm vm, string step, string reason, string path, string what, int code = 503, int bytes = 100)
    {
        await vm.Machine.FaultAsync("gitlab", path, what, -1, code, bytes);
        (await vm.Machine.RunAsync("rm", "-f", "/run/baker/reason")).Require();
        var run = await vm.StepAsync(step);
        Assert.True(run.Code != 0 && vm.Reason == reason, $"{step} with {path} {what}: exit code {run.Code}, reason `{vm.Reason}` instead of `{reason}`\n{run.Words}");
        await vm.Machine.ClearAsync();
    }
}
