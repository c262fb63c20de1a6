using System.Collections.Immutable;
using Baker.Launching;

namespace Baker.Verifying;

/// <summary>
/// GitLab Duo, one row for each thing that step <c>duo</c> of the GitLab VM does, in its order. The VM names the one that stopped it by
/// its
/// reason; so what comes before is done, and what comes after is not known.
/// </summary>
public static class DuoFindings
{
    private const string Licence = "licence";
    private const string Gateway = "gateway, from GitLab";
    private const string Settings = "gateway's URL";
    private const string Model = "model";
    private const string Features = "features";
    private const string Seats = "seats";
    private const string Check = "connection check";

    /// <summary>
    /// As templates/machine/gitlab/configure/6-duo.sh and duo.rb do them; the gateway is waited for before the licence is entered.
    /// </summary>
    public static readonly ImmutableArray<string> Order = [Gateway, Licence, Settings, Model, Features, Check, Seats];

    /// <param name="machine">The GitLab VM; null: it could not be asked.</param>
    /// <param name="isWired">GitLab is new enough to be set up on boot.</param>
    public static IEnumerable<Finding> Of(MachineProgress? machine, bool isWired)
    {
        if (!isWired)
            return [Finding.Open("GitLab Duo", "set up by a person: this GitLab has no API for it", "the review page, under Duo")];
        if (machine is null)
            return Order.Select(check => Finding.Open(check, "not known yet"));
        if (machine.IsReady)
            return Order.Select(check => Finding.Good(check, "done"));
        var (known, stopped) = Place(machine);
        return Order.Select(check =>
            known.Contains(check) ? Finding.Good(check, "done")
            : check == stopped ? Row(machine.Line!, check)
            : Finding.Open(check, "not known yet"));
    }

    /// <summary>Which row says what holds the GitLab VM up; null: none of these.</summary>
    public static string? Stopped(MachineProgress machine) => Place(machine).Stopped;

    private static (ImmutableArray<string> Known, string? Stopped) Place(MachineProgress machine)
    {
        // A line that is not believed says nothing about its step.
        if (machine.Role != "gitlab" || machine.State is not ("waiting" or "running" or "retrying" or "failed")
            || machine.Line is not { } line)
            return ([], null);
        return (line.Step, line.Reason) switch
        {
            ("licence", not null) => ([], Licence),
            ("gateway", not null) => ([], Gateway),
            ("duo", "model-server") => (Before(Check), Check),
            ("duo" or "seats", "seats") => (Before(Seats), Seats),
            ("duo", "terms") => ([Gateway], Model),
            // With `duo`, one of several: only the VM's journal knows which.
            ("duo", null or "duo" or "gitlab" or "internal" or "timeout") => ([Gateway], null),
            // What is left is about the licence: its secret, GitLab's portal, or the licence itself.
            ("duo", _) => ([Gateway], Licence),
            _ => ([], null),
        };
    }

    private static ImmutableArray<string> Before(string check) => Order[..Order.IndexOf(check)];

    private static Finding Row(ConsoleLine line, string check)
    {
        var found = $"{line.State}: {line.Reason}";
        if (check == Licence && line is { State: "waiting", Reason: "licence" })
            return Finding.Bad(check, found, "there is none yet",
                "gitlab.license in the spec and baker launch, or baker-activate on the GitLab VM; it then goes on by itself");
        var advice = MachineFindings.Said(line);
        return Finding.Bad(check, found, advice.Cause, advice.Next);
    }
}
