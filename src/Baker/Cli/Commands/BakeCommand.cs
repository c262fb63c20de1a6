using System.Collections.Immutable;
using System.CommandLine;
using Baker.Baking;
using Baker.Clouds.Live;
using Baker.Rendering;
using Baker.Stack.Roles;
using Baker.Writing;

namespace Baker.Cli.Commands;

/// <summary><c>baker bake</c>: makes the images that are missing, outdated or too old.</summary>
internal static class BakeCommand
{
    private sealed record Arguments(string Spec, ImmutableArray<string> Roles, int Parallel, bool Rebuild, bool DryRun, bool Json,
        bool BreakLock);

    public static Command Define(World world)
    {
        var names = RoleCatalog.All.Select(r => r.Name).ToArray();
        var spec = SpecFile.Argument();
        var role = new Option<string[]>("--role") { Description = "bake this role's image alone; may be said more than once" };
        role.AcceptOnlyFromAmong(names);
        var parallel = new Option<int>("--parallel") { Description = "most builds at once", DefaultValueFactory = _ => names.Length };
        parallel.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var count) && (count < 1 || count > names.Length))
                result.AddError($"--parallel: write a number from 1 to {names.Length}");
        });
        var rebuild = new Option<bool>("--rebuild") { Description = "bake also where an image fits" };
        var dryRun = new Option<bool>("--dry-run") { Description = "say what would be baked, and do nothing" };
        var json = CommonOptions.JsonEvents();
        var breakLock = CommonOptions.BreakLock();
        var command = new Command("bake", "Bake one image per role, unless one that fits is there.") { spec, role, parallel, rebuild,
            dryRun, json, breakLock };
        command.SetAction((parsed, cancel) => RunAsync(world, new Arguments(
            parsed.GetRequiredValue(spec), parsed.GetValue(role) is { Length: > 0 } some ? [.. some] : [.. names],
            parsed.GetValue(parallel),
            parsed.GetValue(rebuild), parsed.GetValue(dryRun), parsed.GetValue(json), parsed.GetValue(breakLock)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.Open(world, arguments.Spec, arguments.Json);
        if (session is null)
            return ExitCode.SpecWrong;
        var bakery = session.Cloud.Bakery;
        var account = await session.Cloud.Account.SignInAsync(cancel);
        world.Error.WriteLine($"images of {session.Plan.Name} on {session.Plan.Cloud.Facts.Title}, {session.Plan.Cloud.Location}: "
            + $"{account.Title}");
        var @base = await bakery.BaseAsync(cancel);
        var choices = await ChooseAsync(session, @base, arguments, cancel);
        foreach (var choice in choices)
            session.BakeLog.Say(choice.Role, choice.IsBaked ? $"{(arguments.DryRun ? "would be baked" : "to bake")}: {choice.Why}"
                : $"nothing to do: {choice.Why}");
        var isNeeded = choices.Any(c => c.IsBaked);
        if (arguments.DryRun || (!isNeeded && (await bakery.LeftoversAsync(session.Wanted.Owner, cancel)).IsEmpty))
            return End(world, arguments, choices, []);
        if (isNeeded && await bakery.BuilderProblemAsync(session.Plan.Images.BuilderSubnet, cancel) is { } problem)
            throw new BakeException(problem);
        using var maker = isNeeded ? await MakerAsync(world, session, @base, cancel) : null;
        var owner = BakeOwner(session.Wanted.Owner);
        await using (await session.LockAsync(owner, arguments.BreakLock, cancel))
        {
            // Whoever held the lock may have baked; whoever was killed may have left something.
            foreach (var stuck in await bakery.SweepAsync(session.Wanted.Owner, cancel))
                session.BakeLog.Say("left by an earlier bake", $"{stuck.Kind} {stuck.Id}: {stuck.Note}");
            choices = await ChooseAsync(session, @base, arguments, cancel);
            var baked = choices.Where(c => c.IsBaked).ToImmutableArray();
            if (maker is null || baked.IsEmpty)
                return End(world, arguments, choices, []);
            Render(world, session);
            await maker.PrepareAsync(baked, arguments.Parallel, session.BakeLog, cancel);
            var baker = new ImageBaker(maker, session.BakeLog, world.FullPath(Logs(session)), world.Time);
            await using var lastWord = world.AtOnce.Register(() => Name(session, baker.Temporary));
            var outcomes = await baker.BakeAsync(baked, arguments.Parallel, cancel);
            await ReportAsync(session, outcomes, cancel);
            return End(world, arguments, choices, outcomes);
        }
    }

    /// <summary>Two bakes of a stack are kept apart, and not a bake from a launch.</summary>
    private static StackOwner BakeOwner(StackOwner owner) => owner with { Stack = $"{owner.Stack}-bake" };

    private static async Task<ImmutableArray<BakeChoice>> ChooseAsync(
        StackSession session, BakeBase @base, Arguments arguments, CancellationToken cancel) =>
        BakeChoice.Of(session.Plan, arguments.Roles, @base, await session.Cloud.Bakery.ListAsync(cancel), session.World.Time.GetUtcNow(),
            arguments.Rebuild);

    /// <summary>The one place that decides between the two ways of making images.</summary>
    private static async Task<IImageMaker> MakerAsync(World world, StackSession session, BakeBase @base, CancellationToken cancel) =>
        session.Cloud.Bakery.Builder is { } builder ? new DeskMaker(builder, session.Wanted, session.Artifacts)
            : new PackerMaker(await PackerAsync(world, session, cancel), session.Artifacts, @base, session.Cloud.Bakery);

    private static async Task<PackerCli> PackerAsync(World world, StackSession session, CancellationToken cancel)
    {
        var packer = await PackerCli.OpenAsync(world.Variable("PATH"), cancel);
        var access = session.Plan.Images.BuilderAccess;
        return session.Plan.Cloud.Facts.BuilderProgram(access) is { } program && PackerCli.Find(world.Variable("PATH"), program) is null
            ? throw new BakeException($"images.builder.access is {access}, by which Packer reaches the builder with the program "
                + $"{program}, and that is not on PATH") : packer;
    }

    private static string Logs(StackSession session) =>
        $"{OutFolder.Of(session.Plan)}/{(session.Cloud.Bakery.Builder is null ? PackerFiles.Folder
            : BuilderFiles.Folder)}/{ArtifactWriter.LogFolder}";

    private static void Render(World world, StackSession session)
    {
        var outcome = OutFolder.Writer(world, session.Plan).Write(session.Artifacts.Files, force: false);
        if (outcome.Refusals.Count > 0)
            throw new RefusedException(ExitCode.Refused,
                string.Join("\n  ", outcome.Refusals.Prepend($"{OutFolder.Of(session.Plan)} was left as it is, and nothing was baked:")));
    }

    private static async Task ReportAsync(StackSession session, ImmutableArray<BakeOutcome> outcomes, CancellationToken cancel)
    {
        var log = session.BakeLog;
        foreach (var failed in outcomes.Where(o => o.Image is null))
        {
            log.Say(failed.Role, $"{(cancel.IsCancellationRequested ? "cancelled" : "failed")} at: "
                + $"{(failed.Step.Length == 0 ? "the start" : failed.Step)}");
            foreach (var line in cancel.IsCancellationRequested ? [] : failed.LastLines)
                log.Say(failed.Role, $"  {line}");
            log.Say(failed.Role, $"all of it: {Logs(session)}/{failed.Log}");
        }
        if (outcomes.Any(o => o.Image is null))
        {
            // Also after Ctrl-C: what costs money is named before the program ends.
            var found = await session.Cloud.Bakery.LeftoversAsync(session.Wanted.Owner, CancellationToken.None);
            Name(session, [.. found, .. outcomes.SelectMany(o => o.Temporary).Where(IsIdentity)]);
        }
        cancel.ThrowIfCancellationRequested();
    }

    private static void Name(StackSession session, IEnumerable<Resource> left)
    {
        foreach (var one in left)
            session.BakeLog.Say("left behind", $"{one.Kind} {(one.Name == one.Id ? one.Id : $"{one.Name} {one.Id}")}; "
                + (IsIdentity(one) ? "it stays until you delete it: docs/images.md has the commands" : "the next bake removes it")
                + (one.Note is { } note ? $"; {note}" : ""));
    }

    /// <summary>Belongs to IAM, where Baker has no rights: the next bake neither finds nor removes it.</summary>
    private static bool IsIdentity(Resource one) => one.Kind is PackerTemporaries.Profile or PackerTemporaries.Role;

    /// <summary>The images by role: data, for programs that name them in a spec.</summary>
    private static int End(World world, Arguments arguments, ImmutableArray<BakeChoice> choices, ImmutableArray<BakeOutcome> outcomes)
    {
        foreach (var choice in choices)
        {
            var image = choice.Fitting?.Id ?? outcomes.FirstOrDefault(o => o.Role == choice.Role)?.Image;
            if (image is not null && !arguments.Json)
                world.Out.WriteLine($"{choice.Role} {image}");
        }
        return outcomes.Any(o => o.Image is null) ? ExitCode.Refused : ExitCode.Done;
    }
}
