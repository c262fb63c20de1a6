using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What Compute Engine insists on when an instance is made.</summary>
internal static partial class FakeInstanceRules
{
    public static JsonObject? Insert(FakeCompute compute, FakeThing instance)
    {
        var zone = instance.Path.Split('/')[3];
        var type = instance.Text("machineType") ?? "";
        Demand(compute.Offer.HasMachine(zone, Last(type)) && type.Contains($"zones/{zone}/machineTypes/", StringComparison.Ordinal), $"Invalid value for field 'resource.machineType': '{type}'. The referenced resource does not exist.");
        Accelerators(compute, instance, zone);
        FakeRules.Metadata(instance.Body["metadata"] as JsonObject ?? []);
        Tags(instance.Body["tags"] as JsonObject ?? []);
        Demand(instance.List("serviceAccounts").Count() <= 1, "At most one service account is currently supported.");
        var taken = Network(compute, instance) ?? Disks(compute, instance, zone);
        FakeDiskRules.LocalSsd(instance);
        return taken ?? compute.Accounts?.Refuses(instance) ?? Quota(compute, instance) ?? FakeRules.StockOut(compute, instance);
    }

    public static void Tags(JsonObject tags) =>
        Demand(((tags["items"] as JsonArray) ?? []).All(t => Tag().IsMatch(t!.ToString())), "Invalid value for field 'resource.tags'");

    private static void Accelerators(FakeCompute compute, FakeThing instance, string zone)
    {
        var gpus = instance.List("guestAccelerators").ToArray();
        foreach (var gpu in gpus.Select(g => g["acceleratorType"]!.ToString()))
            Demand(compute.Offer.HasGpu(zone, Last(gpu)) && gpu.Contains($"zones/{zone}/acceleratorTypes/", StringComparison.Ordinal), $"Invalid value for field 'resource.guestAccelerators[0].acceleratorType': '{gpu}'. The referenced resource does not exist.");
        var wantsGpu = gpus.Length > 0 || Last(instance.Text("machineType")!) is var type && (type.StartsWith("g2-", StringComparison.Ordinal) || type.StartsWith("a2-", StringComparison.Ordinal));
        Demand(!wantsGpu || instance.Body["scheduling"]?["onHostMaintenance"]?.ToString() == "TERMINATE", "Instances with guest accelerators do not support live migration.");
    }

    private static JsonObject? Quota(FakeCompute compute, FakeThing instance) =>
        instance.List("guestAccelerators").Any() && compute.Offer.Quotas["GPUS_ALL_REGIONS"] == 0
            ? FakeCompute.Error("QUOTA_EXCEEDED", "Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 0.0 globally.") : null;

    private static JsonObject? Network(FakeCompute compute, FakeThing instance)
    {
        Demand(instance.List("networkInterfaces").Any(), "At least one network interface is required.");
        foreach (var card in instance.List("networkInterfaces"))
        {
            var subnet = card["subnetwork"] is { } link ? FakeRules.Ready(compute, link.ToString(), "subnetworks", "resource.networkInterfaces[0].subnetwork", instance) : null;
            if (card["network"] is { } network)
            {
                var found = FakeRules.Ready(compute, network.ToString(), "networks", "resource.networkInterfaces[0].network", instance);
                Demand(subnet is null || FakeCompute.Path(subnet.Text("network")!) == found.Path, "The subnetwork is not in the network.");
            }
            if (card["networkIP"]?.ToString() is { } ip)
            {
                Demand(subnet is null || IPNetwork.Parse(subnet.Text("ipCidrRange")!).Contains(IPAddress.Parse(ip)), $"Invalid value for field 'resource.networkInterfaces[0].networkIP': '{ip}'. Requested internal IP address is outside the range of subnetwork.");
                if (compute.Things.Any(t => t.Kind == "instances" && t.List("networkInterfaces").Any(n => n["networkIP"]?.ToString() == ip && n["subnetwork"]?.ToString() == card["subnetwork"]?.ToString())))
                    return FakeCompute.Error("IP_IN_USE_BY_ANOTHER_RESOURCE", $"IP '{ip}' is already being used by another resource.");
                Use(compute.Things.FirstOrDefault(t => t.Kind == "addresses" && t.Text("address") == ip), compute, instance);
            }
            foreach (var access in (card["accessConfigs"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (External(compute, instance, access) is { } taken)
                    return taken;
            }
        }
        return null;
    }

    public static JsonObject? External(FakeCompute compute, FakeThing instance, JsonObject access)
    {
        if (access["natIP"]?.ToString() is not { } ip)
        {
            access["natIP"] = compute.NextIp();
            return null;
        }
        var address = compute.Things.FirstOrDefault(t => t.Kind == "addresses" && t.Text("addressType") == "EXTERNAL" && t.Text("address") == ip && t.IsReady);
        Demand(address is not null, $"Invalid value for field 'resource.networkInterfaces[0].accessConfigs[0].natIP': '{ip}'. The specified external IP address was not found.");
        if (address!.Body["users"] is JsonArray { Count: > 0 })
            return FakeCompute.Error("IP_IN_USE_BY_ANOTHER_RESOURCE", $"External IP address '{ip}' is already in-use.");
        // doitintl/kubeip, issue 155.
        var (tier, wanted) = (address.Text("networkTier"), access["networkTier"]?.ToString() ?? "PREMIUM");
        Demand(tier == wanted, $"Invalid value for field 'resource.networkInterfaces[0].accessConfigs[0].natIP': '{ip}'. External IP address: {ip} has a different network tier {tier} from the network tier in instance access config {wanted}.");
        Use(address, compute, instance);
        return null;
    }

    private static JsonObject? Disks(FakeCompute compute, FakeThing instance, string zone)
    {
        Demand(instance.List("disks").Count(d => d["boot"]?.GetValue<bool>() == true) == 1, "Exactly one boot disk is required.");
        foreach (var disk in instance.List("disks"))
        {
            if (disk["source"] is not null)
            {
                if (Attach(compute, instance, disk, zone) is { } inUse)
                    return inUse;
                continue;
            }
            var parameters = disk["initializeParams"] as JsonObject;
            var image = parameters?["sourceImage"]?.ToString() ?? "";
            Demand(Image(compute, image, instance), $"Invalid value for field 'resource.disks[0].initializeParams.sourceImage': '{image}'. The referenced image resource cannot be found.");
            FakeRules.Labels(parameters!);
            Boot(compute, instance, disk, parameters!, zone);
        }
        return null;
    }

    public static JsonObject? Attach(FakeCompute compute, FakeThing instance, JsonObject disk, string zone)
    {
        var source = FakeRules.Ready(compute, disk["source"]!.ToString(), "disks", "resource.disks[1].source", instance);
        Demand(source.Path.Split('/')[3] == zone, "The disk and the instance are in different zones.");
        if (source.Body["users"] is JsonArray { Count: > 0 })
            return FakeCompute.Error("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", $"The disk resource '{source.Path}' is already being used");
        if (source.Text("type") is { } type)
            FakeDiskRules.Fits(Last(instance.Text("machineType")!), Last(type));
        Use(source, compute, instance);
        return null;
    }

    /// <summary>What somebody used is used no more.</summary>
    public static void Free(FakeCompute compute, string kind, Func<FakeThing, bool> which)
    {
        foreach (var thing in compute.Things.Where(t => t.Kind == kind && which(t)).ToArray())
        {
            thing.Body.Remove("users");
            if (kind == "addresses")
                thing.Body["status"] = "RESERVED";
        }
    }

    private static void Boot(FakeCompute compute, FakeThing instance, JsonObject disk, JsonObject parameters, string zone)
    {
        var name = parameters["diskName"]?.ToString() ?? instance.Name;
        var path = $"{string.Join('/', instance.Path.Split('/')[..2])}/zones/{zone}/disks/{name}";
        if (compute.Find(path) is not null)
            throw new FakeRefusalException(FakeAnswer.Error(409, "alreadyExists", $"The resource '{path}' already exists"));
        var type = parameters["diskType"]?.ToString() ?? "pd-standard";
        FakeDiskRules.Fits(Last(instance.Text("machineType")!), Last(type));
        var made = compute.Plant(path, new JsonObject { ["name"] = name, ["sizeGb"] = parameters["sizeGb"]?.DeepClone() ?? parameters["diskSizeGb"]?.DeepClone() ?? "10", ["labels"] = parameters["labels"]?.DeepClone() });
        if (made.Body["labels"] is null)
            made.Body.Remove("labels");
        disk.Remove("initializeParams");
        disk["source"] = compute.Root + path;
        disk["diskSizeGb"] = made.Body["sizeGb"]!.DeepClone();
        Use(made, compute, instance);
    }

    private static bool Image(FakeCompute compute, string link, FakeThing instance)
    {
        var path = FakeCompute.Path(link);
        if (!path.StartsWith("projects/", StringComparison.Ordinal))
            path = $"projects/{instance.Path.Split('/')[1]}/{path}";
        return path.Contains("/images/family/", StringComparison.Ordinal) || path.Contains("/imageFamilyViews/", StringComparison.Ordinal)
            ? FakeOffer.NewestOf(compute.Things, path) is not null : compute.Find(path) is { Kind: "images" };
    }

    private static void Use(FakeThing? thing, FakeCompute compute, FakeThing user)
    {
        if (thing is null)
            return;
        thing.Body["users"] = new JsonArray(compute.Root + user.Path);
        if (thing.Kind == "addresses")
            thing.Body["status"] = "IN_USE";
    }

    private static void Demand(bool holds, string otherwise) => FakeRules.Demand(holds, otherwise);

    private static string Last(string link) => link[(link.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Tag();
}
