using Baker.Planning;
using Baker.Stack;
using Baker.Stack.Duo;
using Baker.Stack.Roles;

namespace Baker.Rendering;

/// <summary>The sentences of the review page that depend on the plan.</summary>
internal static class ReviewNotes
{
    public static IEnumerable<string> Differences(Plan plan)
    {
        var stack = plan.Stack;
        var (server, machine) = ModelServer(plan);
        yield return "Machine types: the guide's c6xlarge does not exist (c6i.xlarge is meant), n1-standard-4 has no GPU of its own (one "
            + "is attached), t2.medium cannot be followed on its console (t3.medium can).";
        if (stack.GatewayAuth == "required")
            yield return "The gateway checks GitLab's tokens. The guide gives it a bare domain, which works only because it also switches "
                + "authentication off; here it gets the full URL.";
        yield return "The gateway waits until GitLab publishes its keys over a valid certificate: a failed fetch would be remembered "
            + "for a day.";
        yield return "The certificate is checked by its issuer on every start, because a failed first attempt leaves a self-signed one "
            + "behind that looks installed.";
        foreach (var note in server.Notes(machine, stack))
            yield return note;
        if (plan.Duo.OnlySelfHosted)
            yield return "Features that are not mapped to the model are disabled; the guide leaves them on, and they send code to outside "
                + "vendors.";
        if (KnownModels.Find(stack.Model.Model) is { Support: ModelSupport.Ended })
            yield return $"GitLab has ended support for {stack.Model.Model}; it is kept as the small default. Listed models: Mistral "
                + $"Small 24B ({KnownModels.Recommended}), Codestral 22B, Llama 3, gpt-oss 120B and larger.";
        if (server.Standing is { } standing)
            yield return standing;
    }

    public static IEnumerable<string> Steps(Plan plan)
    {
        var stack = plan.Stack;
        if (plan.Secrets.Any(s => !s.IsTheStacks))
            yield return "Put your secrets where the table above says, and give the VMs the right to read them.";
        if (stack.Dns is { } dns)
            yield return Record(dns);
        if (stack.License == "none")
            yield return "Get a licence: GitLab Premium or Ultimate, by usage or with Duo Enterprise; an offline one with Duo Enterprise "
                + "or GitLab Duo Agent Platform Self-Hosted. Until then Duo waits; `baker-activate` on the GitLab VM takes it.";
        if (!plan.Duo.IsWired)
            yield return $"GitLab {stack.GitLabVersion} has no API for Duo's settings: assign the seats, add the self-hosted model with "
                + "the values under Duo, and map the features, all in the Admin area.";
        if (KnownModels.BetaFamilies.Contains(plan.Duo.Family) && !plan.Duo.AcceptTestingTerms)
            yield return $"Models of family {plan.Duo.Family} are beta: read GitLab's Testing Agreement and set duo.accept_testing_terms.";
        if (plan.Evaluation)
            yield return "Before production: remove evaluation from the spec and mend what it then reports.";
    }

    private static string Record(DnsPlan dns)
    {
        var byHand = $"Make the DNS record {dns.Name} A (the public address, printed before any VM exists). The VM waits for it.";
        return (dns.Maker, dns.Target) switch
        {
            (_, { } target) => $"Make the DNS record {dns.Name} A {target} in your internal zone.",
            ("zone", _) => $"Nothing for the DNS record {dns.Name}: a launch makes it in the zone {dns.Zone}"
                + $"{(dns.Project is { } project ? $" of the project {project}" : "")}, and is refused before it costs where it may not.",
            ("auto", _) => $"{byHand} Where a public zone of the same account or project holds the name, and you may change it, a launch "
                + "makes the record.",
            _ => byHand,
        };
    }

    /// <summary>The role that answers as the model, and the first of its machines.</summary>
    internal static (ModelServerRole Server, MachinePlan Machine) ModelServer(Plan plan)
    {
        var machine = plan.Machines.First(m => RoleCatalog.Of(m.Role).Facts.IsModelServer);
        return ((ModelServerRole)RoleCatalog.Of(machine.Role), machine);
    }
}
