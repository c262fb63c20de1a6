using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Baker.Tests.Support;

/// <summary>The program in a process with a home and an environment of its own.</summary>
/// <param name="Folder">Where it is called, and its home.</param>
/// <param name="Environment">Nothing of whoever runs the tests comes besides.</param>
internal sealed record BakerProcess(string Folder, IEnumerable<KeyValuePair<string, string>> Environment)
{
    /// <summary>As the tests were built with it, unless another is named.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "baker");

    private static Tool Env => Tool.Wanted("env", "coreutils");

    public Process Start(params string[] arguments) => Process.Start(Info(arguments))!;

    /// <summary>The same with a standard input to which nobody writes yet. It hears every signal, also where whoever runs the tests hears none.</summary>
    public Process StartWaiting(params string[] arguments)
    {
        var info = Info(arguments);
        info.ArgumentList.Insert(0, "--default-signal=INT,TERM,HUP");
        info.RedirectStandardInput = true;
        return Process.Start(info)!;
    }

    /// <summary>Runs it to its end.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) =>
        (Env with { Directory = Folder, TimeLimit = TimeSpan.FromMinutes(5) }).RunAsync(Alone(arguments));

    /// <summary>The same with these bytes on its standard input.</summary>
    public Task<ToolRun> RunAsync(byte[] input, params string[] arguments) =>
        (Env with { Directory = Folder, TimeLimit = TimeSpan.FromMinutes(5), InputBytes = input }).RunAsync(Alone(arguments));

    private ProcessStartInfo Info(string[] arguments) =>
        new(Env.Path, Alone(arguments)) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };

    private string[] Alone(string[] arguments) =>
        // The runtime's folder is three levels below that of .NET.
        ["-i", $"HOME={Folder}", $"DOTNET_ROOT={Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory())}", .. Environment.Select(v => $"{v.Key}={v.Value}"), Program, .. arguments];
}
