using System.CommandLine;
using Baker.Diagnostics;
using Baker.Stack.Roles.Versions;

namespace Baker.Cli.Commands;

/// <summary><c>baker validate</c>: everything there is to say about a spec.</summary>
internal static class ValidateCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print the report as JSON on standard output" };
        var command = new Command("validate", "Check a spec and report every problem at once.") { spec, json };
        command.SetAction(parsed => Run(world, parsed.GetRequiredValue(spec), parsed.GetValue(json)));
        return command;
    }

    private static int Run(World world, string path, bool json)
    {
        if (json)
        {
            var read = SpecFile.Read(world, path);
            world.Out.Write(DiagnosticJson.Write(read.Source, read.Diagnostics));
            return read.HasErrors ? ExitCode.SpecWrong : ExitCode.Done;
        }
        if (!SpecFile.TryRead(world, path, out _))
            return ExitCode.SpecWrong;
        world.Error.WriteLine($"{path} is valid, its versions as far as was known on {FactTable.Releases.Date}");
        world.Error.WriteLine($"next: baker render {path}");
        return ExitCode.Done;
    }
}
