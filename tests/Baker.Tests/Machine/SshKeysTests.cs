using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The SSH keys of a spec on a machine that is there, by logins through a real sshd: added, changed, taken away, and never those of others.</summary>
public class SshKeysTests
{
    private const string Home = "/srv/people/debian", Theirs = $"{Home}/.ssh/authorized_keys", Config = "/etc/ssh/sshd_config.d/00-baker.conf";

    [Fact]
    public async Task They_are_those_of_the_spec_and_those_that_others_put_elsewhere_stay()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws" });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gateway");
        // A spec without keys does nothing, also where there is no sshd.
        await GiveAsync(machine);
        Assert.False(machine.Exists(Config));
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        (await machine.RunAsync("sh", "-ec", "apt-get -qy install openssh-server >/dev/null; mkdir -p /srv/people; "
            + $"useradd -m -d {Home} -s /bin/bash debian; systemctl restart ssh; "
            + "mkdir -p /root/k; for k in a b theirs; do ssh-keygen -q -t ed25519 -N '' -C $k@example.com -f /root/k/$k; done")).Require();
        // What cloud-init leaves of a first start, and what somebody or an agent has added since.
        (await machine.RunAsync("sh", "-ec", $"install -d -m 700 -o debian -g debian {Home}/.ssh; cat /root/k/a.pub /root/k/theirs.pub >{Theirs}; chown debian: {Theirs}; chmod 600 {Theirs}")).Require();

        await GiveAsync(machine, "a");
        Assert.Equal("a theirs", await WhoAsync(machine));
        Assert.Equal(machine.Read("/root/k/theirs.pub"), machine.Read(Theirs));
        Assert.Equal("600 debian:debian", (await machine.RunAsync("stat", "-c", "%a %U:%G", Theirs)).Out.Trim());
        Assert.Equal("644 root:root", (await machine.RunAsync("stat", "-c", "%a %U:%G", "/etc/ssh/baker-keys/debian")).Out.Trim());

        await GiveAsync(machine, "a", "b");
        Assert.Equal("a b theirs", await WhoAsync(machine));
        await GiveAsync(machine, "b");
        Assert.Equal("b theirs", await WhoAsync(machine));

        // Somebody's own rule of where keys lie stays in force beside it.
        (await machine.RunAsync("sh", "-ec", $"echo 'AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/site/%u' >/etc/ssh/sshd_config.d/50-site.conf; rm {Config}")).Require();
        await GiveAsync(machine, "b");
        Assert.Equal("AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/site/%u /etc/ssh/baker-keys/%u\n", machine.Read(Config));
        await GiveAsync(machine, "b");
        Assert.Equal("AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/site/%u /etc/ssh/baker-keys/%u\n", machine.Read(Config));
        Assert.Equal("b theirs", await WhoAsync(machine));

        // A file that sshd cannot read is no reason to hold the machine up, or to lock anybody out.
        (await machine.RunAsync("sh", "-ec", "echo Nonsense >/etc/ssh/sshd_config.d/60-broken.conf")).Require();
        await GiveAsync(machine, "a");
        Assert.Equal("sshd does not read ssh.keys\n", machine.Read("/run/baker/notes/ssh-keys"));
        (await machine.RunAsync("rm", "/etc/ssh/sshd_config.d/60-broken.conf")).Require();

        await GiveAsync(machine);
        Assert.Equal("theirs", await WhoAsync(machine));
        Assert.False(machine.Exists("/run/baker/notes/ssh-keys"));
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
