using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What must not be in an image: removed where that can be, else the image is refused.</summary>
public class SealTests
{
    private const string Script = "/opt/seal.sh";

    private const string Homes = "/home";

    /// <summary>Each leftover, and the word by which it is named.</summary>
    private static readonly (string Path, string Content, string Named)[] Leftovers =
    [
        ("/etc/gitlab/gitlab-secrets.json", "{}", "secrets of GitLab"),
        ("/var/opt/gitlab/bootstrapped", "", "set up"),
        ("/var/opt/gitlab/postgresql/data/PG_VERSION", "16", "database"),
        ("/etc/gitlab/initial_root_password", "Password: x", "root password"),
        ("/etc/gitlab/ssl/gitlab.example.com.key", "key", "key or certificate of a site"),
        ("/etc/gitlab/ssl/gitlab.example.com.crt", "certificate", "key or certificate of a site"),
        ("/etc/baker/gateway/AIGW_SELF_SIGNED_JWT__SIGNING_KEY", "key", "keys of the gateway"),
        ("/etc/baker/values", "address=10.77.1.30", "values of a VM"),
        ("/usr/share/ollama/.ollama/id_ed25519", "key", "identity of Ollama"),
        ("/etc/ssh/ssh_host_ed25519_key", "key", "host keys of SSH"),
        ("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA packer", "keys that may log in"),
        (Homes + "/builder/.ssh/authorized_keys", "ssh-ed25519 AAAA packer", "keys that may log in"),
        ("/var/lib/cloud/instances/i-0/user-data.txt", "#cloud-config", "cloud-init's state"),
        ("/var/lib/cloud/seed/nocloud/user-data", "#cloud-config", "cloud-init's state"),
        ("/root/.bash_history", "curl", "history of a shell"),
        (Homes + "/builder/.zsh_history", "curl", "history of a shell"),
        ("/var/lib/apt/lists/mirror_dists_trixie_InRelease", "Origin", "apt's lists"),
        ("/etc/machine-id", "0123456789abcdef0123456789abcdef\n", "machine id"),
        ("/srv/site/tls.pem", "x\n-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n", "private key"),
    ];

    [Fact]
    public async Task Each_leftover_refuses_the_image_and_a_sealed_machine_has_none()
    {
        await using var machine = await LabMachine.StartAsync(new());
        await WriteAsync(machine, Script, Checkout.Read("templates", "packer", "seal.sh"));
        (await machine.RunAsync("bash", Script)).Require();
        foreach (var (path, content, named) in Leftovers)
        {
            await WriteAsync(machine, path, content);
            var run = await machine.RunAsync("bash", Script, "check");
            Assert.Equal(1, run.Code);
            Assert.Contains(run.Error.Split('\n'), l => l.StartsWith("the image is refused: ", StringComparison.Ordinal)
                && l.Contains(named, StringComparison.Ordinal) && path.StartsWith(l[(l.LastIndexOf(' ') + 1)..], StringComparison.Ordinal));
            (await machine.RunAsync("bash", "-c", path == "/etc/machine-id" ? $": >{path}" : $"rm -f {path}; rm -rf /var/lib/cloud/instances/* /var/lib/cloud/seed/*")).Require();
            (await machine.RunAsync("bash", Script, "check")).Require();
        }
        // What the seal itself removes is gone when it is run once more on a machine that has all of it; what it cannot know is refused.
        foreach (var (path, content, _) in Leftovers)
            await WriteAsync(machine, path, content);
        var sealedAgain = await machine.RunAsync("bash", Script);
        Assert.Equal(1, sealedAgain.Code);
        foreach (var removed in new[] { "/etc/baker/values", "/etc/ssh/ssh_host_ed25519_key", "/root/.ssh/authorized_keys", Homes + "/builder/.zsh_history", "/usr/share/ollama/.ollama/id_ed25519", "/var/lib/cloud/instances" })
            Assert.False(machine.Exists(removed), removed);
        Assert.Contains("secrets of GitLab", sealedAgain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kernel_without_the_driver_refuses_an_image_for_a_GPU()
    {
        await using var machine = await LabMachine.StartAsync(new());
        await WriteAsync(machine, Script, Checkout.Read("templates", "packer", "seal.sh"));
        await WriteAsync(machine, "/etc/baker/values", "role='ollama'\ngpu='nvidia'\n");
        await WriteAsync(machine, "/boot/vmlinuz-6.14.0-1018-aws", "kernel");
        await WriteAsync(machine, "/boot/vmlinuz-6.8.0-1040-aws", "kernel");
        var run = await machine.RunAsync("bash", Script);
        Assert.Equal(1, run.Code);
        Assert.Contains("no NVIDIA module for the kernel that boots: 6.14.0-1018-aws", run.Error, StringComparison.Ordinal);
        // The values, which said so, are gone now; the question is not asked where no GPU is wanted.
        (await machine.RunAsync("env", "gpu=none", "bash", Script)).Require();
    }

    private static async Task WriteAsync(LabMachine machine, string path, string content) =>
        (await machine.FeedAsync(content, "bash", "-c", $"mkdir -p \"$(dirname {path})\" && cat >{path}")).Require();
}
