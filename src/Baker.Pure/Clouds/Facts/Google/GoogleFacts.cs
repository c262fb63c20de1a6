using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Google;

/// <summary>What is known about Compute Engine without asking it.</summary>
public sealed partial class GoogleFacts : CloudFacts
{
    public override string Key => "gcp";

    public override string Title => "Google Cloud";

    public override MapShape Shape => GoogleShape.Shape;

    public override SecretKind SecretStore { get; } = SecretKind.Of(
        "gcp_secret", "name", "name of a secret in Secret Manager, or projects/…/secrets/…",
        "a Secret Manager name", SecretName(), "write `my-secret` or `projects/my-project/secrets/my-secret`", 300);

    /// <summary>Most bytes of one metadata value.</summary>
    public override int UserDataLimit => 262_144;

    public override string? IdentityKey => "service_account";

    public override string IdentityTitle => "service account of the VM (gcp)";

    public override string? MadeIdentity(CloudSpec spec, string machine) => GoogleAccountName.Of(((GoogleSpec)spec).Project, machine);

    // A path, or an e-mail address.
    public override string ProjectOf(string name) =>
        name.Contains('@', StringComparison.Ordinal) ? GoogleAccountName.ProjectOf(name) : GooglePlace.ProjectOf(name);

    public override Key? DnsZone => GoogleShape.DnsZone;

    public override bool SplitsSubnets => false;

    public override string? PackerBuilder => "googlecompute";

    /// <summary>Through its external address or a tunnel, with a key of Packer's in the metadata or in one's OS Login profile.</summary>
    public override ImmutableArray<string> BuilderAccess => ["public", "iap", "os_login", "iap_os_login"];

    public override string? BuilderProgram(string access) => access is "iap" or "iap_os_login" ? "gcloud" : null;

    /// <summary>The network address and the gateway; the second-to-last and the broadcast address.</summary>
    public override (int First, int Last) ReservedAddresses => (2, 2);

    // A place that is missing or wrong has been reported; another stands in for it, so that the rest can be checked.
    public override CloudSpec Read(SpecMap map) =>
        new GoogleSpec(this, map.Text("project") ?? "my-project", map.Text("region") ?? "us-central1", map.Text("zone"));

    public override void Check(CloudSpec spec, DiagnosticBag bag)
    {
        var google = (GoogleSpec)spec;
        if (google.Zone is { } zone && !bag.IsBroken("cloud.gcp.region")
            && !zone.StartsWith(google.Region + "-", StringComparison.Ordinal))
            bag.Add("cloud.gcp.zone", CloudMessages.WrongZone(zone, google.Region));
    }

    public override string DefaultMachine(MachineClass wanted) => wanted switch
    {
        MachineClass.Light => "e2-medium",
        MachineClass.Server => "c2-standard-4",
        _ => "n1-standard-4",
    };

    public override Gpu? DefaultAttachedGpu(MachineClass wanted) =>
        wanted == MachineClass.Accelerated ? GoogleGpus.Default : null;

    public override string GpuAdvice => "write `gpu: { type: nvidia-tesla-t4 }` beside an n1 machine, or choose a machine that brings "
        + "one, such as g2-standard-8";

    public override MachineType? FindMachine(string name) => GoogleMachines.Find(name);

    public override Message? MachineProblem(string name) => GoogleMachines.HasForm(name) ? null
        : CloudMessages.ImpossibleMachine(name, Title, null, "write series, kind and CPUs, such as c2-standard-4");

    public override bool IsBurstable(string machine) => GoogleMachines.IsBurstable(machine);

    public override bool IsArm(string machine) => GoogleMachines.IsArm(machine);

    public override (Gpu? Gpu, Message? Problem) AttachGpu(string machine, string type, int count)
    {
        var (gpu, otherwise) = GoogleGpus.Attach(machine, type, count);
        return (gpu, otherwise is null ? null : CloudMessages.GpuNotAttachable(
            count == 1 ? type : $"{count} × {type}", machine, otherwise));
    }

    public override string? IdProblem(CloudId kind, string id) => kind switch
    {
        CloudId.Network => Network().IsMatch(id) ? null : "write a network's name, or projects/HOST/global/networks/NAME for a shared VPC",
        CloudId.Subnet => SubnetPath().IsMatch(id) ? null
            : "write a subnet's name, or projects/HOST/regions/REGION/subnetworks/NAME for a shared VPC",
        CloudId.PublicAddress => Name().IsMatch(id) ? null : "write the name of a reserved external address",
        CloudId.Image => Image().IsMatch(id) ? null
            : "write an image's name, projects/P/global/images/NAME or projects/P/global/images/family/NAME",
        CloudId.KmsKey => KmsKey().IsMatch(id) ? null : "write projects/P/locations/L/keyRings/R/cryptoKeys/K",
        _ => Account().IsMatch(id) ? null : "write the service account's e-mail, name@project.iam.gserviceaccount.com",
    };

    public override string? TagProblem(string key, string value) =>
        key.StartsWith("baker-", StringComparison.Ordinal) ? "labels that begin with baker- are Baker's own"
        : !LabelKey().IsMatch(key) ? "a label's name begins with a small letter and has small letters, digits, _ and -, at most 63"
        : !LabelValue().IsMatch(value) ? "a label's value has small letters, digits, _ and -, at most 63"
        : null;

    /// <summary>The range is the vendor's own, in its manual on TCP forwarding.</summary>
    public override CloudEntry Entry { get; } = new("iap", "Identity-Aware Proxy", "35.235.240.0/20");

    public override string EntryCommand(CloudSpec spec, string name, string id, string zone) =>
        $"gcloud compute ssh --project {((GoogleSpec)spec).Project} --zone {zone} --tunnel-through-iap {name}";

    public override string DiskType(string machine) => GoogleDiskTypes.For(machine);

    /// <summary>Secret Manager bills each version.</summary>
    public override bool BillsSecrets => true;

    public override string MadeSecret(CloudSpec spec, string stack, string secret) =>
        $"projects/{((GoogleSpec)spec).Project}/secrets/baker-{stack}-{secret}";

    public override string SecretLocation(CloudSpec spec, Secret secret) =>
        secret.Kind == SecretStore && !secret.Location.StartsWith("projects/", StringComparison.Ordinal)
            ? $"projects/{((GoogleSpec)spec).Project}/secrets/{secret.Location}" : secret.Location;

    public override string? SecretStoreUrl(CloudSpec spec) => "https://secretmanager.googleapis.com";

    public override IEnumerable<(string Name, string Value)> ManualLaunchNames(ManualLaunch vm) =>
    [
        ("image_family", "ubuntu-2404-lts-amd64"),
        ("image_project", "ubuntu-os-cloud"),
        ("disk", $"{vm.DiskGb}GB"),
        ("disk_type", GoogleDiskTypes.For(vm.Type)),
        ("accelerator", vm.AttachedGpu is { } gpu ? $"type={gpu.Model},count={gpu.Count}" : ""),
        ("data_disk", vm.DataGb is { } size ? $"name={vm.Name}-data,device-name=data,size={size}GB,type={GoogleDiskTypes.For(vm.Type)}"
            + $",auto-delete=no{(
            vm.KmsKey is null ? "" : $",kms-key={vm.KmsKey}")}" : ""),
        ("user_data", $"user-data={vm.UserDataFile}"),
    ];

    public override string AptArchive(CloudSpec spec) => $"http://{((GoogleSpec)spec).Region}.gce.archive.ubuntu.com";

    [GeneratedRegex(@"\A(projects/[a-z0-9:.-]+/secrets/)?[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\A(projects/[a-z0-9:.-]+/global/networks/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Network();

    [GeneratedRegex(@"\A(projects/[a-z0-9:.-]+/regions/[a-z0-9-]+/subnetworks/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex SubnetPath();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(projects/[a-z0-9:.-]+/global/images/(family/)?)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"\Aprojects/[a-z0-9:.-]+/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]+/cryptoKeys/[A-Za-z0-9_-]+\z")]
    private static partial Regex KmsKey();

    [GeneratedRegex(@"\A[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"\A\p{Ll}[\p{Ll}0-9_-]{0,62}\z")]
    private static partial Regex LabelKey();

    [GeneratedRegex(@"\A[\p{Ll}0-9_-]{0,63}\z")]
    private static partial Regex LabelValue();
}
