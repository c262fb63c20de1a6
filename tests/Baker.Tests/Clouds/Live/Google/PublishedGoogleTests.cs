using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>The program as users have it, one native file, signed in by a service account's key, over TCP.</summary>
public sealed class PublishedGoogleTests : IDisposable
{
    private readonly LoopbackGoogle _google = new() { WantsToken = true };
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_native_program_looks_launches_and_removes()
    {
        _folder.File("key.json", _google.KeyFile);
        _folder.File("baker.yaml", File.ReadAllText(Checkout.PathOf("examples", "gcp.yaml")));
        _google.Google.Secrets.Plant("projects/my-project/secrets/duo-activation-code", "code"u8.ToArray());
        var before = _google.Google.Inventory().ToArray();
        var baker = Baker("GOOGLE_APPLICATION_CREDENTIALS", "key.json");
        Assert.Contains("ok: project my-project as tester@my-project.iam.gserviceaccount.com", (await baker.RunAsync("doctor")).Require(), StringComparison.Ordinal);
        Assert.Contains("duo-ollama", (await baker.RunAsync("plan")).Require(), StringComparison.Ordinal);
        var launched = await baker.RunAsync("launch", "--yes", "--no-wait");
        launched.Require();
        var password = System.Text.Encoding.UTF8.GetString(_google.Google.Secrets.Value("projects/my-project/secrets/baker-duo-root-password")!);
        Assert.DoesNotContain(password, launched.Words, StringComparison.Ordinal);
        var again = await baker.RunAsync("launch", "--yes", "--no-wait");
        again.Require();
        Assert.Contains("no change", again.Error, StringComparison.Ordinal);
        var status = await baker.RunAsync("status");
        Assert.Equal(3, status.Code);
        (await baker.RunAsync("destroy", "--yes", "--delete-data", "--release-address")).Require();
        Assert.Equal(before, _google.Google.Inventory());
        _google.HasRevokedKey = true;
        var refused = await baker.RunAsync("doctor");
        Assert.Equal(3, refused.Code);
        Assert.Contains("signing in to Google Cloud: invalid_grant: Invalid JWT Signature.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_signs_in_with_an_identity_of_another_authority()
    {
        _folder.File("subject", LoopbackGoogle.SubjectToken);
        _folder.File("federation.json", _google.FederationFile(Path.Combine(_folder.Path, "subject")));
        Assert.Contains("ok: project my-project as an identity from elsewhere", (await DoctorAsync("GOOGLE_APPLICATION_CREDENTIALS", "federation.json")).Words, StringComparison.Ordinal);
        _folder.File("subject", "of nobody");
        var refused = await DoctorAsync("GOOGLE_APPLICATION_CREDENTIALS", "federation.json");
        Assert.Equal(3, refused.Code);
        Assert.Contains("signing in to Google Cloud: invalid_grant: The subject token is not believed.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_machine_of_Googles_it_signs_in_as_that_machine() =>
        Assert.Contains("ok: project my-project as this machine's service account", (await DoctorAsync("GCE_METADATA_HOST", new Uri(_google.Url).Authority)).Words, StringComparison.Ordinal);

    private Task<ToolRun> DoctorAsync(string variable, string value)
    {
        _folder.File("baker.yaml", File.ReadAllText(Checkout.PathOf("examples", "gcp.yaml")));
        return Baker(variable, value).RunAsync("doctor");
    }

    /// <param name="variable">Of the environment, and what says who the program is.</param>
    private Tool Baker(string variable, string value) => new(NativeProgram.Wanted())
    {
        Directory = _folder.Path,
        TimeLimit = TimeSpan.FromMinutes(3),
        // Nothing of whoever runs the tests.
        Environment = _google.Environment.Add("HOME", _folder.Path).Add(variable, value),
    };

    public void Dispose()
    {
        _google.Dispose();
        _folder.Dispose();
    }
}
