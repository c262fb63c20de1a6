using System.Runtime.InteropServices;
using CliWrap;

namespace Baker.Baking;

/// <summary>The program <c>packer</c>: finds it, looks at its version, runs it in the rendered folder.</summary>
public sealed partial class PackerCli
{
    /// <summary>The first whose builders are plugins that <c>packer init</c> fetches; the rendered files ask for it too.</summary>
    private static readonly Version Oldest = new(1, 10, 0);

    private const string HowToGet =
        "HashiCorp has it at https://developer.hashicorp.com/packer/install: a package for Debian, Ubuntu and Fedora, or one file to put "
            + "on PATH (distributions' own packages are too old)";

    private readonly string _program;

    private PackerCli(string program) => _program = program;

    /// <exception cref="BakeException">There is none on PATH, or it is too old.</exception>
    public static async Task<PackerCli> OpenAsync(string? path, CancellationToken cancel)
    {
        var program = Find(path, "packer") ?? throw new BakeException(
            $"packer is not on PATH, and images are built by Packer {Oldest} or newer\n  {HowToGet}");
        var packer = new PackerCli(program);
        var words = new List<string>();
        await packer.RunAsync("/", ["version"], words.Add, cancel);
        var version = words.Select(w => VersionLine().Match(w)).FirstOrDefault(m => m.Success)
            ?? throw new BakeException($"{program} does not say its version\n  {HowToGet}");
        var found = Version.Parse(version.Groups[1].Value);
        return found >= Oldest ? packer : throw new BakeException(
            $"{program} is Packer {found}, and {Oldest} or newer is needed\n  {HowToGet}");
    }

    /// <summary>A program on PATH; null when there is none.</summary>
    public static string? Find(string? path, string program) =>
        (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs Packer to its end. Cancelled, it is asked to stop, and cleans up before it does.</summary>
    /// <param name="onLine">Each line of either output, one at a time.</param>
    /// <returns>Packer's exit code.</returns>
    public async Task<int> RunAsync(string folder, IReadOnlyList<string> arguments, Action<string> onLine, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var turn = new Lock();
        void Hear(string line)
        {
            lock (turn)
                onLine(line);
        }

        using var running = CliWrap.Cli.Wrap(_program).WithArguments(arguments).WithWorkingDirectory(folder)
            // No question to the vendor whether there is a newer one, and no colours in a log.
            .WithEnvironmentVariables(e => e.Set("CHECKPOINT_DISABLE", "1").Set("PACKER_NO_COLOR", "1"))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(Hear)).WithStandardErrorPipe(PipeTarget.ToDelegate(Hear))
            .WithValidation(CommandResultValidation.None).ExecuteAsync(CancellationToken.None);
        await using var stop = cancel.Register(() => Terminate(running.ProcessId));
        return (await running).ExitCode;
    }

    // Packer runs in a child of the process that was started, which hands on this signal and no other. On Windows Ctrl-C reaches it by the
    // console.
    private static void Terminate(int process)
    {
        const int Sigterm = 15;
        if (!OperatingSystem.IsWindows())
            _ = Kill(process, Sigterm);
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    [System.Text.RegularExpressions.GeneratedRegex(@"\APacker v([0-9]+\.[0-9]+\.[0-9]+)")]
    private static partial System.Text.RegularExpressions.Regex VersionLine();
}
