using System.Net;
using System.Net.Sockets;
using Baker.Cli;
using Baker.Stack.Roles.Versions;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Baker.Tests.Verifying;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary>What <c>doctor</c> says of versions, against registries on the loopback device.</summary>
public sealed class DoctorVersionTests : IDisposable
{
    private readonly SiteAuthority _authority = new();
    private readonly MemoryAccount _account = new();

    // With an authority its user-data has no room on AWS: Ollama's VM fetches the rest, by that identity.
    private string Trust => $"mirrors: {{ ca: \"{_authority.Pem.Replace("\n", "\\n", StringComparison.Ordinal)}\" }}\n";

    public void Dispose()
    {
        _authority.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task Docker_Hub_is_asked_for_the_minor_and_the_line_to_paste_is_printed()
    {
        await using var hub = new LoopbackSite(_authority.Issue("hub.docker.com"), r => Task.FromResult(new SiteReply(200,
            """{"count":3,"next":null,"results":[{"name":"self-hosted-v19.5.2-ee"},{"name":"self-hosted-v19.5.11-ee"},{"name":"self-hosted-v19.5.9-ee"},{"name":"nightly"}]}""")));
        var run = await RunAsync(Spec("19.5.9") + Trust, hub);
        Assert.Equal(ExitCode.SpecWrong, run.Code);
        Assert.Contains("""
            gateway: the newest for GitLab 19.5 at hub.docker.com is self-hosted-v19.5.11-ee; write
              gateway: { image: "gitlab/model-gateway:self-hosted-v19.5.11-ee" }

            """, run.Out, StringComparison.Ordinal);
        Assert.Equal(["GET /v2/repositories/gitlab/model-gateway/tags?page_size=100&name=self-hosted-v19.5."], hub.Asked.Select(a => a.Line));
        // What was printed is what the spec needs.
        var pasted = Spec("19.5.9") + Trust + run.Out.Split('\n')[^2].Trim() + "\n";
        var again = await RunAsync(pasted, hub);
        Assert.Equal(ExitCode.Done, again.Code);
        Assert.Contains("ok: the gateway is self-hosted-v19.5.11-ee, the newest for GitLab 19.5 at hub.docker.com", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_is_asked_with_the_token_that_it_wants_page_by_page()
    {
        await using var mirror = new LoopbackSite(_authority.Issue("registry.example.com"), r => Task.FromResult(Registry(r)));
        var trust = Trust.Replace("{ ca", "{ gateway_registry: registry.example.com/mirror, ca", StringComparison.Ordinal);
        var run = await RunAsync(Spec("19.6.1") + trust, mirror);
        Assert.Contains("gateway: { image: \"gitlab/model-gateway:self-hosted-v19.6.2-ee\" }", run.Out, StringComparison.Ordinal);
        Assert.Equal(
        [
            "GET /v2/mirror/gitlab/model-gateway/tags/list?n=1000",
            "GET /token?service=registry.example.com&scope=repository%3Amirror%2Fgitlab%2Fmodel-gateway%3Apull",
            "GET /v2/mirror/gitlab/model-gateway/tags/list?n=1000",
        ], mirror.Asked.Select(a => a.Line));
    }

    [Fact]
    public async Task A_tag_that_the_registry_does_not_have_stands_in_the_way()
    {
        await using var hub = new LoopbackSite(_authority.Issue("hub.docker.com"), r => Task.FromResult(new SiteReply(200, """{"results":[{"name":"self-hosted-v19.4.1-ee"}]}""")));
        var run = await RunAsync(_account.Spec + Trust + "gateway: { image: 'gitlab/model-gateway:self-hosted-v19.4.7-ee' }\n", hub);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("problem: hub.docker.com has no self-hosted-v19.4.7-ee; the newest for GitLab 19.4 is self-hosted-v19.4.1-ee", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsafe_tags_are_not_advised()
    {
        await using var hub = new LoopbackSite(_authority.Issue("hub.docker.com"), r => Task.FromResult(new SiteReply(200, """{"results":[{"name":"self-hosted-v19.4.0-ee"}]}""")));
        var run = await RunAsync(_account.Spec + Trust, hub);
        Assert.Contains("not checked: tags of the gateway's image: hub.docker.com has no gateway for GitLab 19.4 that is to be advised", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "it was asked too often from here")]
    [InlineData(401, "it wants a login")]
    [InlineData(404, "it has no such image")]
    [InlineData(503, "it answers 503")]
    [InlineData(200, "what it answers is no list of tags")]
    public async Task A_registry_that_does_not_say_is_named_and_nothing_stands_in_the_way(int status, string says)
    {
        await using var hub = new LoopbackSite(_authority.Issue("hub.docker.com"), r => Task.FromResult(new SiteReply(status, "<html>", "text/html")));
        var run = await RunAsync(_account.Spec + Trust, hub);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains($"not checked: tags of the gateway's image: hub.docker.com: {says}", run.Out, StringComparison.Ordinal);
        Assert.Contains("by hand: the tags of Docker Hub/gitlab/model-gateway that begin with self-hosted-v19.4.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_said_too()
    {
        var run = await RunAsync(_account.Spec, null);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("not checked: tags of the gateway's image: hub.docker.com: hub.docker.com has no address here", run.Out, StringComparison.Ordinal);
    }

    [Theory, InlineData(91, true), InlineData(89, false)]
    public async Task Old_tables_are_said(int days, bool said)
    {
        var table = FactTable.All.MinBy(t => t.Date, StringComparer.Ordinal)!;
        var date = DateTimeOffset.ParseExact(table.Date, "yyyy-MM-dd", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var run = await RunAsync(_account.Spec, null, new FixedTime(date.AddDays(days)));
        Assert.Equal(said, run.Out.Contains($"note: what this Baker knows of versions is {days} days old (as of {table.Date})", StringComparison.Ordinal));
    }

    private static SiteReply Registry(SiteRequest request) =>
        request.Line.StartsWith("GET /token?", StringComparison.Ordinal) ? new(200, """{"token":"t0ken"}""")
        : request.Head.Contains("Authorization: Bearer t0ken", StringComparison.OrdinalIgnoreCase) ? new(200, """{"name":"x","tags":["self-hosted-v19.6.0-ee","self-hosted-v19.6.2-ee","self-hosted-v19.5.9-ee"]}""")
        : new(401, "{}", Challenge: "Bearer realm=\"https://registry.example.com/token\",service=\"registry.example.com\",scope=\"repository:mirror/gitlab/model-gateway:pull\"");

    private string Spec(string version) => _account.Spec.Replace("gitlab:\n", $"gitlab:\n  version: {version}\n", StringComparison.Ordinal);

    private async Task<BakerRun> RunAsync(string spec, LoopbackSite? site, TimeProvider? time = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", spec);
        var world = new World(TextReader.Null, output, error, folder.Path, UseColor: false)
        {
            // The account's clock moves by itself, which a real server does not wait for.
            Time = time ?? TimeProvider.System,
            Open = _account.Open,
            Lookup = (_, _) => Task.FromResult<IPAddress[]>(site is null ? [] : [IPAddress.Loopback]),
            Connect = async (_, _, cancel) =>
            {
                var client = new TcpClient { NoDelay = true };
                await client.ConnectAsync(IPAddress.Loopback, site!.Port, cancel);
                return client.GetStream();
            },
        };
        var code = await BakerCli.RunAsync(["doctor", "baker.yaml"], world, TestContext.Current.CancellationToken);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
