using System.CommandLine;

namespace Baker.Cli.Commands;

/// <summary><c>baker doctor</c>: everything that can be known before a launch, changing nothing.</summary>
internal static class DoctorCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var command = new Command("doctor", "Check credentials, tools, limits and files before a launch; change nothing.") { spec };
        command.SetAction((parsed, cancel) => RunAsync(world, parsed.GetRequiredValue(spec), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, string path, CancellationToken cancel)
    {
        await using var session = StackSession.Open(world, path, json: false);
        if (session is null)
            return ExitCode.SpecWrong;
        var account = await session.Cloud.Account.SignInAsync(cancel);
        world.Out.WriteLine($"ok: {account.Title}");
        var zones = await session.Cloud.Account.ZonesAsync(session.Wanted, cancel);
        if (!zones.IsEmpty)
            world.Out.WriteLine($"ok: everything is offered in {string.Join(", ", zones)}");
        var preflight = await session.Cloud.Account.CheckAsync(session.Wanted, zones, cancel);
        var problems = session.Secrets.Problems().Concat(preflight.Problems).ToArray();
        foreach (var note in preflight.Notes)
            world.Out.WriteLine($"note: {note}");
        foreach (var unseen in preflight.Unchecked)
            world.Out.WriteLine($"not checked: {unseen}");
        if (session.Plan.Machine("gitlab").Value("vendor_hosts") is { Length: > 0 } hosts)
            world.Out.WriteLine($"not checked: whether the GitLab VM will reach {hosts} on port 443 (/h2: by HTTP/2); it tries at every start, and baker verify says what it found");
        foreach (var problem in problems)
            world.Out.WriteLine($"problem: {problem}");
        world.Error.WriteLine(problems.Length == 0 ? $"next: baker launch {path}" : $"{problems.Length} problems stand in the way of a launch");
        return problems.Length == 0 ? ExitCode.Done : ExitCode.Refused;
    }
}
