using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Looks for secrets in everything that a machine has written: files, journal, /run, /tmp and the console.</summary>
internal static class Canaries
{
    public static async Task NoneAsync(LabMachine machine, params string[] secrets)
    {
        (await machine.RunAsync("journalctl", "--sync")).Require();
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, machine.Console, StringComparison.Ordinal);
            Assert.Equal("", await FoundAsync(machine, secret));
        }
        // That the search finds what is there.
        (await machine.FeedAsync("planted-" + secrets[0], "bash", "-c", "cat >/tmp/planted")).Require();
        Assert.Equal("/tmp/planted\n", await FoundAsync(machine, secrets[0]));
    }

    private static async Task<string> FoundAsync(LabMachine machine, string secret) =>
        (await machine.FeedAsync(secret + "\n", "grep", "-rlaFs", "-f", "-", "/etc", "/var", "/run", "/tmp", "/root", "/srv", "/usr/local", "/usr/share/ollama")).Out;
}
