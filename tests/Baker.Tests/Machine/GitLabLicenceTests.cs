using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Licences that are not enough: each is named by a sentence, and the next one goes on from there, without a restart and without a second of anything.</summary>
public class GitLabLicenceTests
{
    private const string Counts = """
        d = Gitlab::Rails.database
        puts [d.rows('licenses').size, d.rows('add_on_assignments').size, d.rows('self_hosted_models').size, d.rows('personal_access_tokens').count { |t| !t['revoked'] }].join(' ')
        """;

    [Fact]
    public async Task A_file_without_Duo_without_seats_or_with_enough()
    {
        await using var vm = await GitLabVm.StartAsync();
        var machine = vm.Machine;
        await vm.PutAsync("/root/licence", File("duo_core=5"));
        await vm.BootAsync(vm.Spec("  license: { file: { vm_file: /root/licence } }\nduo: { seats: [root, alice] }\n"));
        await GatewayDouble.StartAsync(machine);
        await machine.UntilAsync(s => s is { State: "failed", Reason: "licence" }, 300);
        Assert.Contains("duo: this licence does not allow models of one's own: ultimate, offline, add-ons: DUO_CORE. An offline licence needs GitLab Duo Enterprise", await JournalAsync(machine), StringComparison.Ordinal);
        Assert.Equal("1 0 0 0", await vm.RubyAsync(Counts));

        (await machine.FeedAsync(File("duo_enterprise=1"), "baker-activate")).Require();
        // Somebody who has not signed in yet holds up nothing.
        await machine.ReadyAsync(300);
        await machine.HeardAsync("\"note\":\"no user yet: alice");
        Assert.Contains("duo: note: no user yet: alice.", await JournalAsync(machine), StringComparison.Ordinal);
        Assert.Equal("2 1 1 0", await vm.RubyAsync(Counts));

        await vm.RubyAsync($"u = User.new('alice', 'alice@desk.test'); u.password = '{GitLabVm.Password}'; raise u.errors.join unless u.save");
        await machine.SkipAsync(300);
        await machine.UntilAsync(s => s is { Step: "seats", State: "failed", Reason: "seats" }, 300);
        Assert.Contains("NO_SEATS_AVAILABLE", await JournalAsync(machine), StringComparison.Ordinal);

        // What has been done is looked at again meanwhile, such as a key that was renewed.
        await vm.PutAsync("/root/tls.key", OwnCertificate.For(GitLabVm.Host).Key);
        await machine.UntilAsync(s => s is { Step: "certificate", State: "failed", Reason: "certificate" }, 300);
        await vm.PutAsync("/root/tls.key", vm.Tls.Key);
        await machine.UntilAsync(s => s is { State: "failed", Reason: "seats" }, 300);

        (await machine.FeedAsync(File("duo_enterprise=2"), "baker-activate")).Require();
        await machine.ReadyAsync(300);
        Assert.Equal("3 2 1 0", await vm.RubyAsync(Counts));
        Assert.Equal("activate: no", await vm.RubyAsync("puts \"activate: #{Gitlab::Rails.database.rows('licenses').any? { |l| l['data'].start_with?('code') } ? 'yes' : 'no'}\""));

        // A second boot finds all of it, and makes nothing.
        await machine.CrashAsync();
        await GatewayDouble.StartAsync(machine);
        await machine.UntilAsync(s => s.State == "ready" && s.Boot == machine.Read("/proc/sys/kernel/random/boot_id").Trim(), 300);
        Assert.Equal("3 2 1 0", await vm.RubyAsync(Counts));
    }

    [Fact]
    public async Task A_spec_that_names_one_while_it_is_waited_for_reaches_the_machine()
    {
        await using var vm = await GitLabVm.StartAsync(hasSeed: true);
        var machine = vm.Machine;
        await vm.BootAsync();
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" }, 300);

        await vm.PutAsync("/root/licence", GitLabDuoTests.Code + "\n");
        var userData = await LabSpec.RenderAsync(vm.Spec("  license: { activation_code: { vm_file: /root/licence } }\n"), "gitlab");
        await machine.WriteDiskAsync(1, "cidata", ("user-data", userData), ("meta-data", "instance-id: i-1\n"));
        await machine.SkipAsync(300);
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "gateway" } && userData.Contains($"digest='{s.Digest}'", StringComparison.Ordinal), 300);
        await GatewayDouble.StartAsync(machine);
        await machine.ReadyAsync();
        Assert.Equal($"1 {GitLabDuoTests.SetUp}", await vm.RubyAsync(GitLabDuoTests.State));
    }

    /// <summary>A licence file is longer than a code, and GitLab enters it without its add-ons.</summary>
    private static string File(string addOns) => $"add_ons: {addOns}\n{new string('x', 200)}\n";

    private static async Task<string> JournalAsync(LabMachine machine) => (await machine.RunAsync("journalctl", "-u", "baker", "--no-pager", "-o", "cat")).Out;
}
