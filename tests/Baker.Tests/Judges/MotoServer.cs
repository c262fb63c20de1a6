using System.Diagnostics;
using System.Net;
using System.Xml.Linq;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(MotoServer))]

namespace Baker.Tests.Judges;

/// <summary>moto, the emulator of AWS, on a port of the loopback device: one for all tests that want it, started by the first. Each test has a region of its own.</summary>
public sealed class MotoServer : IDisposable
{
    /// <summary>The one image of Fixtures/moto/amis.json, Canonical's.</summary>
    public const string StockImage = "ami-0000000000000a001";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;

    public string Url { get; private set; } = "";

    /// <summary>Starts the server once; where it is not installed, the calling test counts as skipped.</summary>
    public async Task WantedAsync()
    {
        var program = Tool.Wanted("moto_server", "none; it is on PyPI as moto[server]");
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null)
                await StartAsync(program.Path);
        }
        finally
        {
            _turn.Release();
        }
    }

    public AmazonEC2Client Ec2(string region) =>
        new(new BasicAWSCredentials("t", "t"), new AmazonEC2Config { ServiceURL = Url, AuthenticationRegion = region });

    /// <summary>Puts the licence's activation code into a region, which the example's GitLab wants.</summary>
    public async Task PutLicenceAsync(string region)
    {
        using var ssm = new AmazonSimpleSystemsManagementClient(new BasicAWSCredentials("t", "t"), new AmazonSimpleSystemsManagementConfig { ServiceURL = Url, AuthenticationRegion = region });
        await ssm.PutParameterAsync(new PutParameterRequest { Name = "/duo/activation-code", Value = "code", Type = ParameterType.SecureString, Overwrite = true });
    }

    /// <summary>A public zone of Route 53, which knows no regions.</summary>
    public async Task MakeZoneAsync(string name)
    {
        XNamespace doc = "https://route53.amazonaws.com/doc/2013-04-01/";
        await SendAsync("route53", $"{Url}/2013-04-01/hostedzone", new StringContent(new XElement(doc + "CreateHostedZoneRequest", new XElement(doc + "Name", name), new XElement(doc + "CallerReference", name)).ToString()));
    }

    /// <summary>An inline policy of a role; null: there is none.</summary>
    public async Task<string?> RolePolicyAsync(string role, string policy)
    {
        var answer = await SendAsync("iam", Url, Form("GetRolePolicy", ("RoleName", role), ("PolicyName", policy)), HttpStatusCode.NotFound);
        return XElement.Parse(answer).Descendants().FirstOrDefault(e => e.Name.LocalName == "PolicyDocument") is { } document ? Uri.UnescapeDataString(document.Value) : null;
    }

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
        _turn.Dispose();
    }

    private async Task StartAsync(string program)
    {
        var port = LoopbackServer.FreePort();
        var start = new ProcessStartInfo(program, ["-H", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "moto", "site");
        // With the fields that moto asks for. A date is not among those that it can read.
        start.Environment["MOTO_AMIS_PATH"] = Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "moto", "amis.json");
        _process = Process.Start(start)!;
        // Nobody reads a line per request; but a full pipe would stop the server.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Url = $"http://127.0.0.1:{port}";
        using var http = new HttpClient();
        var began = Stopwatch.StartNew();
        while (!await AnswersAsync(http))
        {
            Assert.True(began.Elapsed < StartLimit && !_process.HasExited, "moto_server does not answer");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        await MakeProfileAsync();
    }

    /// <summary>The instance profile that the example's GitLab has, and its role. IAM knows no regions.</summary>
    private async Task MakeProfileAsync()
    {
        await SendAsync("iam", Url, Form("CreateInstanceProfile", ("InstanceProfileName", "duo-gitlab")));
        await SendAsync("iam", Url, Form("CreateRole", ("RoleName", "duo-gitlab"), ("AssumeRolePolicyDocument", "{}")));
        await SendAsync("iam", Url, Form("AddRoleToInstanceProfile", ("InstanceProfileName", "duo-gitlab"), ("RoleName", "duo-gitlab")));
    }

    private static FormUrlEncodedContent Form(string action, params (string Name, string Value)[] values) =>
        new([KeyValuePair.Create("Action", action), .. values.Select(v => KeyValuePair.Create(v.Name, v.Value)), KeyValuePair.Create("Version", "2010-05-08")]);

    private static async Task<string> SendAsync(string service, string url, HttpContent content, HttpStatusCode? fine = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = content };
        // moto reads the service out of the signature, and believes every signature.
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == fine, text);
        return text;
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync(new Uri($"{Url}/moto-api/"), TestContext.Current.CancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
