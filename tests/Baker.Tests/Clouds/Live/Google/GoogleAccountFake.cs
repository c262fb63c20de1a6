using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Google;
using Baker.Tests.Launching;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A project of pretended Google, reached by the real client over its real wire format.</summary>
public sealed class GoogleAccountFake : FakeAccount
{
    private const string Root = "projects/my-project";
    private const string Account = "duo-gitlab@my-project.iam.gserviceaccount.com";
    private static readonly string Example = File.ReadAllText(Checkout.PathOf("examples", "gcp.yaml"));

    public GoogleAccountFake()
    {
        Google = new FakeGoogle(Time) { Zones = Zones };
        Google.Secrets.Plant($"{Root}/secrets/duo-activation-code", "code"u8.ToArray());
    }

    internal FakeGoogle Google { get; }

    public override string Spec => Example;

    public override string ZoneId => "zone-one";

    public override string InZone => Spec + $"dns: {{ cloud_dns: {{ zone: {ZoneId} }} }}\n";

    public override ImmutableArray<string> Alike => ["g2-standard-12", "g2-standard-8", "g2-standard-4"];

    public override (string From, string To) Roomier => ("e2-medium", "e2-standard-2");

    public override void SellOut(params ImmutableArray<string> types)
    {
        Google.Compute.Offer.SoldOutTypes.Clear();
        Google.Compute.Offer.SoldOutTypes.UnionWith(types);
    }

    public override ImmutableArray<string> Writes =>
        [.. Google.Log.Where(c => !c.StartsWith("GET ", StringComparison.Ordinal) && !c.Contains("/wait", StringComparison.Ordinal) && !c.Contains(":testIamPermissions", StringComparison.Ordinal) && !c.Contains("baker-duo-lock", StringComparison.Ordinal))];

    public override ImmutableArray<string> Inventory =>
        [.. Google.Inventory(), .. Zones.SelectMany(z => z.Lines(Google.Compute.Find($"{Root}/regions/asia-northeast1/addresses/duo-gitlab")?.Text("address")))];

    /// <summary>What commands see of the environment.</summary>
    public Func<string, string?> Variable { get; set; } = _ => null;

    public override void TagByHand()
    {
        foreach (var body in Google.Compute.Things.Select(t => t.Body).Concat(Google.Secrets.Bodies).Where(b => b["labels"]?["baker-id"] is not null))
        {
            var labels = body["labels"]!.AsObject().ToDictionary(l => l.Key, l => l.Value!.ToString());
            labels["somebody"] = "theirs";
            labels.TryAdd("stage", "ours");
            body["labels"] = new JsonObject(labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
            if (body["labelFingerprint"] is not null)
                body["labelFingerprint"] = FakeRules.FingerprintOf(body["labels"]);
        }
    }

    public override ImmutableArray<(string Says, Action Do)> LoosenedByHand =>
    [
        ($"identity none becomes {Account} (gitlab.service_account), stops and starts the machine", () => GitLab["serviceAccounts"] = new JsonArray()),
        ($"identity somebody@my-project.iam.gserviceaccount.com becomes {Account} (gitlab.service_account), stops and starts the machine", () => GitLab["serviceAccounts"]![0]!["email"] = "somebody@my-project.iam.gserviceaccount.com"),
        ("firewall group gitlab, ollama becomes gitlab", () => Retag("duo-gitlab", "duo-ollama")),
        ("firewall group none becomes gitlab", () => Retag()),
        ("public address none becomes", () =>
        {
            FakeInstanceRules.Free(Google.Compute, "addresses", t => t.Name == "duo-gitlab");
            GitLab["networkInterfaces"]![0]!["accessConfigs"] = new JsonArray();
        }),
        ("its data disk is not attached", () =>
        {
            FakeInstanceRules.Free(Google.Compute, "disks", t => t.Name == "duo-gitlab-data");
            GitLab["disks"]!.AsArray().RemoveAt(1);
        }),
    ];

    public override ImmutableArray<(string Says, Action Do)> NetworkChangedByHand =>
    [
        ("firewall rule duo-gitlab-443 is not there", () => Google.Compute.Remove($"{Root}/global/firewalls/duo-gitlab-443")),
        ("firewall rule duo-gitlab-443 is another one", () => Google.Compute.Find($"{Root}/global/firewalls/duo-gitlab-443")!.Body["sourceRanges"] = new JsonArray("198.51.100.0/24")),
        ("the router with NAT is not there", () => Google.Compute.Remove($"{Root}/regions/asia-northeast1/routers/duo")),
    ];

    public override ImmutableArray<(string Says, Action Do)> IdentityChangedByHand =>
    [
        ($"+ identity {Account}: of duo-gitlab", () => Google.Accounts.Remove(Account)),
        ($"~ machine duo-gitlab: identity {Account} is made again, stops and starts the machine", () => Google.Accounts.Remove(Account)),
        ($"~ identity {Account}: it is disabled", () => Google.Accounts.Disabled.Add(Account)),
    ];

    public override string WithOtherIdentity => Spec.Replace("duo-gitlab@", "somebody@", StringComparison.Ordinal);

    public override void ForgetIdentity() => Google.Accounts.Missing.Add(Account);

    public override void PlantIdentity() => Google.Accounts.Plant(Account, "by hand");

    public override void CloseByHand(string group, int port) => Google.Compute.Remove(
        Google.Compute.Things.Single(t => t.Kind == "firewalls" && t.Name.StartsWith($"duo-{group}-out-{port}-", StringComparison.Ordinal)).Path);

    private JsonObject GitLab => Google.Compute.Things.Single(t => t.Kind == "instances" && t.Name == "duo-gitlab").Body;

    private void Retag(params string[] tags)
    {
        var items = new JsonArray([.. tags.Select(t => (JsonNode)t)]);
        GitLab["tags"] = FakeRules.Fingerprinted(new JsonObject { ["items"] = items }, items);
    }

    public override void PlantForeign(Random random)
    {
        const string Zone = $"{Root}/zones/asia-northeast1";
        const string Region = $"{Root}/regions/asia-northeast1";
        var other = new JsonObject { ["baker-id"] = "0123456789ab", ["baker-stack"] = "duo" };
        (string Path, JsonObject Body)[] things =
        [
            ($"{Root}/global/networks/default", new JsonObject { ["autoCreateSubnetworks"] = true }),
            ($"{Root}/global/firewalls/default-allow-internal", new JsonObject { ["network"] = $"{Root}/global/networks/default" }),
            ($"{Root}/global/firewalls/duo-other", new JsonObject { ["description"] = "baker:id=0123456789ab; stack duo of other.example.com" }),
            ($"{Region}/addresses/web", new JsonObject { ["addressType"] = "EXTERNAL" }),
            ($"{Region}/routers/duo-router", new JsonObject()),
            ($"{Zone}-a/instances/web", new JsonObject { ["labels"] = other.DeepClone(), ["status"] = "RUNNING", ["lastStartTimestamp"] = "2026-01-01T00:00:00Z" }),
            ($"{Zone}-b/disks/duo-gitlab-data", new JsonObject { ["sizeGb"] = "50", ["labels"] = other.DeepClone() }),
            ($"{Root}/global/snapshots/duo-gitlab-data-1", new JsonObject { ["labels"] = other.DeepClone() }),
        ];
        // Under names that the stack needs itself.
        (string Path, JsonObject Body)[] rivals =
        [
            ($"{Root}/global/networks/duo", new JsonObject { ["description"] = "by hand" }),
            ($"{Region}/addresses/duo-gitlab", new JsonObject { ["addressType"] = "EXTERNAL", ["description"] = "baker:id=0123456789ab; stack duo of other.example.com" }),
            ($"{Region}/addresses/duo-ollama-internal", new JsonObject { ["addressType"] = "INTERNAL", ["address"] = "10.0.0.9" }),
            ($"{Zone}-a/instances/duo-gateway", new JsonObject { ["labels"] = other.DeepClone(), ["status"] = "RUNNING", ["lastStartTimestamp"] = "2026-01-01T00:00:00Z" }),
            ($"{Zone}-a/disks/duo-gitlab-data", new JsonObject { ["sizeGb"] = "50", ["labels"] = other.DeepClone() }),
            ($"{Root}/global/firewalls/duo-gitlab-443", new JsonObject { ["description"] = "by hand" }),
        ];
        var planted = things.Where(_ => random.Next(2) == 0).ToList();
        if (random.Next(3) > 0)
            planted.Add(rivals[random.Next(rivals.Length)]);
        foreach (var (path, body) in planted)
        {
            body["name"] = path[(path.LastIndexOf('/') + 1)..];
            Google.Compute.Plant(path, body);
        }
        if (random.Next(3) == 0)
            Google.Secrets.Plant($"{Root}/secrets/baker-duo-root-password", "theirs"u8.ToArray(), ("baker-id", "0123456789ab"));
    }

    protected override ICloud Open(CloudSpec spec, Surroundings surroundings, int process) => new GoogleCloud(
        GoogleCloud.Place((GoogleSpec)spec), surroundings, new HttpClient(new FakeGoogleHandler(this, process)), _ => Task.FromResult(new GoogleToken("token", null)), () => Task.FromResult("tests"));
}
