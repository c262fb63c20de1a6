using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Baker.Cli;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Verifying;

/// <summary>A launched stack in memory whose GitLab is a server on the loopback device.</summary>
internal sealed class VerifyRig : IAsyncDisposable
{
    public const string Host = "gitlab.example.com";

    private readonly SiteAuthority _authority = new();
    private LoopbackSite? _site;

    private VerifyRig(string spec)
    {
        Spec = spec;
        Time = new HeldTime(Account.Time);
    }

    public MemoryAccount Account { get; } = new();

    public HeldTime Time { get; }

    public string Spec { get; set; }

    /// <summary>What the name leads to.</summary>
    public IPAddress[] Found { get; set; } = [IPAddress.Parse("203.0.113.7")];

    /// <summary>What is there to be asked of the environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public SiteAuthority Authority => _authority;

    public LoopbackSite Site => _site ?? throw new InvalidOperationException("no server");

    /// <summary>A stack that is ready, with a GitLab that answers, and whose authority is in the spec.</summary>
    public static async Task<VerifyRig> StartAsync(Func<string, string>? change = null, bool launched = true)
    {
        var spec = Checkout.Read("examples", "aws.yaml");
        var rig = new VerifyRig("");
        rig.Spec = change?.Invoke(spec) ?? spec;
        if (launched)
        {
            var launch = await rig.Account.RunAsync(rig.Spec, "launch", "--yes", "--no-wait");
            Assert.True(launch.Code == ExitCode.Done, launch.Error);
            foreach (var role in new[] { "gitlab", "gateway", "ollama" })
                rig.Say(role, "ready");
        }
        return rig;
    }

    /// <summary>GitLab shows this certificate; a good one when null.</summary>
    public void Serve(Func<SiteRequest, Task<SiteReply>>? answer = null, X509Certificate2? certificate = null, bool speaksTls = true) =>
        _site = new LoopbackSite(!speaksTls ? null : certificate ?? _authority.Issue(Host), answer ?? (r => Task.FromResult(Page(r))));

    public static SiteReply Page(SiteRequest request) => request.Line switch
    {
        "GET /users/sign_in" => new(200, "<title>Sign in</title>", "text/html"),
        "GET /.well-known/openid-configuration" => new(200, $$"""{"issuer":"https://{{Host}}","jwks_uri":"https://{{Host}}/oauth/discovery/keys"}"""),
        _ => new(404, "404", "text/html"),
    };

    /// <summary>The newest line on a VM's console.</summary>
    public void Say(string role, string state, string step = "model", string? reason = null, string? done = null, string? note = null)
    {
        var machine = Account.Machines[$"duo-{role}"];
        var at = Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var more = (reason is null ? "" : $"\"reason\":\"{reason}\",") + (done is null ? "" : $"\"done\":\"{done}\",") + (note is null ? "" : $"\"note\":\"{note}\",");
        Account.Consoles[machine.Name] =
            $$"""BAKER {"role":"{{role}}","step":"{{step}}","state":"{{state}}",{{more}}"try":1,"boot":"b","digest":"{{machine.UserDataDigest}}","at":"{{at}}"}""" + "\n";
    }

    /// <summary>The command as a user types it; the test's authority is trusted unless it says otherwise.</summary>
    public async Task<BakerRun> RunAsync(bool trusts, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", Spec);
        folder.File("ca.pem", _authority.Pem);
        var world = new World(TextReader.Null, output, error, folder.Path, UseColor: false)
        {
            Time = Time,
            Open = Account.Open,
            Variable = Variables.GetValueOrDefault,
            Lookup = (name, _) => Task.FromResult(name == Host ? Found : []),
            Connect = ConnectAsync,
        };
        string[] trust = trusts ? ["--ca", "ca.pem"] : [];
        var code = await BakerCli.RunAsync(["verify", "baker.yaml", .. trust, .. arguments], world, TestContext.Current.CancellationToken);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    public Task<BakerRun> RunAsync(params string[] arguments) => RunAsync(trusts: true, arguments);

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        Account.Dispose();
        _authority.Dispose();
    }

    /// <summary>Every address is the server's; without one nobody listens.</summary>
    private async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancel)
    {
        if (_site is null)
            throw new SocketException((int)SocketError.ConnectionRefused);
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _site.Port, cancel);
        return client.GetStream();
    }
}
