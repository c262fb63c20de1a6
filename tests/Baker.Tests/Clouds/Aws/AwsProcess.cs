using System.Runtime.InteropServices;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Aws;

/// <summary>The program as a process with a home and an environment of its own: the AWS SDK looks into both by itself.</summary>
internal sealed class AwsProcess : IDisposable
{
    /// <summary>What the tests were built with, and the one file that users have.</summary>
    public const string Built = "built", Native = "native";

    private readonly TemporaryFolder _home = new();
    private readonly string _program;

    public AwsProcess(string program, string? profile = null)
    {
        _program = program == Native ? Checkout.PathOf("dist", "baker") : Path.Combine(AppContext.BaseDirectory, "baker");
        // One that was made from older code would be judged by what it cannot know.
        if (!File.Exists(_program) || File.GetLastWriteTimeUtc(_program) < File.GetLastWriteTimeUtc(typeof(BakerCli).Assembly.Location) && program == Native)
            Assert.Skip("there is no native program, or it is older than the code: ./build makes it");
        _home.File("baker.yaml", profile is null ? Example : Example.Replace("region: ap-northeast-1", $"region: ap-northeast-1, profile: {profile}", StringComparison.Ordinal));
    }

    private static string Example { get; } = Checkout.Read("examples", "aws.yaml");

    public Dictionary<string, string> Environment { get; } = [];

    public void Write(string name, string text) => _home.File(name, text);

    public Task<ToolRun> RunAsync(params string[] arguments)
    {
        // The runtime's folder is three levels below that of .NET.
        var dotnet = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        var env = Tool.Wanted("env", "coreutils") with { Directory = _home.Path };
        return env.RunAsync(["-i", $"HOME={_home.Path}", $"DOTNET_ROOT={dotnet}", .. Environment.Select(v => $"{v.Key}={v.Value}"), _program, .. arguments]);
    }

    public void Dispose() => _home.Dispose();
}
