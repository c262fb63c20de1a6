using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>AWS's token service on the loopback device: it knows keys by their names, and as the real one it takes no request that is not signed.</summary>
internal sealed partial class FakeSts() : LoopbackServer("")
{
    /// <summary>Each request that was answered, with the key that signed it.</summary>
    public List<string> Asked { get; } = [];

    protected override async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
        var key = Signer().Match(context.Request.Headers["Authorization"] ?? "").Groups[1].Value;
        var (status, answer) = (form["Action"], key) switch
        {
            (_, "") => (403, "<ErrorResponse><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error></ErrorResponse>"),
            ("AssumeRole", _) => (200, Assumed(form["RoleArn"]!)),
            _ => (200, $"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/{key[4..].ToLowerInvariant()}/session</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></GetCallerIdentityResponse>"),
        };
        if (status == 200)
            Asked.Add($"{form["Action"]} by {key}{(form["RoleArn"] is { } role ? $" of {role}" : "")}{(form["ExternalId"] is { } id ? $" for {id}" : "")}");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: false);
    }

    private static string Assumed(string role) => $"""
        <AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>{role}</Arn><AssumedRoleId>R</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIA{role.Split('/')[1].ToUpperInvariant()}</AccessKeyId>
        <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></AssumeRoleResponse>
        """;

    [GeneratedRegex("Credential=([A-Z]+)/")]
    private static partial Regex Signer();
}
