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
        Assert.NotEmpty(await credentials.TokenAsync(TestContext.Current.CancellationToken));
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
    public Task Without_credentials_the_ways_to_sign_in_are_said() => RefusedAsync("there are no credentials on this machine\n  sign in with `gcloud auth application-default login`", ("NO_GCE_CHECK", "true"));

    public void Dispose()
    {
        _google.Dispose();
        _folder.Dispose();
    }

    private GoogleCredentials Credentials(params (string Name, string Value)[] variables) =>
        new(new Surroundings(name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault(), TimeProvider.System, _folder.Path, _ => { }));

    private async Task RefusedAsync(string words, params (string Name, string Value)[] variables)
    {
        var refused = await Assert.ThrowsAsync<CloudException>(() => Credentials(variables).TokenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(CloudFailure.NotSignedIn, refused.Failure);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
