using System.CommandLine;
using System.Text;
using Baker.Planning;

namespace Baker.Cli.Commands;

/// <summary><c>baker plan</c>: what would be made, with every default filled in.</summary>
internal static class PlanCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print the plan as JSON" };
        var command = new Command("plan", "Show what would be made, with every default filled in.") { spec, json };
        command.SetAction(parsed => Run(world, parsed.GetRequiredValue(spec), parsed.GetValue(json)));
        return command;
    }

    private static int Run(World world, string path, bool json)
    {
        if (!SpecFile.TryRead(world, path, out var file))
            return ExitCode.SpecWrong;
        if (json)
            world.Out.Write(Encoding.UTF8.GetString(PlanJson.Write(file.Plan!).Span));
        else
            PlanPrinter.Print(world.Out, file.Plan!);
        return ExitCode.Done;
    }
}
