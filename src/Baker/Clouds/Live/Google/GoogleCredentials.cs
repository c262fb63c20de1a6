using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// A token that somebody hands in, else application default credentials, looked for where all of Google's tools look: the file that
/// GOOGLE_APPLICATION_CREDENTIALS names, the one that gcloud wrote, then the machine's own service account.
/// </summary>
internal sealed class GoogleCredentials
{
    public const string HowToSignIn = "sign in with `gcloud auth application-default login`, or let GOOGLE_APPLICATION_CREDENTIALS name "
        + "the key file of a service account; a token in GOOGLE_OAUTH_ACCESS_TOKEN is good for an hour";

    /// <summary>A token as it is, such as `gcloud auth print-access-token` prints it; Terraform's provider reads it too.</summary>
    private const string Handed = "GOOGLE_OAUTH_ACCESS_TOKEN";

    private const string Universe = "googleapis.com";

    private const string Doing = "signing in to Google Cloud";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly Lazy<Task<GoogleCredential>> _credential;
    private readonly bool _isHanded;
    private readonly string? _quotaProject;

    public GoogleCredentials(Surroundings surroundings)
    {
        _credential = new(() => FindAsync(surroundings));
        _isHanded = surroundings.Variable(Handed) is { Length: > 0 };
        _quotaProject = surroundings.Variable("GOOGLE_CLOUD_QUOTA_PROJECT") is { Length: > 0 } project ? project : null;
    }

    /// <summary>Who the credentials belong to, as far as they say so.</summary>
    public async Task<string> HolderAsync() => (await _credential.Value).UnderlyingCredential switch
    {
        _ when _isHanded => $"whoever the token in {Handed} belongs to",
        ServiceAccountCredential key => key.Id,
        UserCredential => "the user who signed in with gcloud",
        ComputeCredential => "this machine's service account",
        _ => "an identity from elsewhere",
    };

    /// <exception cref="CloudException">With <see cref="CloudFailure.NotSignedIn"/>: there are no credentials, or they are no longer
    /// good.</exception>
    public async Task<GoogleToken> TokenAsync(CancellationToken cancel)
    {
        try
        {
            var credential = await _credential.Value;
            return new GoogleToken(await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(cancellationToken: cancel),
                _quotaProject ?? credential.QuotaProject);
        }
        catch (TokenResponseException e)
        {
            throw new CloudException(CloudFailure.NotSignedIn, Doing,
                $"{e.Error?.Error ?? "no token"}: {e.Error?.ErrorDescription ?? "the token endpoint gave no reason"}", HowToSignIn, e);
        }
        catch (SubjectTokenException e)
        {
            throw new CloudException(CloudFailure.NotSignedIn, Doing, $"no token from the other authority: {Chain(e)}",
                "is what the credential file names under credential_source there, and may it be read?", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw new CloudException(CloudFailure.NotSignedIn, Doing, e.Message, HowToSignIn, e);
        }
    }

    /// <summary>With what is behind it: the outer sentence says only that it failed.</summary>
    private static string Chain(Exception e) =>
        e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{e.Message.TrimEnd('.')}: {Chain(inner)}" : e.Message;

    private static async Task<GoogleCredential> FindAsync(Surroundings surroundings)
    {
        if (surroundings.Variable(Handed) is { Length: > 0 } token)
            return GoogleCredential.FromAccessToken(token.Trim());
        if (surroundings.Variable("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } named)
            return FromFile(surroundings.FullPath(named), "GOOGLE_APPLICATION_CREDENTIALS");
        if (WellKnown(surroundings) is { } path && File.Exists(path))
            return FromFile(path, "gcloud's file");
        if (surroundings.Variable("NO_GCE_CHECK") is not "true" && await ComputeCredential.IsRunningOnComputeEngine())
            return GoogleCredential.FromComputeCredential(new ComputeCredential()).CreateWithHttpClientFactory(new TokenRequests())
                .CreateScoped(Scope);
        throw new CloudException(CloudFailure.NotSignedIn, Doing, "there are no credentials on this machine", HowToSignIn);
    }

    private static GoogleCredential FromFile(string path, string origin)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = System.Text.Json.JsonDocument.Parse(stream);
            string? Text(string key) => document.RootElement.TryGetProperty(key, out var value) ? value.GetString() : null;
            if (Text("universe_domain") is { } universe and not Universe)
                throw new CloudException(CloudFailure.NotSignedIn, Doing,
                    $"{origin}, {path}, is of the universe {universe}; Baker knows {Universe} alone");
            return CredentialFactory.FromFile(path, Text("type") ?? "").CreateWithHttpClientFactory(new TokenRequests())
                .CreateScoped(Scope);
        }
        catch (Exception e) when (e is not CloudException)
        {
            // The library's exceptions for an unfit file are of many types. None of them repeats a key.
            throw new CloudException(CloudFailure.NotSignedIn, Doing, $"{origin}, {path}, cannot be used: {e.Message}", HowToSignIn, e);
        }
    }

    private static string? WellKnown(Surroundings surroundings)
    {
        const string Name = "application_default_credentials.json";
        if (surroundings.Variable("CLOUDSDK_CONFIG") is { Length: > 0 } folder)
            return Path.Combine(surroundings.FullPath(folder), Name);
        if (surroundings.Variable("APPDATA") is { Length: > 0 } roaming)
            return Path.Combine(roaming, "gcloud", Name);
        return surroundings.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "gcloud", Name) : null;
    }
}

/// <param name="QuotaProject">The project whose quota and bill the calls are; null: the one that is asked.</param>
internal readonly record struct GoogleToken(string Value, string? QuotaProject);
