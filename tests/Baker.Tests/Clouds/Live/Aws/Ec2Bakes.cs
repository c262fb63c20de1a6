using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What bakes make and leave in the pretended region: images of the account's own, their snapshots, keys.</summary>
internal sealed class Ec2Bakes(Ec2Store store)
{
    /// <summary>The account's own number.</summary>
    private const string Account = "123456789012";

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("DescribeKeyPairs", r => new() { ["KeyPairs"] = store.Find("key-pair", r, "KeyPairIds", "InvalidKeyPair.NotFound", []) }),
        ("DeleteKeyPair", DeleteKey), ("DeregisterImage", Deregister), ("DeleteSnapshot", DeleteSnapshot),
    ];

    private JsonObject DeleteKey(JsonObject request)
    {
        // As EC2 does: a key that is not there is no error.
        foreach (var key in store.All.Where(t => t.Kind == "key-pair" && t.Text("KeyName") == (string)request["KeyName"]!).ToArray())
            store.Remove(key);
        return new JsonObject { ["Return"] = true };
    }

    private JsonObject Deregister(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var image = store.Get("image", (string)request["ImageId"]!, "InvalidAMIID.NotFound");
        if (image.Text("OwnerId") != Account)
            throw new Ec2Refusal("AuthFailure", "Not authorized for image");
        store.Remove(image);
        var results = new JsonArray();
        foreach (var id in (image.Body["BlockDeviceMappings"]?.AsArray() ?? []).Select(m => (string)m!["Ebs"]!["SnapshotId"]!))
        {
            if ((bool?)request["DeleteAssociatedSnapshots"] != true)
                continue;
            store.Remove(store.Get("snapshot", id, "InvalidSnapshot.NotFound"));
            results.Add(new JsonObject { ["SnapshotId"] = id, ["ReturnCode"] = "success" });
        }
        return new JsonObject { ["Return"] = true, ["DeleteSnapshotResults"] = results };
    }

    private JsonObject DeleteSnapshot(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var snapshot = store.Get("snapshot", (string)request["SnapshotId"]!, "InvalidSnapshot.NotFound");
        if (store.All.Any(t => t.Kind == "image" && t.Body["BlockDeviceMappings"]?.ToJsonString().Contains(snapshot.Id, StringComparison.Ordinal) == true))
            throw new Ec2Refusal("InvalidSnapshot.InUse", $"The snapshot {snapshot.Id} is currently in use by an AMI");
        store.Remove(snapshot);
        return [];
    }
}
