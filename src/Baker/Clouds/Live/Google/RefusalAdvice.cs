using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// What kind of "no" a refusal is, and what a person does about it: one table, first row that holds. The names are the reasons of
/// <c>error.details[]</c> (google.rpc.ErrorInfo); older answers have other names or only a sentence for the same.
/// </summary>
internal static partial class RefusalAdvice
{
    private sealed record Row(Func<Refusal, bool> Holds, CloudFailure Failure, Func<Refusal, string?> Advice);

    // Denied is a right that is missing, and nothing else: whoever catches it says which right to ask for.
    private static readonly ImmutableArray<Row> Table =
    [
        new(r => r.IsStockOut, CloudFailure.NoCapacity,
            _ => "the zone has none left at the moment: another zone, another machine type, or later"),
        new(r => Constraint(r) is not null, CloudFailure.Refused, r => OfConstraint(Constraint(r)!)),
        new(r => r.Cause == "BILLING_DISABLED" || r.Says("requires billing to be enabled"), CloudFailure.Refused,
            r => $"the project has no billing account: gcloud billing projects link {Project(r)} --billing-account ACCOUNT"),
        new(r => r.Cause == "SERVICE_DISABLED" || r.Reason == "accessNotConfigured" || r.Says("has not been used in project"),
            CloudFailure.Refused,
            r => $"switch the service on, and wait some minutes: gcloud services enable {Service(r)} --project {Project(r)}"),
        new(r => r.Cause == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" || r.Says("insufficient authentication scopes"), CloudFailure.Refused,
            _ => "the token is good for less than it needs. On a machine of Google's: stop it, and gcloud compute instances "
                + "set-service-account NAME --scopes cloud-platform; elsewhere: gcloud auth application-default login"),
        new(r => r.Cause == "SECURITY_POLICY_VIOLATED" || r.Says("vpcServiceControlsUniqueIdentifier"), CloudFailure.Refused,
            _ => "a perimeter of VPC Service Controls keeps this machine or account out: give the identifier to whoever manages it; no "
                + "IAM role helps"),
        new(r => r.Cause == "USER_PROJECT_DENIED", CloudFailure.Refused,
            r => $"the project that is to pay for the calls does not let you: ask for roles/serviceusage.serviceUsageConsumer on "
                + $"{Project(r)}, or choose another by GOOGLE_CLOUD_QUOTA_PROJECT"),
        new(r => r.Cause is "CONSUMER_SUSPENDED" or "CONSUMER_INVALID", CloudFailure.Refused,
            r => $"the project {Project(r)} is suspended, deleted or not the one that is meant"),
        new(r => r.IsQuota && r.Says("GPU"), CloudFailure.Quota,
            _ => "new projects may use no GPU: ask for a higher quota under IAM & Admin > Quotas (GPUS_ALL_REGIONS and the GPU's own in "
                + "the region); answers take minutes to days"),
        new(r => r.IsQuota, CloudFailure.Quota,
            _ => "ask for a higher quota under IAM & Admin > Quotas, or remove what is not needed"),
        new(r => r.Status == 401, CloudFailure.NotSignedIn, _ => GoogleCredentials.HowToSignIn),
        new(r => r.IsThrottled, CloudFailure.Unreachable,
            _ => "the project makes more calls in a minute than its quota has: wait, see what else calls, or ask for more under IAM & "
                + "Admin > Quotas"),
        new(r => r.HealsAlone, CloudFailure.Unreachable, _ => null),
        new(r => r.Cause == "IAM_PERMISSION_DENIED" && r.Facts.ContainsKey("permission"), CloudFailure.Denied,
            r => $"ask whoever manages IAM for {r.Facts["permission"]} on {r.Facts.GetValueOrDefault("resource", "the project")}; "
                + "docs/gcp.md lists the rights that a launch needs"),
        new(r => r.Status == 403, CloudFailure.Denied,
            _ => "docs/gcp.md lists the rights that a launch needs; ask whoever manages IAM for the one that is named"),
        new(r => r.Status == 409 || r.Reason == "IP_IN_USE_BY_ANOTHER_RESOURCE", CloudFailure.Taken, _ => null),
        new(_ => true, CloudFailure.Refused, _ => null),
    ];

    /// <summary>What to do about each constraint that a stack can meet, as users of the spec do it.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Constraints = new Dictionary<string, string>
    {
        ["compute.disableSerialPortAccess"] = "nobody can then see how far the VMs are; they work all the same",
        ["compute.requireOsLogin"] = "somebody has set enable-oslogin to FALSE on the machine: gcloud compute instances remove-metadata "
            + "NAME --keys enable-oslogin, and launch again",
        ["compute.requireShieldedVm"] = "Baker's machines are shielded; an image of your own must be UEFI_COMPATIBLE",
        ["compute.requireVpcFlowLogs"] = "subnets that Baker makes have no flow logs: write `network.existing`",
        ["compute.restrictCloudNATUsage"] = "Baker makes a Cloud NAT: write `network.existing` with a way out that is there, or a proxy "
            + "under `mirrors`",
        ["compute.trustedImageProjects"] = "let it trust ubuntu-os-cloud, or name an image of a trusted project under `images`",
        ["compute.vmExternalIpAccess"] = "write `public_address: none`, or have the machine that has it allowed",
        ["gcp.resourceLocations"] = "all that Baker makes lies in the stack's region, which the policy must allow (in:REGION-locations)",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static (CloudFailure Failure, string? Advice) Of(Refusal refusal)
    {
        var row = Table.First(r => r.Holds(refusal));
        return (row.Failure, row.Advice(refusal));
    }

    /// <param name="constraint">Without <c>constraints/</c> before it.</param>
    public static string OfConstraint(string constraint) =>
        (Constraints.TryGetValue(constraint, out var known) ? known + ";\n  " : "")
        + $"gcloud org-policies describe {constraint} --effective --project PROJECT shows the organisation's policy, and whoever manages "
        + "it can except the project";

    private static string? Constraint(Refusal refusal) =>
        Name().Match(refusal.Text) is { Success: true } match ? match.Groups["name"].Value : null;

    private static string Service(Refusal refusal) => refusal.Facts.GetValueOrDefault("service")
        ?? (Host().Match(refusal.Text) is { Success: true } host ? host.Value : "compute.googleapis.com secretmanager.googleapis.com");

    private static string Project(Refusal refusal) =>
        refusal.Facts.GetValueOrDefault("consumer")?.Split('/')[^1] ?? "PROJECT";

    [GeneratedRegex(@"constraints/(?<name>[a-zA-Z]+\.[a-zA-Z.]*[a-zA-Z])")]
    private static partial Regex Name();

    [GeneratedRegex(@"[a-z]+\.googleapis\.com")]
    private static partial Regex Host();
}
