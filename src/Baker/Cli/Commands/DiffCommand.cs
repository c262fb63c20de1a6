using System.Collections.Immutable;
using System.CommandLine;
using Baker.Cli.Logs;

namespace Baker.Cli.Commands;

/// <summary><c>baker diff</c>: what a launch would do now, and nothing of it done.</summary>
internal static class DiffCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print it as JSON, which `launch --expect` takes" };
        var command = new Command("diff", "Ask the cloud what a launch would do, and change nothing; ends with 4 when that is something.")
        {
            spec, json,
        };
        var options = new LaunchOptions(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var session = StackSession.Open(world, parsed.GetRequiredValue(spec), json: false);
            if (session is null)
                return ExitCode.SpecWrong;
            var draft = await LaunchDraft.OfAsync(session, options.Read(parsed), waits: true, cancel);
            return Print(world, session, draft, parsed.GetValue(json));
        });
        return command;
    }

    /// <returns><see cref="ExitCode.Refused"/> where a launch could not succeed.</returns>
    public static int Print(World world, StackSession session, LaunchDraft draft, bool json)
    {
        if (json)
            DiffJson.Of(session.Plan, draft).Write(world.Out);
        else
            draft.Print(world.Out, session);
        foreach (var problem in json ? [] : draft.Problems)
            world.Out.WriteLine($"  problem: {problem}");
        return draft.Problems.Length > 0 ? ExitCode.Refused : draft.Changes.IsEmpty ? ExitCode.Done : ExitCode.Different;
    }
}
