using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Aws;

/// <summary>AWS's token service on the loopback device: it knows keys by their names, and as the real one it takes no request that is not signed.</summary>
internal sealed partial class FakeSts : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public FakeSts()
    {
        Url = $"http://127.0.0.1:{LoopbackFiles.FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Each request that was answered, with the key that signed it.</summary>
    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
        var key = Signer().Match(context.Request.Headers["Authorization"] ?? "").Groups[1].Value;
        var (status, answer) = (form["Action"], key) switch
        {
            (_, "") => (403, "<ErrorResponse><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error></ErrorResponse>"),
            ("AssumeRole", _) => (200, Assumed(form["RoleArn"]!)),
            _ => (200, $"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/{key[4..].ToLowerInvariant()}/session</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"),
        };
        if (status == 200)
            Asked.Add($"{form["Action"]} by {key}{(form["RoleArn"] is { } role ? $" of {role}" : "")}{(form["ExternalId"] is { } id ? $" for {id}" : "")}");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: false);
    }

    private static string Assumed(string role) => $"""
        <AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>{role}</Arn><AssumedRoleId>R</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIA{role.Split('/')[1].ToUpperInvariant()}</AccessKeyId>
        <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """;

    [GeneratedRegex("Credential=([A-Z]+)/")]
    private static partial Regex Signer();
}
