using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What Compute Engine insists on beyond the form of a body.</summary>
internal static partial class FakeRules
{
    /// <summary>Bytes of one metadata value.</summary>
    private const int LongestValue = 262_144;

    /// <returns>An error in which the operation is to end; null: none.</returns>
    /// <exception cref="FakeRefusalException">The call itself is refused.</exception>
    public static JsonObject? Insert(FakeCompute compute, FakeThing thing)
    {
        Labels(thing.Body);
        if (thing.Kind is "snapshots" or "images")
            Location(compute, thing);
        switch (thing.Kind)
        {
            case "networks":
                Demand(thing.Body["autoCreateSubnetworks"] is not null, "Network must have autoCreateSubnetworks or IPv4Range");
                return null;
            case "subnetworks":
                Ready(compute, thing, "network", "networks");
                Demand(IPNetwork.TryParse(thing.Text("ipCidrRange"), out _), "Invalid value for field 'resource.ipCidrRange'");
                return null;
            case "routers":
                Ready(compute, thing, "network", "networks");
                Demand(thing.List("nats").All(n => n["name"] is not null && n["natIpAllocateOption"] is not null && n["sourceSubnetworkIpRangesToNat"] is not null), "Invalid value for field 'resource.nats'");
                return null;
            case "firewalls":
                return Firewall(compute, thing);
            case "addresses":
                return Address(compute, thing);
            case "disks":
                if (thing.Body["sourceSnapshot"] is not null)
                    Demand(long.Parse(thing.Text("sizeGb")!, System.Globalization.CultureInfo.InvariantCulture) >= long.Parse(Ready(compute, thing, "sourceSnapshot", "snapshots").Text("diskSizeGb")!, System.Globalization.CultureInfo.InvariantCulture), "Requested disk size cannot be smaller than the snapshot size");
                Demand(thing.Text("type") is null || FakeDiskRules.Types.Contains(thing.Text("type")![(thing.Text("type")!.LastIndexOf('/') + 1)..]), "Invalid value for field 'resource.type'");
                return null;
            case "images":
                var disk = Ready(compute, thing, "sourceDisk", "disks");
                Demand(disk.Body["users"] is null or JsonArray { Count: 0 }, $"The disk resource '{disk.Path}' is already being used");
                return null;
            case "instances":
                return FakeInstanceRules.Insert(compute, thing);
            default:
                return null;
        }
    }

    /// <summary>What is seen of a thing that has just begun to be made.</summary>
    public static void Complete(FakeCompute compute, FakeThing thing)
    {
        if (thing.Kind is "addresses" or "disks" or "instances" or "images" or "snapshots")
            thing.Body["labelFingerprint"] = FingerprintOf(thing.Body["labels"]);
        thing.Body["status"] ??= thing.Kind switch { "instances" => "PROVISIONING", "disks" or "snapshots" => "CREATING", "addresses" => "RESERVING", "images" => "PENDING", _ => null };
        if (thing.Body["status"] is null)
            thing.Body.Remove("status");
        if (thing.IsReady && thing.Kind is "disks" or "snapshots" or "images")
            thing.Body["status"] = "READY";
        if (thing.Kind == "addresses")
        {
            thing.Body["addressType"] ??= "EXTERNAL";
            thing.Body["address"] ??= compute.NextIp();
            if (thing.Text("addressType") == "EXTERNAL")
                thing.Body["networkTier"] ??= "PREMIUM";
        }
        if (thing.Kind == "firewalls")
        {
            thing.Body["direction"] ??= "INGRESS";
            thing.Body["priority"] ??= 1000;
        }
        if (thing.Body["metadata"] is JsonObject metadata)
            Fingerprinted(metadata, metadata["items"]);
        if (thing.Body["tags"] is JsonObject tags)
            Fingerprinted(tags, tags["items"]);
    }

    public static void Made(FakeCompute compute, FakeThing thing)
    {
        switch (thing.Kind)
        {
            case "addresses":
                thing.Body["status"] = "RESERVED";
                break;
            case "disks" or "snapshots" or "images":
                thing.Body["status"] = "READY";
                break;
            case "instances":
                thing.Body["status"] = "RUNNING";
                thing.Body["lastStartTimestamp"] = compute.Now.ToString("O");
                break;
        }
    }

    public static void Delete(FakeCompute compute, FakeThing thing)
    {
        if (thing.Body["deletionProtection"]?.GetValue<bool>() == true)
            throw new FakeRefusalException(FakeAnswer.Invalid("Resource cannot be deleted if it's protected against deletion."));
        if (compute.Things.FirstOrDefault(other => other != thing && Uses(other, thing.Path)) is { } user)
            throw new FakeRefusalException(FakeAnswer.Error(400, "resourceInUseByAnotherResource", $"The {thing.Kind} resource '{thing.Path}' is already being used by '{user.Path}'"));
        if (thing.Kind == "addresses" && thing.Body["users"] is JsonArray { Count: > 0 })
            throw new FakeRefusalException(FakeAnswer.Error(400, "resourceInUseByAnotherResource", $"The address resource '{thing.Path}' is already being used"));
        if (thing.Kind is "disks")
            thing.Body["status"] = "DELETING";
        if (thing.Kind is "instances")
            thing.Body["status"] = "STOPPING";
    }

    /// <summary>What an instance held is free again, and its own disks go with it.</summary>
    public static void Release(FakeCompute compute, FakeThing thing)
    {
        if (thing.Kind != "instances")
            return;
        foreach (var other in compute.Things.Where(t => t.Body["users"] is JsonArray users && users.Any(u => FakeCompute.Path(u!.ToString()) == thing.Path)).ToArray())
        {
            other.Body.Remove("users");
            if (other.Kind == "addresses")
                other.Body["status"] = "RESERVED";
            else
                other.Body["lastDetachTimestamp"] = compute.Now.ToString("O");
            var attached = thing.List("disks").FirstOrDefault(d => FakeCompute.Path(d["source"]?.ToString() ?? "") == other.Path);
            if (attached?["autoDelete"]?.GetValue<bool>() == true)
                compute.Remove(other.Path);
        }
    }

    public static JsonObject? StockOut(FakeCompute compute, FakeThing instance)
    {
        var zone = instance.Path.Split('/')[3];
        var wantsGpu = instance.List("guestAccelerators").Any() || instance.Text("machineType")!.Contains("/g2-", StringComparison.Ordinal);
        var others = compute.Offer.SoldOutTypes.Any(t => instance.Text("machineType")!.EndsWith($"/{t}", StringComparison.Ordinal)) ? ""
            : wantsGpu ? compute.Offer.SoldOut.GetValueOrDefault(zone) : null;
        return others is null ? null : FakeCompute.Error(
            "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", $"The zone '{zone}' does not have enough resources available to fulfill the request.",
            new JsonObject { ["reason"] = "resource_availability", ["domain"] = "compute.googleapis.com", ["metadatas"] = new JsonObject { ["zonesAvailable"] = others, ["attachment"] = "nvidia-tesla-t4" } });
    }

    public static void Metadata(JsonObject metadata)
    {
        foreach (var item in (metadata["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Demand(MetadataKey().IsMatch(item["key"]?.ToString() ?? ""), $"Invalid metadata key: {item["key"]}");
            Demand(Encoding.UTF8.GetByteCount(item["value"]?.ToString() ?? "") <= LongestValue, $"Value for field 'metadata.items[].value' is too large: maximum size {LongestValue} character(s)");
        }
    }

    public static void Labels(JsonObject body)
    {
        foreach (var (key, value) in body["labels"] as JsonObject ?? [])
            Demand(LabelKey().IsMatch(key) && LabelValue().IsMatch(value!.ToString()), $"Invalid value for field 'labels': '{key}={value}'");
    }

    public static JsonObject Fingerprinted(JsonObject body, JsonNode? content)
    {
        body["fingerprint"] = FingerprintOf(content);
        return body;
    }

    public static string FingerprintOf(JsonNode? content) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content?.ToJsonString() ?? ""))[..8]);

    public static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new FakeRefusalException(FakeAnswer.Invalid(otherwise));
    }

    public static FakeThing Ready(FakeCompute compute, FakeThing thing, string key, string kind) => Ready(compute, thing.Text(key), kind, $"resource.{key}", thing);

    /// <summary>What a link leads to, if that can be used already.</summary>
    public static FakeThing Ready(FakeCompute compute, string? link, string kind, string at, FakeThing user)
    {
        Demand(link is not null, $"Required field '{at}' not specified");
        // Links may leave the project out.
        var path = FakeCompute.Path(link!);
        if (!path.StartsWith("projects/", StringComparison.Ordinal))
            path = $"projects/{user.Path.Split('/')[1]}/{path}";
        var found = compute.Find(path);
        if (found is null || found.Kind != kind)
            throw new FakeRefusalException(FakeAnswer.Error(found is null ? 404 : 400, found is null ? "notFound" : "invalid", $"Invalid value for field '{at}': '{link}'. The referenced {kind} resource cannot be found."));
        return found.IsReady ? found : throw new FakeRefusalException(FakeAnswer.Error(400, "resourceNotReady", $"The resource '{found.Path}' is not ready"));
    }

    /// <summary>
    /// One place at most (vmware-tanzu/velero, pull request 1375). Left out, it is the group of regions that is nearest, which a policy may forbid
    /// (jenkinsci/google-compute-engine-plugin, issue 393; GoogleCloudPlatform/gce-rescue, issue 23).
    /// </summary>
    private static void Location(FakeCompute compute, FakeThing thing)
    {
        var places = thing.Body["storageLocations"] as JsonArray ?? [];
        if (places.Count > 1)
            throw new FakeRefusalException(FakeAnswer.Error(413, "fieldSizeTooLarge", "Value for field 'storageLocations' is too large: maximum size 1 element(s)"));
        var zone = thing.Text("sourceDisk") is { } disk ? FakeCompute.Path(disk).Split('/')[3] : "us-central1-a";
        if (compute.Offer.LocationProblem(places is [var place] ? place!.ToString() : zone.Split('-')[0], thing.Path) is { } problem)
            throw new FakeRefusalException(FakeAnswer.Error(412, "conditionNotMet", problem));
    }

    private static JsonObject? Firewall(FakeCompute compute, FakeThing rule)
    {
        Ready(compute, rule, "network", "networks");
        Demand((rule.Body["allowed"] is null) != (rule.Body["denied"] is null), "Exactly one of 'allowed' and 'denied' must be specified");
        var isIn = rule.Text("direction") is null or "INGRESS";
        Demand(isIn ? rule.Body["destinationRanges"] is null : rule.Body["sourceTags"] is null && rule.Body["sourceRanges"] is null, "Invalid value for field 'resource.direction'");
        Demand(rule.Body["priority"] is null || rule.Body["priority"]!.GetValue<int>() is >= 0 and <= 65535, "Invalid value for field 'resource.priority'");
        foreach (var ports in rule.List("allowed").Concat(rule.List("denied")))
            Demand(ports["ports"] is null || ports["IPProtocol"]?.ToString() is "tcp" or "udp" or "sctp", "Invalid value for field 'resource.allowed[0].ports'");
        return null;
    }

    private static JsonObject? Address(FakeCompute compute, FakeThing address)
    {
        // "These can only be added or modified by the setLabels method."
        Demand(address.Body["labels"] is null, "Invalid value for field 'resource.labels': labels are set by setLabels");
        if (address.Text("addressType") != "INTERNAL")
        {
            Demand(address.Body["purpose"] is null && address.Body["subnetwork"] is null, "Invalid value for field 'resource.purpose'");
            return null;
        }
        var subnet = Ready(compute, address, "subnetwork", "subnetworks");
        if (address.Text("address") is { } ip)
        {
            Demand(IPNetwork.Parse(subnet.Text("ipCidrRange")!).Contains(IPAddress.Parse(ip)), $"Invalid value for field 'resource.address': '{ip}'. Requested internal IP is outside the subnetwork range.");
            if (compute.Things.Any(t => t.Kind == "addresses" && t.Text("address") == ip && t.Text("subnetwork") is { } s && FakeCompute.Path(s) == subnet.Path))
                return FakeCompute.Error("IP_IN_USE_BY_ANOTHER_RESOURCE", $"IP '{ip}' is already being used by another resource.");
        }
        return null;
    }

    private static bool Uses(FakeThing user, string path) => user.Kind switch
    {
        "instances" => user.List("networkInterfaces").Any(n => Is(n["network"], path) || Is(n["subnetwork"], path)) || user.List("disks").Any(d => Is(d["source"], path)),
        "subnetworks" or "firewalls" or "routers" => Is(user.Body["network"], path),
        "addresses" => Is(user.Body["subnetwork"], path),
        _ => false,
    };

    private static bool Is(JsonNode? link, string path) => link is not null && FakeCompute.Path(link.ToString()) == path;

    [GeneratedRegex(@"\A[a-zA-Z0-9-_]{1,127}\z")]
    private static partial Regex MetadataKey();

    [GeneratedRegex(@"\A\p{Ll}[\p{Ll}0-9_-]{0,62}\z")]
    private static partial Regex LabelKey();

    [GeneratedRegex(@"\A[\p{Ll}0-9_-]{0,63}\z")]
    private static partial Regex LabelValue();
}
