using System.CommandLine;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Verifying;

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
        if (!SpecFile.TryRead(world, path, out var file))
        {
            // Where a version is what is wrong, the registry may know what to write.
            if (file.Spec is { } wrong && file.Diagnostics.Any(d =>
                d.Message.Severity == Severity.Error && d.Path.Text is "gitlab.version" or "gateway.image"))
                await DoctorVersions.SayAsync(world, wrong, cancel);
            return ExitCode.SpecWrong;
        }
        await using var session = StackSession.Of(world, file, json: false);
        var account = await session.Cloud.Account.SignInAsync(cancel);
        world.Out.WriteLine($"ok: {account.Title}");
        var zones = await session.Cloud.Account.ZonesAsync(session.Wanted, cancel);
        if (!zones.IsEmpty)
            world.Out.WriteLine($"ok: everything is offered in {string.Join(", ", zones)}");
        var preflight = await session.Cloud.Account.CheckAsync(session.Wanted, zones, cancel);
        preflight = preflight.With(await session.NameAsync(cancel)).With(await session.IdentitiesAsync(cancel));
        var versions = await DoctorVersions.SayAsync(world, file.Spec!, cancel);
        var given = await session.Secrets.GivenAsync(session.Wanted.Owner, storesAll: false, cancel);
        var problems = given.Select(g => g.Problem).OfType<string>().Concat(preflight.Problems).Concat(versions).ToArray();
        foreach (var note in preflight.Notes)
            world.Out.WriteLine($"note: {note}");
        foreach (var unseen in preflight.Unchecked)
            world.Out.WriteLine($"not checked: {unseen}");
        if (session.Plan.Machine("gitlab").Value("vendor_hosts") is { Length: > 0 } hosts)
            world.Out.WriteLine(await VendorAsync(session, hosts, cancel));
        foreach (var problem in problems)
            world.Out.WriteLine($"problem: {problem}");
        world.Error.WriteLine(problems.Length == 0 ? $"next: baker launch {path}"
            : $"{problems.Length} problems stand in the way of a launch");
        return problems.Length == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>From here the way to GitLab's maker may be another one, so that a VM which runs is asked what it has found.</summary>
    private static async Task<string> VendorAsync(StackSession session, string hosts, CancellationToken cancel)
    {
        MachineProgress? machine = null;
        try
        {
            machine = (await session.Follower.AskAsync(cancel)).FirstOrDefault(m => m.Role == "gitlab");
        }
        catch (CloudException)
        {
            // A right that is missing, or a stack that is not there, is said by what was looked at before.
        }
        var seen = VendorFindings.Of(machine, hosts).Single();
        return seen.Verdict switch
        {
            Verdict.Holds => $"ok: the GitLab VM has {seen.Found} on port 443",
            Verdict.Fails => $"note: the GitLab VM says: {seen.Found}: {seen.Cause}; {seen.Next}",
            _ => $"not checked: whether the GitLab VM will reach {hosts} on port 443 (/h2: by HTTP/2); it tries at every "
                + "start, and baker verify says what it found",
        };
    }
}
