using Xunit;

namespace Baker.Tests.Machine;

/// <summary>GitLab's VM, whose runner is killed with all it has started: before, in and after each step.</summary>
public class GitLabKilledTests
{
    // What else GitLab keeps in its database: each of these once, however often the steps that make them began.
    private const string Made = """
        puts [User.count, CloudConnector::Keys.all.size, ApplicationSetting.current.signup_enabled,
              User.find_by_username('root').valid_password?(File.read('/root/password').chomp)].join(' ')
        """;

    [Fact]
    public async Task It_ends_as_if_it_had_not_been()
    {
        string[] expected;
        var tls = OwnCertificate.For(GitLabVm.Host);
        await using (var calm = await BootAsync(tls))
        {
            await GatewayDouble.StartAsync(calm.Machine);
            await calm.Machine.ReadyAsync();
            expected = await EndState.OfAsync(calm.Machine);
        }
        await using var vm = await BootAsync(tls);
        string[] steps = ["prepare", "repository", "gitlab-package", "data-volume", "certificate", "reconfigure", "signing-key", "sign-up", "duo"];
        // From now on: the first step is over soon.
        var killer = Killer.RunAsync(vm.Machine, steps, ["dns", "readiness", "gitlab", "licence", "gateway"]);
        await GatewayDouble.StartAsync(vm.Machine);
        var kills = await killer;
        await vm.Machine.ReadyAsync();

        Assert.Equal(expected, await EndState.OfAsync(vm.Machine));
        Assert.Equal("1 1 false true", await vm.RubyAsync(Made));
        // How often the activation code was given is the portal's to count.
        Assert.EndsWith(" " + GitLabDuoTests.SetUp, await vm.RubyAsync(GitLabDuoTests.State), StringComparison.Ordinal);
        Assert.Empty(await vm.FilesWithAsync(GitLabVm.Password));
        // Some are over before their end is met.
        Assert.All(steps, s => Assert.True(kills[s] >= 2, $"{s} was killed {kills[s]} times"));
        Assert.InRange(kills.Values.Sum(), 26, 32);
    }

    private static async Task<GitLabVm> BootAsync(OwnCertificate tls)
    {
        var vm = await GitLabVm.StartAsync(tls: tls);
        await vm.PutAsync("/root/licence", GitLabDuoTests.Code + "\n");
        await vm.BootAsync(vm.Spec("  license: { activation_code: { vm_file: /root/licence } }\n"));
        return vm;
    }
}
