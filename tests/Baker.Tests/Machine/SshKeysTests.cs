using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The SSH keys of a spec on a machine that is there, by logins through a real sshd: added, changed, taken away, and never those of others.</summary>
public class SshKeysTests
{
    private const string Home = "/srv/people/debian", Theirs = $"{Home}/.ssh/authorized_keys", Had = "/var/lib/baker/ssh-keys";

    [Fact]
    public async Task They_are_those_of_the_spec_and_those_that_others_put_beside_them_stay()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws" });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gateway");
        // A spec without keys does nothing, also where there is no sshd.
        await GiveAsync(machine);
        Assert.False(machine.Exists(Had));
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        // sshd of OpenSSH 9.8 and later shuts an address out that was refused a few times in a row (sshd_config(5), PerSourcePenalties).
        (await machine.RunAsync("sh", "-ec", "apt-get -qy install openssh-server >/dev/null; mkdir -p /srv/people /root/k; "
            + "echo PerSourcePenalties no >/etc/ssh/sshd_config.d/refused-often.conf; systemctl restart ssh; "
            + "for k in a b theirs; do ssh-keygen -q -t ed25519 -N '' -C $k@example.com -f /root/k/$k; done")).Require();
        // Without the account it holds nobody up, and goes on when that is there.
        await GiveAsync(machine, "a");
        Assert.Equal("ssh.keys do not reach debian\n", machine.Read("/run/baker/notes/ssh-keys"));
        (await machine.RunAsync("useradd", "-m", "-d", Home, "-s", "/bin/bash", "debian")).Require();
        await GiveAsync(machine, "a");
        Assert.False(machine.Exists("/run/baker/notes/ssh-keys"));
        Assert.Equal("a", await WhoAsync(machine));

        // What cloud-init leaves of a first start, and what somebody or an agent has added since.
        (await machine.RunAsync("sh", "-ec", $"rm {Had}; cat /root/k/a.pub /root/k/theirs.pub >{Theirs}; chown debian: {Theirs}; chmod 600 {Theirs}")).Require();
        await GiveAsync(machine, "a");
        Assert.Equal("a theirs", await WhoAsync(machine));
        Assert.Equal(machine.Read("/root/k/theirs.pub") + machine.Read("/root/k/a.pub"), machine.Read(Theirs));
        Assert.Equal("600 debian:debian", (await machine.RunAsync("stat", "-c", "%a %U:%G", Theirs)).Out.Trim());

        await GiveAsync(machine, "a", "b");
        Assert.Equal("a b theirs", await WhoAsync(machine));
        // Cut off before it was written down.
        (await machine.RunAsync("cp", "/root/k/a.pub", Had)).Require();
        await GiveAsync(machine, "a", "b");
        Assert.Equal(3, machine.Read(Theirs).TrimEnd('\n').Split('\n').Length);
        await GiveAsync(machine, "b");
        Assert.Equal("b theirs", await WhoAsync(machine));

        // The account's own link leads nobody else astray.
        (await machine.RunAsync("sh", "-ec", $"echo keep >/root/other; runuser -u debian -- sh -c 'mv {Theirs} {Home}/real; ln -s /root/other {Theirs}'")).Require();
        await GiveAsync(machine, "a");
        Assert.Equal("keep\n", machine.Read("/root/other"));
        (await machine.RunAsync("mv", "-fT", $"{Home}/real", Theirs)).Require();
        await GiveAsync(machine, "a");

        await GiveAsync(machine);
        Assert.Equal("theirs", await WhoAsync(machine));
    }

    /// <summary>A spec with these keys reaches the machine, as every changed spec does.</summary>
    private static async Task GiveAsync(LabMachine machine, params string[] names)
    {
        var keys = names.Select(n => machine.Read($"/root/k/{n}.pub").TrimEnd('\n'));
        var spec = LabSpec.Aws(machine) + (names.Length == 0 ? "" : $"\nssh: {{ from: [192.0.2.0/24], keys: ['{string.Join("', '", keys)}'] }}\n");
        await machine.FirstFilesAsync(spec, "gateway");
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "ssh-keys")).Require();
    }

    private static async Task<string> WhoAsync(LabMachine machine)
    {
        var may = new List<string>();
        foreach (var name in new[] { "a", "b", "theirs" })
        {
            var run = await machine.RunAsync("ssh", "-i", $"/root/k/{name}", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "debian@127.0.0.1", "true");
            Assert.True(run.Code == 0 || run.Words.Contains("Permission denied", StringComparison.Ordinal), run.Words);
            if (run.Code == 0)
                may.Add(name);
        }
        return string.Join(' ', may);
    }
}
