using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Secrets reach the step that needs them, and nothing else.</summary>
public class SecretTests
{
    private const string Canary = "canary-7f3a-Tr1ckY'\"$\\ value";

    [Fact]
    public async Task A_parameter_of_aws_is_fetched_with_a_signature_and_every_refusal_has_its_reason()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws" });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gitlab");
        (await machine.RunAsync("bash", "-c", Script("trust extra", "$extra_ca"))).Require();
        await machine.SetAsync(new JsonObject { ["secrets"] = new JsonObject { ["/duo/one"] = new JsonArray(Canary) }, ["denied"] = new JsonArray("/duo/no") });
        Assert.Equal(Canary, await SecretAsync(machine, "aws_parameter:/duo/one"));
        Assert.Equal("1", await VersionAsync(machine, "aws_parameter:/duo/one"));
        await machine.SetAsync(new JsonObject { ["secrets"] = new JsonObject { ["/duo/one"] = new JsonArray(Canary, "next") } });
        Assert.Equal("2", await VersionAsync(machine, "aws_parameter:/duo/one"));
        Assert.Equal("next", await SecretAsync(machine, "aws_parameter:/duo/one"));

        Assert.Equal("secret-missing", await ReasonAsync(machine, "aws_parameter:/duo/two"));
        Assert.Equal("secret-denied", await ReasonAsync(machine, "aws_parameter:/duo/no"));
        await machine.FaultAsync("ssm", "*", "status", times: 1);
        Assert.Equal("http-5xx", await ReasonAsync(machine, "aws_parameter:/duo/one"));
        await machine.SetAsync(new JsonObject { ["role"] = "" });
        Assert.Equal("identity", await ReasonAsync(machine, "aws_parameter:/duo/one"));
        await machine.SetAsync(new JsonObject { ["role"] = "duo-role" });
        // A clock that is an hour off: AWS refuses the signature.
        var wrong = await machine.RunAsync("env", "LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "FAKETIME=+1h", "bash", "-c", Script("secret", "aws_parameter:/duo/one"));
        Assert.NotEqual(0, wrong.Code);
        Assert.Equal("metadata", machine.Read("/run/baker/reason").Trim());
        await Canaries.NoneAsync(machine, Canary, "lab+secret/key", "lab-session-token==");
    }

    [Fact]
    public async Task A_secret_of_google_is_fetched_with_the_token_of_the_machine()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "gcp" });
        await machine.FirstFilesAsync(LabSpec.Google(machine), "gitlab");
        (await machine.RunAsync("bash", "-c", Script("trust extra", "$extra_ca"))).Require();
        const string name = "projects/my-project/secrets/duo";
        await machine.SetAsync(new JsonObject { ["secrets"] = new JsonObject { [name] = new JsonArray("old", Canary) }, ["denied"] = new JsonArray("projects/my-project/secrets/no") });
        Assert.Equal(Canary, await SecretAsync(machine, "gcp_secret:" + name));
        Assert.EndsWith("/versions/2", await VersionAsync(machine, "gcp_secret:" + name), StringComparison.Ordinal);
        Assert.Equal("secret-missing", await ReasonAsync(machine, "gcp_secret:projects/my-project/secrets/two"));
        Assert.Equal("secret-denied", await ReasonAsync(machine, "gcp_secret:projects/my-project/secrets/no"));
        await machine.FaultAsync("secretmanager", "*", "reset", times: 1, bytes: -1);
        Assert.Equal("network", await ReasonAsync(machine, "gcp_secret:" + name));
        await Canaries.NoneAsync(machine, Canary, "lab-session-token==");
    }

    [Fact]
    public async Task A_file_of_the_second_disk_or_of_the_machine_is_read_where_only_root_looks()
    {
        await using var machine = await LabMachine.StartAsync(new() { Disks = ["16M"] });
        await machine.FirstFilesAsync(LabSpec.Local(machine), "gitlab");
        Assert.Equal("secret-missing", await ReasonAsync(machine, "local_file:license"));
        await machine.WriteDiskAsync(0, "baker-secrets", ("license", Canary));
        Assert.Equal(Canary, await SecretAsync(machine, "local_file:license"));
        Assert.Equal(64, (await VersionAsync(machine, "local_file:license")).Length);
        Assert.Equal("700", (await machine.RunAsync("stat", "-c", "%a", "/run/baker/private")).Out.Trim());
        Assert.Equal("secret-missing", await ReasonAsync(machine, "local_file:other"));
        (await machine.FeedAsync(Canary, "bash", "-c", "umask 077; mkdir /srv/own; cat >/srv/own/file")).Require();
        Assert.Equal(Canary, await SecretAsync(machine, "vm_file:/srv/own/file"));
        Assert.Equal("secret-missing", await ReasonAsync(machine, "vm_file:/srv/none"));
        (await machine.RunAsync("umount", "/run/baker/private/disk")).Require();
        (await machine.RunAsync("rm", "-r", "/srv/own")).Require();
        await Canaries.NoneAsync(machine, Canary);
    }

    internal static string Script(string function, string reference) =>
        $"set -euo pipefail; lib=/usr/local/lib/baker run=/run/baker; mkdir -p $run; step() {{ :; }}; . /etc/baker/values; . $lib/lib.sh; . $lib/base.sh; . $lib/cloud.sh; [[ ! -e $lib/secrets.sh ]] || . $lib/secrets.sh; rm -f $run/reason; {function}{(reference.Length == 0 ? "" : reference[0] == '$' ? $" \"{reference}\"" : $" '{reference}'")}";

    private static async Task<string> SecretAsync(LabMachine machine, string reference) => (await machine.RunAsync("bash", "-c", Script("secret", reference))).Require();

    private static async Task<string> VersionAsync(LabMachine machine, string reference) => (await machine.RunAsync("bash", "-c", Script("secret_version", reference))).Require().Trim();

    private static async Task<string> ReasonAsync(LabMachine machine, string reference)
    {
        Assert.NotEqual(0, (await machine.RunAsync("bash", "-c", Script("secret", reference))).Code);
        return machine.Read("/run/baker/reason").Trim();
    }
}
