using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Verifying;
using Baker.Verifying.Asking;

namespace Baker.Cli.Commands;

/// <summary><c>baker verify</c>: whether a question would be answered, and if not, what is likely wrong.</summary>
internal static class VerifyCommand
{
    private sealed record Arguments(string Spec, bool Json, string? Ca, string? Ask, bool CreateGroup);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print what was found as JSON" };
        var ca = new Option<string>("--ca") { Description = "trust the authorities in this PEM file too", HelpName = "file" };
        var ask = new Option<string>("--ask")
        {
            Description = $"ask GitLab Duo Chat this, with the token in {PersonalToken.Variable}, and "
            + "print the answer",
            HelpName = "question"
        };
        var group = new Option<bool>("--create-group")
        {
            Description = $"make a private group to try GitLab in, if it is not there, with "
            + $"the token in {PersonalToken.Variable}"
        };
        ask.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && string.IsNullOrWhiteSpace(result.Tokens[0].Value))
                result.AddError("--ask: the question is empty");
        });
        var command = new Command("verify", "Look at name, certificate and GitLab from here, read what the VMs say, and say what to do. "
            + "Exit code 0 when nothing is wrong, 3 when something is.")
        {
            spec, json, ca, ask, group,
        };
        command.SetAction((parsed, cancel) => RunAsync(world, new Arguments(
            parsed.GetRequiredValue(spec), parsed.GetValue(json), parsed.GetValue(ca), parsed.GetValue(ask), parsed.GetValue(group)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, arguments.Spec);
        if (session is null)
            return ExitCode.SpecWrong;
        CloudException? refusal = null;
        try
        {
            await session.SettleAsync(cancel);
        }
        catch (CloudException e)
        {
            // A row of the table.
            refusal = e;
        }
        var token = arguments.Ask is null && !arguments.CreateGroup ? null : Token(world);
        var (plan, site) = (session.Plan, new Uri(session.Plan.Stack.GitLabUrl));
        var authorities = Authorities(session, arguments.Ca);
        var result = await new Verification(
            plan, session.Wanted.Owner, session.Cloud, session.Follower, world.Time, world.Lookup, addresses =>
                new SiteDoor(site, addresses, authorities, world.Time, world.Connect), refusal).RunAsync(cancel);
        var findings = result.Findings;
        if (arguments.CreateGroup)
            findings = findings.Add(result.Door is { } door ? await TestGroup.EnsureAsync(door, token!, cancel)
                : Withheld(TestGroup.Check));
        string? answer = null;
        if (arguments.Ask is { } question)
        {
            (var row, answer) = result.Door is { } way ? await Question.AskAsync(way, token!, question, world.Time, cancel)
                : (Withheld(Question.Check), null);
            findings = findings.Add(row);
        }
        var isWrong = findings.Any(f => f.Verdict == Verdict.Fails);
        if (arguments.Json)
            world.Out.WriteLine(JsonSerializer.Serialize(
                new VerifyJson(plan.Name, plan.Id, plan.Stack.GitLabUrl, !isWrong, [.. findings], answer),
                VerifyJsonContext.Default.VerifyJson));
        else
            FindingTable.Print(world.Out, findings, answer);
        world.Error.WriteLine(FindingTable.Count(findings));
        return isWrong ? ExitCode.Refused : ExitCode.Done;
    }

    private static Finding Withheld(string check) =>
        Finding.Bad(check, "not asked: the token is sent over a good certificate only", next: "the row `certificate`");

    private static PersonalToken Token(World world) => PersonalToken.Of(world.Variable(PersonalToken.Variable))
        ?? throw new RefusedException(ExitCode.Usage,
            $"--ask and --create-group need a personal access token in {PersonalToken.Variable}; {PersonalToken.HowToMake}");

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
        return authorities.Count > before ? authorities
            : throw new RefusedException(ExitCode.Usage, $"--ca {file}: there is no certificate in it (-----BEGIN CERTIFICATE-----)");
    }
}
