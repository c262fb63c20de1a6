using System.Net;
using System.Security.Cryptography;
using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Tests.Lab;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>
/// The chain as one: a GitLab VM that has set itself up, the gateway's stand-in that verifies GitLab's tokens by the keys it fetches from it, and
/// Ollama's stand-in with a pulled model; and <c>verify --ask</c> from outside. All three on one machine, each at its own address. GitLab's versions are
/// those whose interfaces are known, and one above them, with names and a probe that nobody has heard of; the licences are of each kind.
/// </summary>
public class ChainTests
{
    private const string Gateway = "10.77.1.20";
    private const string Ollama = "10.77.1.30";

    [Fact, Trait("tier", "all")]
    public Task So_it_does_on_the_oldest() =>
        A_question_goes_through_GitLab_and_the_gateway_to_the_model_and_its_answer_comes_back("17.9.8", "self-hosted-v17.9.2-ee", "file", "add_ons: duo_enterprise=1");

    [Theory]
    [InlineData("19.4.4", null, "activation_code", "LAB-c4nary-1")]
    [InlineData("19.5.0", "self-hosted-v19.5.0-ee", "activation_code", "LAB-CREDITS")]
    [InlineData("18.9.6", "self-hosted-v18.9.6-ee", "file", "add_ons: duo_enterprise=1")]
    public async Task A_question_goes_through_GitLab_and_the_gateway_to_the_model_and_its_answer_comes_back(string version, string? image, string kind, string licence)
    {
        var (ca, cert, key) = StackAuthority.Make("desk", GitLabVm.Host, DateTimeOffset.UtcNow);
        await using var vm = await GitLabVm.StartAsync(tls: new OwnCertificate(cert, key, ca));
        var machine = vm.Machine;
        var spec = vm.Spec($"  license: {{ {kind}: {{ vm_file: /root/licence }} }}\n", version) + (image is null ? "" : $"\ngateway: {{ image: 'gitlab/model-gateway:{image}' }}\n");
        // A file is longer than a code.
        await vm.PutAsync("/root/licence", licence + "\n" + (kind == "file" ? new string('x', 200) + "\n" : ""));
        await vm.BootAsync(spec);
        await StartOllamaAsync(machine);
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "gateway" });
        await StartGatewayAsync(vm);
        await machine.ReadyAsync();

        var token = await vm.RubyAsync("print User.find_by_username('root').personal_access_tokens.create!(name: 'verify', scopes: ['api'], expires_at: Date.today + 1).token");
        var run = await VerifyAsync(machine, spec, token);
        Assert.EndsWith("✓ question              asked as root, answered\n\nA stand-in has no answer to 24 characters.\n", run.Out, StringComparison.Ordinal);
        foreach (var row in new[] { "name", "port", "certificate", "sign-in page", "own URL", "gitlab VM", "licence", "model", "features", "seats", "connection check" })
            Assert.Contains($"\n✓ {row} ", "\n" + run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(token, run.Out + run.Error, StringComparison.Ordinal);

        // The gateway verifies: by a key that it has not fetched from GitLab, nobody is believed until it looks again.
        await vm.RubyAsync("Gitlab::Rails.database.replace('cloud_connector_keys', []); CloudConnector::Keys.create_new_key!");
        run = await VerifyAsync(machine, spec, token);
        Assert.Contains("✗ question              asked as root: I'm sorry, I can't generate a response. Please try again. Error code: A1001", run.Out, StringComparison.Ordinal);
        Assert.Contains("Signature verification failed", (await machine.RunAsync("journalctl", "--no-pager", "-u", "gateway-stand-in")).Out, StringComparison.Ordinal);
        (await machine.RunAsync("systemctl", "restart", "gateway-stand-in")).Require();
        await HealthyAsync(machine);
        Assert.Contains("✓ question ", (await VerifyAsync(machine, spec, token)).Out, StringComparison.Ordinal);
    }

    private static async Task<BakerRun> VerifyAsync(LabMachine machine, string spec, string token)
    {
        using var account = new MemoryAccount();
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", spec);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var line = ConsoleLine.In(machine.Console).Last();
        account.Machines["desk-gitlab"] = new VirtualMachine("desk-gitlab", "1", MachineState.Running, "desk", "desk", "10.77.1.10", null, "image", line.Digest, DateTimeOffset.UnixEpoch);
        account.Consoles["desk-gitlab"] = machine.Console;
        var world = new World(TextReader.Null, output, error, folder.Path, UseColor: false)
        {
            Open = account.Open,
            Variable = name => name == "GITLAB_TOKEN" ? token : null,
            Lookup = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            Connect = (addresses, port, _) => InNetwork.ConnectAsync(machine.Root, new IPEndPoint(addresses[0], port)),
        };
        var code = await BakerCli.RunAsync(["verify", "baker.yaml", "--ask", "What is a merge request?"], world, TestContext.Current.CancellationToken);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    private static async Task StartOllamaAsync(LabMachine machine)
    {
        (await machine.RunAsync("ip", "address", "add", $"{Ollama}/32", "dev", "lo")).Require();
        (await machine.FeedAsync(await File.ReadAllTextAsync(Checkout.PathOf("tests", "lab", "ollama", "bin", "ollama")), "sh", "-c", "cat >/root/ollama")).Require();
        // A model as Ollama keeps it; a stand-in never reads what it is made of.
        const string Model = """
            set -e
            mkdir -p /root/.ollama/models/blobs /root/.ollama/models/manifests/registry.ollama.ai/library/mistral
            cd /root/.ollama/models
            echo weights >w && w=$(sha256sum <w | cut -c 1-64) && mv w "blobs/sha256-$w"
            echo '{}' >c && c=$(sha256sum <c | cut -c 1-64) && mv c "blobs/sha256-$c"
            printf '{"schemaVersion":2,"config":{"digest":"sha256:%s","size":3},"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:%s","size":8}]}' "$c" "$w" \
                >manifests/registry.ollama.ai/library/mistral/instruct
            """;
        (await machine.RunAsync("bash", "-c", Model)).Require();
        await UnitAsync(machine, "ollama-stand-in", "/root", "python3 /root/ollama serve", "HOME=/root", $"OLLAMA_HOST={Ollama}:11434");
        (await machine.RunAsync("sh", "-c", $"for i in $(/usr/bin/seq 100); do curl -qsf -m 5 http://{Ollama}:11434/v1/models >/dev/null && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();
    }

    private static async Task StartGatewayAsync(GitLabVm vm)
    {
        var machine = vm.Machine;
        (await machine.RunAsync("sh", "-c", $"ip address add {Gateway}/32 dev lo; echo 127.0.0.1 {GitLabVm.Host} >>/etc/hosts; mkdir -p /root/gateway")).Require();
        await vm.PutAsync("/root/site.pem", vm.Tls.Ca);
        foreach (var path in Directory.EnumerateFiles(Checkout.PathOf("tests", "lab", "gateway", "app"), "*.py"))
            await vm.PutAsync($"/root/gateway/{Path.GetFileName(path)}", await File.ReadAllTextAsync(path));
        using var rsa = RSA.Create(2048);
        var own = rsa.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal);
        string[] environment =
        [
            $"AIGW_GITLAB_URL=https://{GitLabVm.Host}:9443", $"AIGW_CUSTOMER_PORTAL_URL=https://{GitLabVm.Host}:9443", "AIGW_FASTAPI__API_PORT=5052", "AIGW_CUSTOM_MODELS__ENABLED=true",
            "REQUESTS_CA_BUNDLE=/root/site.pem", $"AIGW_SELF_SIGNED_JWT__SIGNING_KEY={own}", $"AIGW_SELF_SIGNED_JWT__VALIDATION_KEY={own}",
        ];
        await UnitAsync(machine, "gateway-stand-in", "/root/gateway", "python3 /root/gateway/serve.py", environment);
        await HealthyAsync(machine);
    }

    private static async Task HealthyAsync(LabMachine machine) => (await machine.RunAsync(
        "sh", "-c", $"for i in $(/usr/bin/seq 100); do curl -qsf -m 5 http://{Gateway}:5052/monitoring/healthz && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();

    private static async Task UnitAsync(LabMachine machine, string name, string folder, string command, params string[] environment)
    {
        var unit = $"[Service]\nWorkingDirectory={folder}\nExecStart=/usr/bin/{command}\n{string.Concat(environment.Select(e => $"Environment=\"{e.Replace("\\", "\\\\", StringComparison.Ordinal)}\"\n"))}";
        (await machine.FeedAsync(unit, "sh", "-c", $"cat >/etc/systemd/system/{name}.service && systemctl daemon-reload && systemctl start {name}")).Require();
    }
}
