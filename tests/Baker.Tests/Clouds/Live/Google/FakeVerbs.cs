using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What the verbs on things do.</summary>
internal static class FakeVerbs
{
    /// <returns>How long it takes, and what it does then.</returns>
    public static (double Seconds, Func<JsonObject?> Effect) On(FakeCompute compute, string verb, FakeThing thing, IReadOnlyDictionary<string, string> query, JsonObject body)
    {
        switch (verb)
        {
            case "start":
                if (thing.Text("status") != "TERMINATED")
                    return (1, () => null);
                if (FakeRules.StockOut(compute, thing) is { } soldOut)
                    return (5, () => soldOut);
                thing.Body["status"] = "STAGING";
                return (15, () => Set(thing, ("status", "RUNNING"), ("lastStartTimestamp", compute.Now.ToString("O"))));
            case "stop":
                if (thing.Text("status") == "TERMINATED")
                    return (1, () => null);
                FakeDiskRules.Stop(thing, query);
                thing.Body["status"] = "STOPPING";
                return (30, () => Set(thing, ("status", "TERMINATED"), ("lastStopTimestamp", compute.Now.ToString("O"))));
            case "setDeletionProtection":
                return (1, () => Set(thing, ("deletionProtection", query.GetValueOrDefault("deletionProtection", "true") == "true")));
            case "setMetadata":
                FakeRules.Metadata(body);
                Same(thing.Body["metadata"]?["fingerprint"], body["fingerprint"]);
                return (3, () => Set(thing, ("metadata", FakeRules.Fingerprinted((JsonObject)body.DeepClone(), body["items"]))));
            case "setLabels":
                FakeRules.Labels(body);
                Same(thing.Body["labelFingerprint"], body["labelFingerprint"]);
                return (2, () => Set(thing, ("labels", body["labels"]?.DeepClone()), ("labelFingerprint", FakeRules.FingerprintOf(body["labels"]))));
            case "setTags":
                FakeInstanceRules.Tags(body);
                Same(thing.Body["tags"]?["fingerprint"], body["fingerprint"]);
                return (2, () => Set(thing, ("tags", FakeRules.Fingerprinted((JsonObject)body.DeepClone(), body["items"]))));
            // Compute Engine's manual, "Change the attached service account": the machine is stopped first. No scope without an account. The words of
            // the refusals are ours.
            case "setServiceAccount":
                FakeRules.Demand(thing.Text("status") == "TERMINATED", "The instance must be stopped before the service account can be changed.");
                FakeRules.Demand(body["email"] is not null || body["scopes"] is not JsonArray { Count: > 0 }, "Invalid value for field 'email'");
                return (2, () => Set(thing, ("serviceAccounts", body["email"] is null ? new JsonArray() : new JsonArray(body.DeepClone()))));
            // Compute Engine's manual, "Edit the machine type of a compute instance": the machine is stopped first. The words are ours.
            case "setMachineType":
                FakeRules.Demand(thing.Text("status") == "TERMINATED", "The instance must be stopped before its machine type can be changed.");
                FakeRules.Demand(compute.Offer.HasMachine(thing.Path.Split('/')[3], body["machineType"]!.ToString().Split('/')[^1]), $"Invalid value for field 'machineType': '{body["machineType"]}'. The referenced resource does not exist.");
                return (3, () => Set(thing, ("machineType", body["machineType"]!.DeepClone())));
            // The words are the service's own, 400 badRequest: terraform-google-modules/terraform-google-vm, pull request 111.
            case "addAccessConfig":
                FakeRules.Demand(Card(thing, query)["accessConfigs"] is not JsonArray { Count: > 0 }, "At most one access config currently supported.");
                if (FakeInstanceRules.External(compute, thing, body) is { } taken)
                    return (2, () => taken);
                return (3, () => Set(Card(thing, query), "accessConfigs", new JsonArray(body.DeepClone())));
            case "deleteAccessConfig":
                var config = (Card(thing, query)["accessConfigs"] as JsonArray ?? []).FirstOrDefault(c => c!["name"]!.ToString() == query["accessConfig"]);
                FakeRules.Demand(config is not null, $"Invalid value for field 'accessConfig': '{query["accessConfig"]}'.");
                FakeInstanceRules.Free(compute, "addresses", t => t.Text("address") == config!["natIP"]!.ToString());
                return (3, () => Set(Card(thing, query), "accessConfigs", new JsonArray()));
            case "attachDisk":
                if (FakeInstanceRules.Attach(compute, thing, body, thing.Path.Split('/')[3]) is { } inUse)
                    return (2, () => inUse);
                return (4, () => Set(thing.Body, "disks", new JsonArray([.. thing.List("disks").Select(d => d.DeepClone()), body.DeepClone()])));
            case "resize":
                // An instance shows the size of what is attached to it.
                foreach (var shown in compute.Things.Where(t => t.Kind == "instances").SelectMany(t => t.List("disks")).Where(d => FakeCompute.Path(d["source"]?.ToString() ?? "") == thing.Path))
                    shown["diskSizeGb"] = body["sizeGb"]!.DeepClone();
                return (3, () => Set(thing, ("sizeGb", body["sizeGb"]!.DeepClone())));
            case "patch" or "update":
                var merged = thing.Body.DeepClone().AsObject();
                foreach (var (key, value) in body)
                    merged[key] = value?.DeepClone();
                FakeRules.Insert(compute, new FakeThing(thing.Path, merged));
                return (4, () => Set(thing, [.. body.Select(p => (p.Key, p.Value?.DeepClone()))]));
            default:
                throw new FakeRefusalException(FakeAnswer.Error(501, "notImplemented", $"the fake does not know {verb}"));
        }
    }

    private static JsonObject Card(FakeThing instance, IReadOnlyDictionary<string, string> query)
    {
        FakeRules.Demand(query["networkInterface"] == "nic0", $"Invalid value for field 'networkInterface': '{query["networkInterface"]}'.");
        return instance.List("networkInterfaces").First();
    }

    private static JsonObject? Set(JsonObject body, string key, JsonNode value)
    {
        body[key] = value;
        return null;
    }

    private static void Same(JsonNode? has, JsonNode? sent)
    {
        if (has?.ToString() != sent?.ToString())
            throw new FakeRefusalException(FakeAnswer.Error(412, "conditionNotMet", "Supplied fingerprint does not match current fingerprint."));
    }

    private static JsonObject? Set(FakeThing thing, params (string Key, JsonNode? Value)[] values)
    {
        foreach (var (key, value) in values)
            thing.Body[key] = value;
        return null;
    }
}
