using Baker.Launching;

namespace Baker.Verifying;

/// <summary>
/// What an online licence asks of GitLab's maker, as step <c>vendor</c> of the GitLab VM sees it: from here it may look otherwise.
/// </summary>
public static class VendorFindings
{
    public const string Check = "GitLab's maker";

    /// <summary>How the VM says it: while it waits for them, and as a note when it is ready all the same.</summary>
    private const string NotReached = "not reached:";

    private const string Cause = "a name server, a firewall or a proxy between the GitLab VM and them; /h2 stands for HTTP/2. Duo's "
        + "requests may fail without them";

    private const string Next = "let the GitLab VM resolve these names and reach them on port 443; or take an offline licence, which "
        + "asks nobody";

    /// <param name="machine">The GitLab VM; null: it could not be asked.</param>
    /// <param name="hosts">What it asks; empty without an online licence.</param>
    public static IEnumerable<Finding> Of(MachineProgress? machine, string hosts)
    {
        if (hosts.Length == 0)
            return [];
        if (machine?.Line is not { } line || machine.State != line.State)
            return [Finding.Open(Check, "not known yet")];
        var said = $"{line.Done}, {line.Note}".Split(", ").FirstOrDefault(n => n.StartsWith(NotReached, StringComparison.Ordinal));
        return [said is not null ? Finding.Bad(Check, said, Cause, Next)
            : machine.IsReady ? Finding.Good(Check, $"reached: {hosts}") : Finding.Open(Check, "not known yet")];
    }
}
