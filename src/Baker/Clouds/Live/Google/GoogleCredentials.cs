using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Application default credentials, looked for where all of Google's tools look: the file that GOOGLE_APPLICATION_CREDENTIALS names, the
/// one that
/// gcloud wrote, then the machine's own service account.
/// </summary>
internal sealed class GoogleCredentials
{
    public const string HowToSignIn = "sign in with `gcloud auth application-default login`, or let GOOGLE_APPLICATION_CREDENTIALS name "
        + "the key file of a service account";

    private const string Doing = "signing in to Google Cloud";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly Lazy<Task<GoogleCredential>> _credential;

    public GoogleCredentials(Surroundings surroundings) => _credential = new(() => FindAsync(surroundings));

    /// <summary>Who the credentials belong to, as far as they say so.</summary>
    public async Task<string> HolderAsync() => (await _credential.Value).UnderlyingCredential switch
    {
        ServiceAccountCredential key => key.Id,
        UserCredential => "the user who signed in with gcloud",
        ComputeCredential => "this machine's service account",
        _ => "an identity from elsewhere",
    };

    /// <exception cref="CloudException">With <see cref="CloudFailure.NotSignedIn"/>: there are no credentials, or they are no longer
    /// good.</exception>
    public async Task<string> TokenAsync(CancellationToken cancel)
    {
        try
        {
            ITokenAccess credential = await _credential.Value;
            return await credential.GetAccessTokenForRequestAsync(cancellationToken: cancel);
        }
        catch (TokenResponseException e)
        {
            throw new CloudException(CloudFailure.NotSignedIn, Doing,
                $"{e.Error?.Error ?? "no token"}: {e.Error?.ErrorDescription ?? "the token endpoint gave no reason"}", HowToSignIn, e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw new CloudException(CloudFailure.NotSignedIn, Doing, e.Message, HowToSignIn, e);
        }
    }

    private static async Task<GoogleCredential> FindAsync(Surroundings surroundings)
    {
        if (surroundings.Variable("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } named)
            return FromFile(surroundings.FullPath(named), "GOOGLE_APPLICATION_CREDENTIALS");
        if (WellKnown(surroundings) is { } path && File.Exists(path))
            return FromFile(path, "gcloud's file");
        if (surroundings.Variable("NO_GCE_CHECK") is not "true" && await ComputeCredential.IsRunningOnComputeEngine())
            return GoogleCredential.FromComputeCredential(new ComputeCredential()).CreateScoped(Scope);
        throw new CloudException(CloudFailure.NotSignedIn, Doing, "there are no credentials on this machine", HowToSignIn);
    }

    private static GoogleCredential FromFile(string path, string origin)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = System.Text.Json.JsonDocument.Parse(stream);
            var type = document.RootElement.TryGetProperty("type", out var value) ? value.GetString() : null;
            return CredentialFactory.FromFile(path, type ?? "").CreateScoped(Scope);
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
