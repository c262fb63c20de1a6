using System.CommandLine;
using System.Text;
using System.Text.Json;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Stack;

namespace Baker.Cli.Commands;

/// <summary><c>baker secrets</c>: which secrets the stack has, where each lies and whether it is there; and a way to store one.</summary>
internal static class SecretsCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print the secrets as JSON, without any value" };
        var list = new Command("list", "List the stack's secrets, where each lies and whether it is there. No value is read.")
        {
            spec, json,
        };
        list.SetAction((parsed, cancel) => ListAsync(world, parsed.GetRequiredValue(spec), parsed.GetValue(json), cancel));

        var name = new Argument<string>("name") { Description = "the secret, as list shows it" };
        var named = new Option<string>("--spec")
        {
            Description = "the spec file; standard input has the value",
            DefaultValueFactory = _ => "baker.yaml",
        };
        var breakLock = CommonOptions.BreakLock();
        var set = new Command("set", "Store a secret that the spec takes from a file or a variable: typed unseen, or from standard input.")
        {
            name, named, breakLock,
        };
        set.SetAction((parsed, cancel) => SetAsync(
            world, parsed.GetRequiredValue(named), parsed.GetRequiredValue(name), parsed.GetValue(breakLock), cancel));

        var command = new Command("secrets", "List the stack's secrets, or store one.") { list, set };
        command.SetAction((_, cancel) => ListAsync(world, "baker.yaml", false, cancel));
        return command;
    }

    private static async Task<int> ListAsync(World world, string path, bool json, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.Cloud.Account.SignInAsync(cancel);
        var standings = await SecretStandings.OfAsync(session.Cloud.Secrets, session.Secrets, session.Plan, session.Wanted.Owner, cancel);
        if (json)
            world.Out.WriteLine(JsonSerializer.Serialize([.. standings.Select(SecretJson.Of)], LogJson.Default.SecretJsonArray));
        else if (standings.IsEmpty)
            world.Error.WriteLine("this stack has no secret");
        else
            Columns.Write(world.Out, [["NAME", "FOR", "STATE", "WHERE"], .. standings.Select(s =>
                new[] { s.Plan.Name, string.Join(' ', s.Roles), s.Words, s.Plan.Location })]);
        return ExitCode.Done;
    }

    private static async Task<int> SetAsync(World world, string path, string name, bool breakLock, CancellationToken cancel)
    {
        if (path == "-")
            throw new RefusedException(ExitCode.Usage, "standard input has the secret's value here: name a file with --spec");
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        var plan = session.Plan.Secrets.FirstOrDefault(s => s.Name == name) ?? throw new RefusedException(ExitCode.Usage,
            $"this stack has no secret {name}; it has: {string.Join(", ", session.Plan.Secrets.Select(s => s.Name).Distinct())}");
        if (plan.Given is null)
            throw new RefusedException(ExitCode.Usage, plan.IsMade ? $"`baker launch` makes {name}: there is nothing to store"
                : $"{name} lies in {plan.VmReference}, which is yours: store it there, or write {{ env: NAME }} in its place in the spec");
        await session.Cloud.Account.SignInAsync(cancel);
        var value = await ReadAsync(world, name, cancel);
        if (session.Secrets.Problem(value) is { } problem)
            throw new RefusedException(ExitCode.Refused, $"nothing is stored as {name}: {problem}");
        await using (await session.LockAsync(session.Wanted.Owner, breakLock, cancel))
            await session.Cloud.Secrets.PutAsync(session.Wanted.Owner, plan.Location, value, cancel);
        session.Log.Say(name, $"stored in {plan.Location}; VMs look for it once a day and at every start");
        return ExitCode.Done;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(World world, string name, CancellationToken cancel)
    {
        if (world.Unseen is not null)
            return Encoding.UTF8.GetBytes(await world.AskUnseenAsync(name, cancel));
        if (world.Input is not { } input)
            return Encoding.UTF8.GetBytes(await world.In.ReadToEndAsync(cancel));
        await using var stream = input();
        using var held = new MemoryStream();
        await stream.CopyToAsync(held, cancel);
        return held.ToArray();
    }
}
