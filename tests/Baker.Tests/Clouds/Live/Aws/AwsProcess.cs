using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The program as a process with a home and an environment of its own: the AWS SDK looks into both by itself.</summary>
internal sealed class AwsProcess : IDisposable
{
    /// <summary>What the tests were built with, and the one file that users have.</summary>
    public const string Built = "built", Native = "native";

    private readonly TemporaryFolder _home = new();
    private readonly string _program;

    public AwsProcess(string program, string? profile = null)
    {
        _program = program == Native ? NativeProgram.Wanted() : Path.Combine(AppContext.BaseDirectory, "baker");
        _home.File("baker.yaml", profile is null ? Example : Example.Replace("region: ap-south-1", $"region: ap-south-1, profile: {profile}", StringComparison.Ordinal));
    }

    // A region in which no other test makes anything.
    private static string Example { get; } = Checkout.Read("examples", "aws.yaml").Replace("region: ap-northeast-1", "region: ap-south-1", StringComparison.Ordinal);

    public Dictionary<string, string> Environment { get; } = [];

    public void Write(string name, string text) => _home.File(name, text);

    public Task<ToolRun> RunAsync(params string[] arguments) => new BakerProcess(_home.Path, Environment) { Program = _program }.RunAsync(arguments);

    public void Dispose() => _home.Dispose();
}
