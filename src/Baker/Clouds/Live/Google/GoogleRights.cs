using System.Text.Json;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Asks which rights of a launch are missing. Rights that may be given on one thing only, such as a subnet or a service account, are not
/// asked for.
/// </summary>
/// <param name="root">Of Cloud Resource Manager; ends with a slash.</param>
internal sealed class GoogleRights(GoogleBorder border, string root)
{
    private static readonly string[] Always =
    [
        "compute.addresses.create", "compute.addresses.delete", "compute.addresses.get", "compute.addresses.list",
        "compute.addresses.setLabels", "compute.addresses.use",
        "compute.addresses.createInternal", "compute.addresses.deleteInternal", "compute.addresses.useInternal",
        "compute.acceleratorTypes.list", "compute.globalOperations.get", "compute.globalOperations.list", "compute.machineTypes.list",
        "compute.projects.get",
        "compute.regionOperations.get", "compute.regionOperations.list", "compute.regions.get", "compute.zoneOperations.get",
        "compute.zoneOperations.list",
        "compute.disks.create", "compute.disks.createSnapshot", "compute.disks.delete", "compute.disks.get", "compute.disks.list",
        "compute.disks.resize", "compute.disks.setLabels", "compute.disks.use",
        "compute.images.get", "compute.images.getFromFamily", "compute.images.list",
        "compute.images.useReadOnly", "compute.snapshots.create", "compute.snapshots.delete",
        "compute.snapshots.get", "compute.snapshots.list", "compute.snapshots.setLabels", "compute.snapshots.useReadOnly",
        "compute.instances.addAccessConfig", "compute.instances.attachDisk",
        "compute.instances.create", "compute.instances.delete", "compute.instances.deleteAccessConfig", "compute.instances.get",
        "compute.instances.getSerialPortOutput", "compute.instances.list",
        "compute.instances.setDeletionProtection", "compute.instances.setLabels", "compute.instances.setMetadata",
        "compute.instances.setMachineType", "compute.instances.setServiceAccount",
        "compute.instances.setTags", "compute.instances.start", "compute.instances.stop",
        "secretmanager.secrets.create", "secretmanager.secrets.delete", "secretmanager.secrets.get", "secretmanager.secrets.getIamPolicy",
        "secretmanager.secrets.setIamPolicy", "secretmanager.secrets.update", "secretmanager.versions.add", "secretmanager.versions.get",
    ];

    private static readonly string[] OwnNetwork =
    [
        "compute.networks.create", "compute.networks.delete", "compute.networks.get", "compute.routers.create", "compute.routers.delete",
        "compute.routers.get",
        "compute.routers.update", "compute.subnetworks.create", "compute.subnetworks.delete", "compute.subnetworks.get",
        "compute.subnetworks.use", "compute.subnetworks.useExternalIp",
    ];

    private static readonly string[] Firewall =
    [
        "compute.firewalls.create", "compute.firewalls.delete", "compute.firewalls.get", "compute.firewalls.list",
        "compute.firewalls.update", "compute.networks.updatePolicy",
    ];

    /// <summary>What a launch must be allowed, by project.</summary>
    /// <param name="network">Path of the user's own network; null: it is made.</param>
    public static IEnumerable<(string Project, string[] Rights)> Needed(GooglePlace place, string? network)
    {
        var rules = network is null ? place.Project : GooglePlace.ProjectOf(network);
        yield return (place.Project, [.. Always, .. network is null ? OwnNetwork : [], .. rules == place.Project ? Firewall : []]);
        if (rules != place.Project)
            yield return (rules, Firewall);
    }

    /// <returns>Those that are missing.</returns>
    public async Task<Answer<TestIamPermissions>> MissingAsync(string project, string[] rights, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new TestIamPermissions(rights), GoogleJson.Default.TestIamPermissions);
        var answer = await border.SendAsync($"asking for the rights in {project}", HttpMethod.Post,
            $"{root}v1/projects/{project}:testIamPermissions", body, GoogleJson.Default.TestIamPermissions, cancel);
        return answer.Value is { } has ? new Answer<TestIamPermissions>(
            new TestIamPermissions([.. rights.Except(has.Permissions ?? [])]), null) : answer;
    }
}
