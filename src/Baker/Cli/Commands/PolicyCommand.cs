using System.CommandLine;
using Baker.Rendering;

namespace Baker.Cli.Commands;

/// <summary><c>baker policy</c>: rights for people and VMs, as a policy of the cloud's own.</summary>
internal static class PolicyCommand
{
    /// <summary>Option, what it prints, the artifact that has it, and why there may be none.</summary>
    private static readonly (string Option, string What, string File, string Without)[] Kinds =
    [
        ("--identities", "what a launch needs besides to make the identities of VMs", PolicyFiles.Identity,
            "a launch makes no identities for this spec"),
        ("--boundary", "a permissions boundary for those identities", PolicyFiles.Boundary, "a launch makes no identities for this spec"),
        ("--dns", "what a launch needs besides to make the DNS record", PolicyFiles.Dns, "a launch makes no DNS record for this spec"),
        ("--bake", "what whoever bakes images needs", PolicyFiles.Bake, "nobody bakes images there with rights of a cloud"),
    ];

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var command = new Command("policy", "Print the rights that whoever launches needs, or one of the others, as a policy (aws).")
        {
            spec,
        };
        var options = Kinds.Select(k => (Kind: k, Option: new Option<bool>(k.Option) { Description = k.What })).ToArray();
        foreach (var (_, option) in options)
            command.Add(option);
        var vm = new Option<string?>("--vm")
        {
            Description = "what the identity of a VM may that launch makes",
            HelpName = "role",
        };
        command.Add(vm);
        command.SetAction(parsed =>
        {
            var asked = options.Where(o => parsed.GetValue(o.Option)).Select(o => (o.Kind.File, o.Kind.Without)).ToList();
            if (parsed.GetValue(vm) is { } key)
                asked.Add((PolicyFiles.Machine(key), $"a launch makes no identity for {key}: the spec names one, or it needs none"));
            if (asked.Count > 1)
                throw new RefusedException(ExitCode.Usage, "one policy at a time: each is a document of its own");
            return Print(world, parsed.GetRequiredValue(spec), asked is [var one] ? one : (PolicyFiles.Launch, ""));
        });
        return command;
    }

    private static int Print(World world, string spec, (string File, string Without) asked)
    {
        // Advice on what is made would only be in the way.
        if (!SpecFile.TryRead(world, spec, out var file, ofExisting: true) || file.Artifacts is null)
            return ExitCode.SpecWrong;
        if (file.Artifacts.Files.FirstOrDefault(f => f.Path == asked.File) is not { } policy)
            throw new RefusedException(ExitCode.Usage, file.Artifacts.Files.Any(f => f.Path == PolicyFiles.Launch) ? asked.Without
                : $"on {file.Plan!.Cloud.Facts.Title} there is no policy to print: rights are roles there, and the review page of "
                    + "`baker render` says which");
        world.Out.Write(System.Text.Encoding.UTF8.GetString(policy.Bytes.Span));
        return ExitCode.Done;
    }
}
