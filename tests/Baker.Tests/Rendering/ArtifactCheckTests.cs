using Baker.Rendering;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>What a spec put in is read back before anybody gets it; a template that loses something cannot go unnoticed.</summary>
public class ArtifactCheckTests
{
    private const string Values = "role='x'\n";

    private const string Good = """
        #cloud-config
        ssh_authorized_keys:
        - "ssh-ed25519 AAAA somebody"
        runcmd:
        - ["/usr/local/lib/baker/boot"]
        write_files:
        - path: /etc/baker/values
          permissions: '0600'
          content: |
            role='x'

        """;

    [Fact]
    public void What_is_whole_passes() => ArtifactCheck.UserData(Good, Values, ["ssh-ed25519 AAAA somebody"]);

    [Theory]
    [InlineData("#cloud-config\n", "", "header")]
    [InlineData("#cloud-config\n", "#cloud-config \n", "header")]
    [InlineData("    role='x'\n", "    role='y'\n", "values")]
    [InlineData("    role='x'\n", "    role='x'\n    y='z'\n", "values")]
    [InlineData("    role='x'\n", "", "values")]
    [InlineData("/etc/baker/values", "/etc/baker/value", "values")]
    [InlineData("/boot\"]\n", "/boot\"]\n- [/bin/true]\n", "one command")]
    [InlineData("- [\"/usr/local/lib/baker/boot\"]\n", "  []\n", "one command")]
    [InlineData("AAAA somebody", "AAAB somebody", "SSH keys")]
    [InlineData("somebody\"\n", "somebody\"\n- \"ssh-ed25519 BBBB\"\n", "SSH keys")]
    [InlineData("ssh_authorized_keys:\n- \"ssh-ed25519 AAAA somebody\"\n", "", "SSH keys")]
    public void What_is_broken_is_refused(string right, string wrong, string why)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var broken = Good.Replace(right, wrong, StringComparison.Ordinal);
        Assert.Contains(why, Refusal(broken).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_file_from_a_spec_is_refused() => Refusal(Good + "- path: /etc/passwd\n  content: x\n");

    private static InvalidOperationException Refusal(string text) =>
        Assert.Throws<InvalidOperationException>(() => ArtifactCheck.UserData(text, Values, ["ssh-ed25519 AAAA somebody"]));
}
