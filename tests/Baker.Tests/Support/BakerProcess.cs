using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Baker.Tests.Support;

/// <summary>The program in a process with a home and an environment of its own.</summary>
/// <param name="Folder">Where it is called, and its home.</param>
/// <param name="Environment">Nothing of whoever runs the tests comes besides.</param>
internal sealed record BakerProcess(string Folder, IEnumerable<KeyValuePair<string, string>> Environment)
{
    /// <summary>As the tests were built with it, unless another is named.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "baker");

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["HOME"] = Folder;
        // The runtime's folder is three levels below that of .NET.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<ToolRun> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, await error);
    }
}
