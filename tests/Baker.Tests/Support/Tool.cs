using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Baker.Tests.Support;

/// <summary>A program of the machine that the tests run on, and how to call it.</summary>
public sealed record Tool(string Path)
{
    // Administrators' programs are not on everybody's PATH.
    private static readonly string[] AlsoHere = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    public static readonly ImmutableDictionary<string, string> NoEnvironment = ImmutableDictionary<string, string>.Empty;

    public string Input { get; init; } = "";

    /// <summary>Instead of <see cref="Input"/>, where that is no text.</summary>
    public byte[]? InputBytes { get; init; }

    public string Directory { get; init; } = Checkout.Root;

    public ImmutableDictionary<string, string> Environment { get; init; } = NoEnvironment;

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    public static Tool? Find(string name) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(AlsoHere)
            .Select(folder => System.IO.Path.Combine(folder, name)).Where(File.Exists).Select(path => new Tool(path)).FirstOrDefault();

    /// <summary>The program; where it is missing, the calling test counts as skipped.</summary>
    public static Tool Wanted(string name, string package)
    {
        if (Find(name) is { } tool)
            return tool;
        Assert.Skip($"{name} is not here; Debian has it in the package {package}");
        throw new InvalidOperationException("a skipped test went on");
    }

    /// <exception cref="TimeoutException">The program did not end; it is killed with all it started.</exception>
    public async Task<ToolRun> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Path, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            // Bytes, not readers: those would swallow a byte order mark.
            await Task.WhenAll(FeedAsync(process, limit.Token), process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token),
                process.StandardError.BaseStream.CopyToAsync(error, limit.Token), process.WaitForExitAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{this.Path} {string.Join(' ', args)} did not end within {TimeLimit}");
        }
        return new ToolRun(process.ExitCode, Text(output), Text(error));
    }

    private async Task FeedAsync(Process process, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(InputBytes ?? Encoding.UTF8.GetBytes(Input), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it, and its exit code says whether that is well.
        }
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.ToArray());
}
