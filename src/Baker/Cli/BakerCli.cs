using System.CommandLine;
using Baker.Baking;
using Baker.Cli.Commands;
using Baker.Clouds.Live;

namespace Baker.Cli;

/// <summary>The command line: which commands there are, and what becomes of their failures.</summary>
public static class BakerCli
{
    public static async Task<int> RunAsync(string[] args, World world, CancellationToken cancel)
    {
        try
        {
            return await InvokeAsync(args, world, cancel);
        }
        catch (RefusedException refused)
        {
            await world.Error.WriteLineAsync($"error: {refused.Message}");
            return refused.ExitCode;
        }
        catch (Exception refused) when (refused is CloudException or BakeException)
        {
            await TalkAsync(world, $"error: {refused.Message}");
            return ExitCode.Refused;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A pipe whose reader has gone, a disk that is full, a folder without rights: the system's own sentence names the path.
            await TalkAsync(world, $"error: {e.Message}");
            return ExitCode.Refused;
        }
        catch (OperationCanceledException)
        {
            await TalkAsync(world, "cancelled");
            return ExitCode.Cancelled;
        }
        catch (Exception e)
        {
            await TalkAsync(world, $"This is a bug in baker {VersionText}. Please report it with the command and this text:\n{e}");
            return ExitCode.Bug;
        }
    }

    public static string VersionText => typeof(BakerCli).Assembly.GetName().Version!.ToString(3);

    /// <summary>The tree of commands; the manual's tests walk it too.</summary>
    public static RootCommand Root(World world) => new("Bakes and launches self-configuring GitLab Duo stacks from one spec file.")
    {
        InitCommand.Define(world),
        ValidateCommand.Define(world),
        PlanCommand.Define(world),
        RenderCommand.Define(world),
        BakeCommand.Define(world),
        ImagesCommand.Define(world),
        DiffCommand.Define(world),
        LaunchCommand.Define(world),
        StatusCommand.Define(world),
        VerifyCommand.Define(world),
        StopCommand.Define(world),
        StartCommand.Define(world),
        DestroyCommand.Define(world),
        SecretsCommand.Define(world),
        PolicyCommand.Define(world),
        DoctorCommand.Define(world),
        SchemaCommand.Define(world),
        CompletionCommand.Define(world),
    };

    private static async Task<int> InvokeAsync(string[] args, World world, CancellationToken cancel)
    {
        if (args is ["--version"])
        {
            await world.Out.WriteLineAsync(VersionText);
            return ExitCode.Done;
        }
        var parsed = Root(world).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = world.Out,
            Error = world.Error,
            EnableDefaultExceptionHandler = false,
            // The caller's token is cancelled instead, and ends in its own time: a lock is given back, Packer cleans up.
            ProcessTerminationTimeout = null,
        };
        var code = await parsed.InvokeAsync(configuration, cancel);
        // Not awaited: see Program.cs.
        world.Out.Flush();
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    private static async Task TalkAsync(World world, string text)
    {
        try
        {
            await world.Error.WriteLineAsync(text);
        }
        catch (IOException)
        {
            // Nobody is listening any more; the exit code still speaks.
        }
    }
}
