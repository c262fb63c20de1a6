using System.Collections.Immutable;
using System.Net;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Planning;

namespace Baker.Verifying;

/// <summary>Looks at a stack from outside and asks its VMs; changes nothing and reads no secret.</summary>
/// <param name="lookup">The IPv4 addresses of a name.</param>
/// <param name="door">The way to GitLab at these addresses.</param>
/// <param name="refusal">What the cloud has said already; null: it was asked well, or not at all.</param>
public sealed class Verification(
    Plan plan, StackOwner owner, ICloud cloud, ConsoleFollower follower, TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>> lookup, Func<IPAddress[], SiteDoor> door,
    CloudException? refusal = null)
{
    public async Task<VerificationResult> RunAsync(CancellationToken cancel)
    {
        var (account, machines, address) = await AskCloudAsync(cancel);
        var isDesk = plan.Cloud.Facts.IsDesk;
        // A desk's own port leads to GitLab's VM.
        var wanted = isDesk ? IPAddress.Loopback : IPAddress.TryParse(plan.Stack.Dns?.Target ?? address, out var known) ? known : null;
        var found = await lookup(plan.Stack.GitLabHost, cancel);
        // A name that leads nowhere hides nothing of what is behind it.
        IPAddress[] addresses = found.Length > 0 ? found : wanted is null ? [] : [wanted];
        var way = addresses.Length == 0 ? null : door(addresses);
        var seen = way is null ? null : await way.LookAsync(cancel);
        var gitLab = machines.IsDefault ? null : machines.FirstOrDefault(m => m.Role == "gitlab");
        var site = new SiteFindings(plan.Stack.GitLabHost, plan.Stack.GitLabUrl, plan.Stack.Tls, plan.Stack.IsInternalOnly, addresses);
        return new VerificationResult(
        [
            site.Name(wanted, found, isDesk), .. site.Site(seen, time.GetUtcNow(), FetchAuthority), account,
            .. machines.IsDefault ? plan.Machines.Select(m => Finding.Open(MachineFindings.Check(m.Role), "not known yet"))
                : machines.Select(m => MachineFindings.Of(m, machines)),
            .. VendorFindings.Of(gitLab, plan.Machine("gitlab").Value("vendor_hosts")), .. DuoFindings.Of(gitLab, plan.Duo.IsWired),
        ], seen?.Certificate?.IsGood(time.GetUtcNow()) == true ? way : null);
    }

    /// <summary>Only where Baker has made it: then nobody else knows it yet.</summary>
    private string? FetchAuthority => plan.Secrets.FirstOrDefault(s => s is { Name: "tls_ca", IsMade: true }) is { } authority
        ? cloud.Secrets.ReadCommand(owner, authority.Location) : null;

    /// <summary>Without the cloud everything else can still be looked at.</summary>
    private async Task<(Finding Account, ImmutableArray<MachineProgress> Machines,
        string? Address)> AskCloudAsync(CancellationToken cancel)
    {
        try
        {
            if (refusal is not null)
                throw refusal;
            var account = await cloud.Account.SignInAsync(cancel);
            var machines = await follower.AskAsync(cancel);
            var address = machines.Select(m => m.Machine?.PublicIp).FirstOrDefault(ip => ip is not null)
                ?? (plan.Stack.Dns is { Target: null } ? (await cloud.Addresses.FindAsync(owner, cancel))?.Ip : null);
            return (Finding.Good("account", account.Title), machines, address);
        }
        catch (CloudException e)
        {
            var lines = e.Message.Split('\n', 2);
            return (Finding.Bad("account", Printable.Line(lines[0]), "the cloud does not answer, or not to these credentials",
                lines.Length > 1 ? Printable.Line(lines[1]) : "baker doctor"), default, null);
        }
    }
}

/// <param name="Door">The way to GitLab; null: none is known that may be told a secret.</param>
public sealed record VerificationResult(ImmutableArray<Finding> Findings, SiteDoor? Door);
