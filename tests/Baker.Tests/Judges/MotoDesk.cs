using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>A folder with a spec in it and one region of moto behind it: where a command is typed, for one test.</summary>
internal sealed class MotoDesk(MotoServer moto, string region) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Region => region;

    public string Folder => _folder.Path;

    /// <summary>The folder, below this one, that is a command's PATH; null: nothing is on it.</summary>
    public string? Programs { get; init; }

    public void Spec(string text) => Write("baker.yaml", text);

    public void Write(string name, string text) => _folder.File(name, text);

    public string Read(string name) => _folder.Read(name);

    public async Task<BakerRun> RunUntilAsync(CancellationToken cancel, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var world = new World(TextReader.Null, TextWriter.Synchronized(output), TextWriter.Synchronized(error), Folder, UseColor: false) { Variable = Variable, User = () => "tests" };
        var code = await BakerCli.RunAsync(arguments, world, cancel);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    public Task<BakerRun> RunAsync(params string[] arguments) => RunUntilAsync(TestContext.Current.CancellationToken, arguments);

    /// <summary>Runs a command that has to end well.</summary>
    /// <returns>All that it said.</returns>
    public async Task<string> DoneAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', arguments)}: exit code {run.Code}\n{run.Error}");
        return run.Out + run.Error;
    }

    /// <summary>The user-data for one of the stack's machines that <c>render</c> wrote: compressed where it has to be.</summary>
    public byte[] UserData(string role)
    {
        var plain = Path.Combine(Folder, "out", "duo", "cloud-init", $"{role}.yaml");
        return File.ReadAllBytes(File.Exists($"{plain}.gz") ? $"{plain}.gz" : plain);
    }

    public void Dispose() => _folder.Dispose();

    private string? Variable(string name) => name switch
    {
        "PATH" => Programs is null ? null : Path.Combine(Folder, Programs),
        "AWS_ENDPOINT_URL" => moto.Url,
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "t",
        _ => null,
    };
}
