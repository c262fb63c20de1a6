using System.CommandLine;
using Baker.Embedded;

namespace Baker.Cli.Commands;

/// <summary><c>baker completion</c>: a script that lets a shell ask Baker for completions.</summary>
internal static class CompletionCommand
{
    public static Command Define(World world)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "fish", "zsh");
        var command = new Command("completion", "Print a completion script: `source <(baker completion bash)`.") { shell };
        command.SetAction(parsed =>
        {
            world.Out.Write(EmbeddedFiles.Read($"completion/baker.{parsed.GetRequiredValue(shell)}"));
            return ExitCode.Done;
        });
        return command;
    }
}
