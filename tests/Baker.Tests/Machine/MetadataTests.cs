using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Who on a VM may ask the cloud's metadata service, and so have the VM's identity. By packets, to a service that answers.</summary>
public class MetadataTests
{
    private const string Service = "169.254.169.254";

    [Theory]
    [InlineData("git", "git")]
    [InlineData("git, registry", "git,registry")]
    public async Task An_account_that_the_spec_names_may_ask_it_too(string named, string open)
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws", Addresses = ["10.77.1.30/24"] });
        await machine.FirstFilesAsync(LabSpec.Aws(machine).Replace("instance_profile: duo-gitlab", $"instance_profile: duo-gitlab\n  metadata_for: [{named}]", StringComparison.Ordinal), "gitlab");
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        // GitLab's package makes them later.
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "metadata-filter")).Require();
        string[] accounts = ["git", "registry", "gitlab-www", "nobody"];
        (await machine.RunAsync("sh", "-ec", "for account in git registry gitlab-www; do useradd -r $account; done")).Require();
        foreach (var account in accounts)
            Assert.Equal(7, await AsAsync(account));

        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "metadata-filter")).Require();
        await OpenAsync();
        // At each boot it is so before anything of Baker's runs.
        await machine.CrashAsync();
        (await machine.RunAsync("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do systemctl is-active -q metadata-firewall && exit; /usr/bin/sleep 1; done; exit 1")).Require();
        await OpenAsync();

        async Task OpenAsync()
        {
            Assert.Equal(0, await AsAsync("root"));
            foreach (var account in accounts)
                Assert.Equal(open.Split(',').Contains(account) ? 0 : 7, await AsAsync(account));
        }

        async Task<int> AsAsync(string account) =>
            (await machine.RunAsync("runuser", "-u", account, "--", "curl", "-qsS", "-o", "/dev/null", "-m", "8", $"http://{Service}/")).Code;
    }

    [Theory]
    [InlineData("aws", "gitlab")]
    [InlineData("aws", "gateway")]
    [InlineData("gcp", "gitlab")]
    [InlineData("gcp", "ollama")]
    public async Task Root_alone_may_ask_it(string cloud, string role)
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = cloud, Addresses = ["10.77.1.30/24"] });
        await machine.FirstFilesAsync(cloud == "aws" ? LabSpec.Aws(machine) : LabSpec.Google(machine), role);
        (await machine.RunAsync("sh", "-ec", "for account in git ollama ec2-instance-connect; do useradd -r $account; done")).Require();
        // Google's name server, at the same address.
        (await machine.RunAsync("systemd-run", "-q", "-p", "Restart=always", "--unit=names", "python3", "-m", "http.server", "53", "--bind", Service)).Require();
        (await machine.RunAsync("sh", "-c", $"for i in 1 2 3 4 5 6 7 8 9 10; do curl -qs -o /dev/null -m 2 http://{Service}:53/ && exit; /usr/bin/sleep 0.5; done; exit 1")).Require();
        foreach (var account in new[] { "root", "git", "ollama", "nobody", "ec2-instance-connect" })
            Assert.Equal(0, await AsAsync(account, 80));

        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "metadata-filter")).Require();
        await ClosedAsync();
        foreach (var account in new[] { "git", "ollama", "nobody" })
            Assert.Equal(0, await AsAsync(account, 53));

        // At each boot it is so before anything of Baker's runs.
        await machine.CrashAsync();
        (await machine.RunAsync("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do systemctl is-active -q metadata-firewall && exit; /usr/bin/sleep 1; done; exit 1")).Require();
        await ClosedAsync();

        // An account that is not on the VM is not needed.
        (await machine.RunAsync("userdel", "ec2-instance-connect")).Require();
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "metadata-filter")).Require();
        Assert.Equal(0, await AsAsync("root", 80));
        Assert.DoesNotContain(",", machine.Read("/etc/baker/metadata.nft").Split("skuid")[1], StringComparison.Ordinal);

        async Task ClosedAsync()
        {
            foreach (var account in new[] { "root", "ec2-instance-connect" })
                Assert.Equal(0, await AsAsync(account, 80));
            foreach (var account in new[] { "git", "ollama", "nobody" })
                Assert.Equal(7, await AsAsync(account, 80));
        }

        // 7: refused, at once.
        async Task<int> AsAsync(string account, int port) =>
            (await machine.RunAsync("runuser", "-u", account, "--", "curl", "-qsS", "-o", "/dev/null", "-m", "8", $"http://{Service}:{port}/")).Code;
    }
}
