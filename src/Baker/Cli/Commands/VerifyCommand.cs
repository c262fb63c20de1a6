using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Baker.Cli.Logs;
using Baker.Verifying;

namespace Baker.Cli.Commands;

/// <summary><c>baker verify</c>: whether a question would be answered, and if not, what is likely wrong.</summary>
internal static class VerifyCommand
{
    private sealed record Arguments(string Spec, bool Json, string? Ca);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print what was found as JSON" };
        var ca = new Option<string>("--ca") { Description = "trust the authorities in this PEM file too", HelpName = "file" };
        var command = new Command("verify", "Look at name, certificate and GitLab from here, read what the VMs say, and say what to do. Exit code 0 when nothing is wrong, 3 when something is.")
        {
            spec, json, ca,
        };
        command.SetAction((parsed, cancel) => RunAsync(world, new Arguments(parsed.GetRequiredValue(spec), parsed.GetValue(json), parsed.GetValue(ca)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.Open(world, arguments.Spec, json: false);
        if (session is null)
            return ExitCode.SpecWrong;
        var (plan, site) = (session.Plan, new Uri(session.Plan.Stack.GitLabUrl));
        var authorities = Authorities(session, arguments.Ca);
        var result = await new Verification(
            plan, session.Wanted.Owner, session.Cloud, session.Follower, world.Time, world.Lookup, addresses => new SiteDoor(site, addresses, authorities, world.Time, world.Connect)).RunAsync(cancel);
        var findings = result.Findings;
        var isWrong = findings.Any(f => f.Verdict == Verdict.Fails);
        if (arguments.Json)
            world.Out.WriteLine(JsonSerializer.Serialize(new VerifyJson(plan.Name, plan.Id, plan.Stack.GitLabUrl, !isWrong, [.. findings]), VerifyJsonContext.Default.VerifyJson));
        else
            FindingTable.Print(world.Out, findings);
        world.Error.WriteLine(FindingTable.Count(findings));
        return isWrong ? ExitCode.Refused : ExitCode.Done;
    }

    /// <summary>Those that the spec names, and the user's file.</summary>
    private static X509Certificate2Collection Authorities(StackSession session, string? file)
    {
        var authorities = new X509Certificate2Collection();
        foreach (var pem in session.Plan.Machine("gitlab").Values.Where(v => v.Name is "tls_ca" or "extra_ca").Select(v => v.Value))
            authorities.ImportFromPem(pem);
        if (file is null)
            return authorities;
        var before = authorities.Count;
        try
        {
            authorities.ImportFromPem(File.ReadAllText(session.World.FullPath(file)));
        }
        catch (CryptographicException e)
        {
            throw new RefusedException(ExitCode.Usage, $"--ca {file}: {e.Message}");
        }
        return authorities.Count > before ? authorities : throw new RefusedException(ExitCode.Usage, $"--ca {file}: there is no certificate in it (-----BEGIN CERTIFICATE-----)");
    }
}
