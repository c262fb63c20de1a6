using System.Globalization;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>How far machines are, read from their serial ports.</summary>
public sealed class GoogleStatusTests : IDisposable
{
    private readonly GoogleAccountFake _account = new();

    [Fact]
    public async Task A_launch_waits_until_every_console_says_ready_and_status_agrees()
    {
        Assert.Equal(ExitCode.Done, (await _account.RunAsync(_account.Spec, "launch", "--yes", "--no-wait")).Code);
        Say("duo-ollama", "ready", Digest("duo-ollama"));
        Say("duo-gateway", "ready", Digest("duo-gateway"));
        Say("duo-gitlab", "running", Digest("duo-gitlab"));
        var before = await _account.RunAsync(_account.Spec, "status");
        Assert.Equal(ExitCode.Refused, before.Code);
        Assert.Contains("running", before.Out.Split('\n').Single(l => l.StartsWith("duo-gitlab ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Say("duo-gitlab", "ready", Digest("duo-gitlab"));
        var launch = await _account.RunAsync(_account.Spec, "launch", "--yes");
        Assert.True(launch.Code == ExitCode.Done, launch.Error);
        Assert.Contains("gcloud secrets versions access latest --project my-project --secret baker-duo-root-password", launch.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await _account.RunAsync(_account.Spec, "status")).Code);
    }

    [Fact]
    public async Task A_line_of_older_user_data_is_not_believed()
    {
        Assert.Equal(ExitCode.Done, (await _account.RunAsync(_account.Spec, "launch", "--yes", "--no-wait")).Code);
        foreach (var name in new[] { "duo-gitlab", "duo-gateway", "duo-ollama" })
            Say(name, "ready", "000000000000");
        var status = await _account.RunAsync(_account.Spec, "status");
        Assert.Equal(ExitCode.Refused, status.Code);
        Assert.DoesNotContain("ready", status.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _account.Dispose();

    private FakeThing Machine(string name) => _account.Google.Compute.Things.Single(t => t.Kind == "instances" && t.Name == name);

    private string Digest(string name) =>
        Machine(name).Body["metadata"]!["items"]!.AsArray().Single(i => i!["key"]!.ToString() == "baker-digest")!["value"]!.ToString();

    private void Say(string name, string state, string digest) => Machine(name).Serial.Append(string.Create(CultureInfo.InvariantCulture,
        $$"""{{"\n"}}BAKER {"role":"{{name[4..]}}","step":"all","state":"{{state}}","try":1,"boot":"b","digest":"{{digest}}","at":"{{_account.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"}{{"\n"}}"""));
}
