using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Google;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Credentials that are missing, broken or no longer good, before anything is asked of the cloud.</summary>
public sealed class GoogleCredentialsTests : IDisposable
{
    private readonly LoopbackGoogle _google = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_service_accounts_key_gets_a_token()
    {
        _folder.File("key.json", _google.KeyFile);
        var credentials = Credentials(("GOOGLE_APPLICATION_CREDENTIALS", "key.json"));
        Assert.NotEmpty((await credentials.TokenAsync(TestContext.Current.CancellationToken)).Value);
        Assert.Equal("tester@my-project.iam.gserviceaccount.com", await credentials.HolderAsync());
    }

    [Fact]
    public async Task The_file_that_gcloud_wrote_is_found()
    {
        _folder.File("home/.config/gcloud/application_default_credentials.json", """{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}""");
        Assert.Equal("the user who signed in with gcloud", await Credentials(("HOME", $"{_folder.Path}/home")).HolderAsync());
    }

    [Fact]
    public async Task A_revoked_key_is_said_so()
    {
        _folder.File("key.json", _google.KeyFile);
        _google.HasRevokedKey = true;
        await RefusedAsync("invalid_grant: Invalid JWT Signature.", ("GOOGLE_APPLICATION_CREDENTIALS", "key.json"));
    }

    [Fact]
    public Task A_file_that_is_not_there_is_named() => RefusedAsync("nowhere.json, cannot be used: Could not find file", ("GOOGLE_APPLICATION_CREDENTIALS", "nowhere.json"));

    [Theory, InlineData("{}"), InlineData("no JSON"), InlineData("""{"type":"service_account","client_email":"a@b.iam.gserviceaccount.com","private_key":"x"}""")]
    public async Task A_file_that_is_no_credential_is_refused(string content)
    {
        _folder.File("key.json", content);
        await RefusedAsync("key.json, cannot be used", ("GOOGLE_APPLICATION_CREDENTIALS", "key.json"));
    }

    [Fact]
    public async Task A_token_of_another_authority_that_is_not_there_is_said_so()
    {
        _folder.File("federation.json", _google.FederationFile(Path.Combine(_folder.Path, "nowhere")));
        await RefusedAsync("no token from the other authority: ", ("GOOGLE_APPLICATION_CREDENTIALS", "federation.json"));
        await RefusedAsync("nowhere", ("GOOGLE_APPLICATION_CREDENTIALS", "federation.json"));
    }

    [Fact]
    public async Task A_denied_impersonation_keeps_Googles_sentence()
    {
        _folder.File("subject", LoopbackGoogle.SubjectToken);
        _folder.File("federation.json", _google.FederationFile(Path.Combine(_folder.Path, "subject"), impersonates: true));
        await RefusedAsync("PERMISSION_DENIED: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
            ("GOOGLE_APPLICATION_CREDENTIALS", "federation.json"));
    }

    [Fact]
    public async Task A_key_of_another_universe_is_refused()
    {
        _folder.File("key.json", _google.KeyFile.Replace("\"googleapis.com\"", "\"s3nsapis.fr\"", StringComparison.Ordinal));
        await RefusedAsync("is of the universe s3nsapis.fr; Baker knows googleapis.com alone", ("GOOGLE_APPLICATION_CREDENTIALS", "key.json"));
    }

    [Fact]
    public async Task A_token_that_is_handed_in_comes_before_all_else()
    {
        var credentials = Credentials(("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29.given\n"), ("GOOGLE_APPLICATION_CREDENTIALS", "nowhere.json"));
        Assert.Equal("ya29.given", (await credentials.TokenAsync(TestContext.Current.CancellationToken)).Value);
        Assert.Equal("whoever the token in GOOGLE_OAUTH_ACCESS_TOKEN belongs to", await credentials.HolderAsync());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("of-the-file", null)]
    [InlineData("of-the-file", "of-the-environment")]
    public async Task The_project_that_pays_for_the_calls_is_named_at_every_one(string? ofFile, string? ofEnvironment)
    {
        var key = System.Text.Json.Nodes.JsonNode.Parse(_google.KeyFile)!;
        key["quota_project_id"] = ofFile;
        _folder.File("key.json", key.ToJsonString());
        var run = await DoctorAsync(("GOOGLE_APPLICATION_CREDENTIALS", "key.json"), ("GOOGLE_CLOUD_QUOTA_PROJECT", ofEnvironment));
        Assert.StartsWith("ok: project my-project as tester@my-project.iam.gserviceaccount.com\n", run.Out, StringComparison.Ordinal);
        Assert.Equal([ofEnvironment ?? ofFile], _google.UserProjects.Skip(1).Distinct());
    }

    [Fact]
    public async Task A_token_server_that_does_not_answer_is_the_one_that_is_named()
    {
        _folder.File("key.json", _google.KeyFile.Replace($"{_google.Url}token", "http://127.0.0.1:9/token", StringComparison.Ordinal));
        var run = await DoctorAsync(("GOOGLE_APPLICATION_CREDENTIALS", "key.json"));
        Assert.Contains("signing in to Google Cloud: no answer from 127.0.0.1:9: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Without_credentials_the_ways_to_sign_in_are_said() => RefusedAsync("there are no credentials on this machine\n  sign in with `gcloud auth application-default login`", ("NO_GCE_CHECK", "true"));

    public void Dispose()
    {
        _google.Dispose();
        _folder.Dispose();
    }

    private GoogleCredentials Credentials(params (string Name, string Value)[] variables) =>
        new(new Surroundings(name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault(), TimeProvider.System, _folder.Path, _ => { }));

    /// <summary>As a user types it.</summary>
    private async Task<BakerRun> DoctorAsync(params (string Name, string? Value)[] variables)
    {
        _folder.File("baker.yaml", Checkout.Read("examples", "gcp.yaml"));
        _google.Google.Secrets.Plant("projects/my-project/secrets/duo-activation-code", "code"u8.ToArray());
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var time = new VirtualTime();
        var world = new World(TextReader.Null, TextWriter.Synchronized(output), TextWriter.Synchronized(error), _folder.Path, UseColor: false)
        {
            Time = time,
            Variable = name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault() ?? _google.Environment.GetValueOrDefault(name),
        };
        var code = await BakerCli.RunAsync(["doctor"], world, TestContext.Current.CancellationToken);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    private async Task RefusedAsync(string words, params (string Name, string Value)[] variables)
    {
        var refused = await Assert.ThrowsAsync<CloudException>(() => Credentials(variables).TokenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(CloudFailure.NotSignedIn, refused.Failure);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
