using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Lab;

/// <summary>A machine that becomes the gateway, with a registry, and around it GitLab, a model server and a licence portal.</summary>
public sealed class GatewayLab : IAsyncDisposable
{
    public const string Tag = "self-hosted-v19.4.1-ee";
    public const string OlderTag = "self-hosted-v19.3.2-ee";
    public const string Address = "10.77.1.20";
    public const string GitLab = "10.77.0.10";
    public const string Models = "10.77.1.30";
    public const string Portal = "203.0.113.7";
    public const string Elsewhere = "203.0.113.9";
    private const string Repository = "gitlab/model-gateway";

    private static readonly Lazy<Task<ToolRun>> Images = new(() =>
        new Tool(Checkout.PathOf("tests", "lab", "gateway", "build")) { TimeLimit = TimeSpan.FromMinutes(10) }.RunAsync());

    private readonly string _layout;

    private GatewayLab(LabMachine machine, string layout) => (Machine, _layout) = (machine, layout);

    public LabMachine Machine { get; }

    public string Image => ImageOf(Tag);

    /// <summary>Where the machine lacks something of this one, the calling test counts as skipped.</summary>
    public static async Task<GatewayLab> StartAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("only root can make machines of namespaces");
        await LabGround.WantedAsync();
        var layout = (await Images.Value).Require().Trim();
        return new GatewayLab(await LabMachine.StartAsync(new()
        {
            Addresses = [Address + "/16"],
            Hosts = [$"{GitLab} gitlab.lab.test", $"{Portal} customers.gitlab.com"],
            Gateway = layout,
            // Docker is real and takes real time, which the limits of the steps must have room for.
            Speed = 5,
        }), layout);
    }

    /// <summary>As the machine pulls it, by tag and digest.</summary>
    public string ImageOf(string tag) => $"{Machine.Offered["registry"]}/{Repository}:{tag}@{DigestOf(tag)}";

    public string DigestOf(string tag) => (string)Machine.Offered["images"]![$"{Repository}:{tag}"]!;

    /// <summary>The manifest behind a tag, as the registry sends it.</summary>
    public string Manifest(string tag) => File.ReadAllText(Path.Combine(_layout, "blobs", "sha256", DigestOf(tag)["sha256:".Length..]));

    /// <param name="image">What follows the repository's name; a tag with its digest when null.</param>
    /// <param name="license">The keys of <c>gitlab.license</c>.</param>
    /// <param name="more">Another section.</param>
    public string Spec(string? image = null, string license = "file: { local_file: ./license }", string gateway = "", string more = "") => $"""
        version: 1
        name: lab
        evaluation: true
        cloud: {"{"} local: {"{}"} {"}"}
        gitlab:
          url: https://gitlab.lab.test
          license: {"{"} {license} {"}"}
          tls:
            certificate:
              cert: {"{"} local_file: ./certificate {"}"}
              key: {"{"} local_file: ./key {"}"}
              ca: |
        {LabSpec.Indented(File.ReadAllText((string)Machine.Offered["site_ca"]!), 8)}
        gateway:
          image: {Repository}{image ?? $":{Tag}@{DigestOf(Tag)}"}
        {gateway}
        ollama: {"{"} models: ["mistral:instruct"] {"}"}
        {more}
        {LabSpec.Mirrors(Machine, $"  gateway_registry: {Machine.Offered["registry"]}\n")}
        """;

    /// <summary>Puts the user-data of a spec in place; the runner starts, or starts anew.</summary>
    /// <returns>The digest by which it names itself.</returns>
    public async Task<string> ApplyAsync(string spec)
    {
        var userData = await LabSpec.RenderAsync(spec, "gateway");
        await Machine.FirstBootAsync(userData);
        await Machine.RunAsync("systemctl", "restart", "baker");
        return userData.Split("digest='")[1].Split('\'')[0];
    }

    /// <summary>Applies a spec and waits until the machine is what it says.</summary>
    public async Task BecomeAsync(string spec)
    {
        var digest = await ApplyAsync(spec);
        await Machine.RunAsync("rm", "-f", "/run/baker/status.json");
        await Machine.RunAsync("systemctl", "restart", "baker");
        await Machine.UntilAsync(s => s.State == "ready" && s.Digest == digest, 600);
    }

    /// <summary>Waits until the container answers.</summary>
    public async Task HealthyAsync() =>
        (await ShellAsync($"for i in {{1..1000}}; do curl -qsf -m 5 http://{Address}:5052/monitoring/healthz && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();

    /// <summary>A command line of bash on the machine.</summary>
    public Task<ToolRun> ShellAsync(string line) => Machine.RunAsync("bash", "-c", line);

    /// <summary>One step, as by hand.</summary>
    public Task<ToolRun> StepAsync(string name) => Machine.RunAsync("/usr/local/lib/baker/run", "step", name);

    /// <summary>A program at the other end of the machine's cable.</summary>
    public async Task<ToolRun> ThereAsync(params string[] command)
    {
        var said = await Machine.AskAsync(new() { ["do"] = "there", ["command"] = new JsonArray([.. command.Select(c => (JsonNode)c)]) });
        return new ToolRun((int)said["code"]!, (string)said["out"]!, (string)said["said"]!);
    }

    /// <summary>A token as GitLab signs it, by the key of that word.</summary>
    public async Task<string> TokenAsync(string word) =>
        GitLabToken.Of((string)(await Machine.AskAsync(new() { ["do"] = "gitlab-key", ["word"] = word }))["pem"]!);

    /// <summary>Asks the model through the gateway, from GitLab's address and with its headers.</summary>
    /// <returns>Status, a space and the body.</returns>
    public async Task<string> CheckAsync(string token, string endpoint = $"http://{Models}:11434/v1")
    {
        var body = $$$"""{"stream":false,"inputs":{},"model_metadata":{"name":"mistral","identifier":"custom_openai/mistral:instruct","endpoint":"{{{endpoint}}}"}}""";
        var run = await ThereAsync("curl", "-qsS", "-m", "20", "--interface", GitLab, "-w", "\n%{http_code}", "-H", "X-Gitlab-Authentication-Type: oidc",
            "-H", $"Authorization: Bearer {token}", "-H", "Content-Type: application/json", "-d", body, $"http://{Address}:5052/v1/prompts/model_configuration%2Fcheck");
        var lines = run.Require().Split('\n');
        return $"{lines[^1]} {string.Join('\n', lines[..^1])}";
    }

    public ValueTask DisposeAsync() => Machine.DisposeAsync();
}
