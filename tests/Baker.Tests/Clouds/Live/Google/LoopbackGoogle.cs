using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Pretended Google on a port of the loopback, with a token endpoint that believes one service account's key.</summary>
internal sealed class LoopbackGoogle : IDisposable
{
    /// <summary>Operations of half a minute are done in a blink.</summary>
    private const double Hurry = 100;

    private const string Account = "tester@my-project.iam.gserviceaccount.com";

    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly HashSet<string> _tokens = [];

    public LoopbackGoogle()
    {
        var port = FreePort();
        Url = $"http://127.0.0.1:{port}/";
        Google = new FakeGoogle(new HurriedTime(Hurry), $"{Url}compute/v1/");
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ServeAsync();
    }

    public FakeGoogle Google { get; }

    /// <summary>Ends with a slash.</summary>
    public string Url { get; }

    /// <summary>True: calls without a token of ours are answered with 401.</summary>
    public bool WantsToken { get; init; }

    /// <summary>The projects that calls name as the ones to pay for them.</summary>
    public List<string?> UserProjects { get; } = [];

    /// <summary>Tokens that somebody else has given out.</summary>
    public void Believe(string token)
    {
        lock (_tokens)
            _tokens.Add($"Bearer {token}");
    }

    /// <summary>The token endpoint believes nobody any more.</summary>
    public bool HasRevokedKey { get; set; }

    /// <summary>A key file as Google's console gives it out.</summary>
    public string KeyFile => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "my-project",
        ["private_key_id"] = "1",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem() + "\n",
        ["client_email"] = Account,
        ["client_id"] = "1",
        ["token_uri"] = $"{Url}token",
        ["universe_domain"] = "googleapis.com",
    }.ToJsonString();

    /// <summary>What another authority says of its own; the file <see cref="FederationFile"/> names holds it.</summary>
    public const string SubjectToken = "eyJ-of-another-authority";

    private const string Audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/ci";

    /// <summary>What `gcloud iam workload-identity-pools create-cred-config` writes.</summary>
    /// <param name="subject">Path of the file with the other authority's token.</param>
    /// <param name="impersonates">It goes on as a service account; nobody may here.</param>
    public string FederationFile(string subject, bool impersonates = false) => new JsonObject
    {
        ["service_account_impersonation_url"] = impersonates ? $"{Url}impersonate" : null,
        ["type"] = "external_account",
        ["audience"] = Audience,
        ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
        ["token_url"] = $"{Url}sts",
        ["credential_source"] = new JsonObject { ["file"] = subject, ["format"] = new JsonObject { ["type"] = "text" } },
        ["universe_domain"] = "googleapis.com",
    }.ToJsonString();

    /// <summary>What leads gcloud, and Baker, here.</summary>
    public ImmutableDictionary<string, string> Environment => ImmutableDictionary<string, string>.Empty
        .Add("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", $"{Url}compute/v1/")
        .Add("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", Url)
        .Add("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", Url)
        .Add("CLOUDSDK_API_ENDPOINT_OVERRIDES_ORGPOLICY", Url)
        .Add("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", Url);

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed: the test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        FakeAnswer answer;
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var path = context.Request.Url!.AbsolutePath;
            // The metadata server's mark, without which nobody believes it.
            context.Response.Headers["Metadata-Flavor"] = "Google";
            lock (_tokens)
                UserProjects.Add(context.Request.Headers["x-goog-user-project"]);
            answer = path == "/token" ? Token(Encoding.UTF8.GetString(body.ToArray()))
                : path == "/sts" ? Exchange(HttpUtility.ParseQueryString(Encoding.UTF8.GetString(body.ToArray())))
                // As IAM Credentials answers: in the form of the newer services, not in OAuth's.
                : path == "/impersonate" ? FakeAnswer.Newer(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).")
                : path == "/" ? FakeAnswer.Ok(new JsonObject())
                : path == "/computeMetadata/v1/instance/service-accounts/default/token" ? (context.Request.Headers["Metadata-Flavor"] == "Google" ? Given() : new FakeAnswer(403, new JsonObject()))
                : WantsToken && !IsKnown(context.Request.Headers["Authorization"]) ? FakeAnswer.Error(401, "authError", "Invalid Credentials")
                : await Google.CallAsync(context.Request.HttpMethod, context.Request.Url, body.ToArray(), CancellationToken.None);
        }
        catch (Exception e)
        {
            answer = FakeAnswer.Error(501, "fake", e.ToString());
        }
        var bytes = Encoding.UTF8.GetBytes(answer.Body.ToJsonString());
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    /// <summary>Google's clients write the endpoint's own name, or what the key file says.</summary>
    private string[] Audiences => ["https://oauth2.googleapis.com/token", $"{Url}token"];

    private bool IsKnown(string? header)
    {
        lock (_tokens)
            return header is not null && _tokens.Contains(header);
    }

    /// <summary>RFC 7523: a token against an assertion that the account's key has signed.</summary>
    private FakeAnswer Token(string form)
    {
        var fields = HttpUtility.ParseQueryString(form);
        var parts = (fields["assertion"] ?? "").Split('.');
        if (HasRevokedKey || fields["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || parts.Length != 3 ||
            !_key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return Refused("Invalid JWT Signature.");
        var claims = JsonNode.Parse(Decode(parts[1]))!;
        if (claims["iss"]?.ToString() != Account || !Audiences.Contains(claims["aud"]?.ToString()) || claims["scope"]?.ToString().Contains("cloud-platform", StringComparison.Ordinal) != true)
            return Refused($"Invalid claims: {claims.ToJsonString()}");
        return Given();
    }

    /// <summary>RFC 8693: a token against one that another authority has given out.</summary>
    private FakeAnswer Exchange(System.Collections.Specialized.NameValueCollection fields) =>
        fields["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange" && fields["audience"] == Audience && fields["subject_token"] == SubjectToken ? Given() : Refused("The subject token is not believed.");

    private FakeAnswer Given()
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_tokens)
            _tokens.Add($"Bearer {token}");
        return FakeAnswer.Ok(new JsonObject
        {
            ["access_token"] = token,
            ["expires_in"] = 3600,
            ["token_type"] = "Bearer",
            ["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
        });
    }

    private static FakeAnswer Refused(string why) => new(400, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = why });

    private static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
