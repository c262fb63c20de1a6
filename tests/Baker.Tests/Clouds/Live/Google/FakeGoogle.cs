using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// Pretended Google: Compute Engine, Secret Manager and the rights of Cloud Resource Manager, by their paths. Every call is first held against the
/// service's own description.
/// </summary>
internal sealed class FakeGoogle
{
    /// <summary>Compute Engine refuses, with a reason that heals alone, whoever calls more often within a second; null: nobody.</summary>
    public int? CallsPerSecond { get; set; }

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private (long Second, int Calls) _rate;

    /// <param name="root">What links begin with; ends with a slash.</param>
    public FakeGoogle(TimeProvider time, string root = "https://www.googleapis.com/compute/v1/")
    {
        _time = time;
        Accounts = new FakeAccounts(time);
        Compute = new FakeCompute(time, root) { Accounts = Accounts };
        Secrets = new FakeSecrets(Compute.Offer, Accounts);
        Accounts.Gone = Secrets.Bury;
        foreach (var (project, name, family) in new[] { ("ubuntu-os-cloud", "ubuntu-2404-noble-amd64-v20261101", "ubuntu-2404-lts-amd64") })
            Compute.Plant($"projects/{project}/global/images/{name}", new JsonObject { ["name"] = name, ["family"] = family, ["status"] = "READY", ["guestOsFeatures"] = new JsonArray(new JsonObject { ["type"] = "UEFI_COMPATIBLE" }) });
    }

    public FakeCompute Compute { get; }

    public FakeSecrets Secrets { get; }

    public FakeAccounts Accounts { get; }

    public FakeDns Dns => field ??= new FakeDns(_time, Zones, right => !Denied.Contains($"my-project/{right}"));

    /// <summary>Of DNS, in whatever project.</summary>
    public List<FakeZone> Zones { get; init; } = [];

    public FakePolicies Policies { get; } = new();

    /// <summary>Rights that the caller does not have: <c>PROJECT/compute.firewalls.create</c>.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>Rights that calls so far took, as <see cref="Denied"/> names them.</summary>
    public HashSet<string> Used { get; } = [];

    public HashSet<string> Projects { get; } = ["my-project", "my-service-project", "my-host-project", "ubuntu-os-cloud"];

    /// <summary>Services that answer nothing but this reason: <c>secretmanager.googleapis.com</c>, <c>SERVICE_DISABLED</c>.</summary>
    public Dictionary<string, (string Reason, string Message)> Off { get; } = [];

    /// <summary>False: Cloud Resource Manager is not switched on.</summary>
    public bool HasResourceManager { get; set; } = true;

    /// <summary>What a method is answered before anything is looked at; null: what it would be.</summary>
    public Func<ServiceModel.Method, string, JsonObject?, FakeAnswer?> Refuses { get; set; } = (_, _, _) => null;

    /// <summary>Methods of all calls that change something, those of the stack's lock aside.</summary>
    public HashSet<string> Changes { get; } = [];

    /// <summary>All calls: method and path.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Bodies of the changes, by <c>VERB PATH</c>.</summary>
    public List<(string Call, JsonObject Body)> Bodies { get; } = [];

    public async Task<FakeAnswer> CallAsync(string verb, Uri url, byte[]? content, CancellationToken cancel)
    {
        var path = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        FakeAnswer? answer;
        TimeSpan wait;
        lock (_lock)
            (answer, wait) = Once(verb, path, url.Query, content);
        if (answer is not null)
            return answer;
        // The clock may have passed that moment since.
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _time, cancel);
        lock (_lock)
            return Compute.OperationAt(FakeCompute.Path(path)[..^"/wait".Length]);
    }

    /// <summary>Whether there was such a call, also while others come.</summary>
    public bool WasAsked(Func<string, bool> call)
    {
        lock (_lock)
            return Log.Any(call);
    }

    /// <summary>Everything that exists, one line each, without what differs from run to run.</summary>
    public IEnumerable<string> Inventory()
    {
        lock (_lock)
            return [.. Compute.Things.Where(t => t.Path.Split('/')[1] != "ubuntu-os-cloud").Select(Line), .. Accounts.Inventory, .. Secrets.Inventory];
    }

    private static string Line(FakeThing thing)
    {
        var body = thing.Body.DeepClone().AsObject();
        foreach (var key in new[] { "id", "creationTimestamp", "lastStartTimestamp", "lastStopTimestamp", "lastDetachTimestamp", "selfLink" })
            body.Remove(key);
        if (thing.Text("addressType") == "EXTERNAL")
            body.Remove("address");
        foreach (var access in thing.List("networkInterfaces").Any() ? body["networkInterfaces"]!.AsArray().SelectMany(n => n!["accessConfigs"] as JsonArray ?? []) : [])
            access!.AsObject().Remove("natIP");
        // User-data is long; its digest stands beside it.
        if (body["metadata"] is JsonObject metadata)
            body["metadata"] = string.Join(',', metadata["items"]!.AsArray().Select(i => i!["key"]!.ToString() == "user-data" ? "user-data" : $"{i["key"]}={i["value"]}").Order(StringComparer.Ordinal));
        return $"{thing.Path} {body.ToJsonString()}";
    }

    private (FakeAnswer? Answer, TimeSpan Wait) Once(string verb, string path, string queryText, byte[]? content)
    {
        Log.Add($"{verb} {path}{queryText}");
        var isCompute = path.StartsWith("compute/v1/", StringComparison.Ordinal);
        var model = ServiceModel.Of(path);
        var isPlain = isCompute || model == ServiceModel.Dns;
        var resource = isCompute ? path["compute/v1/".Length..] : isPlain ? path["dns/v1/".Length..] : path;
        if (model.Find(verb, resource) is not var (method, variable))
            return (FakeAnswer.Error(404, "notFound", $"no method of this service: {verb} {path}"), default);
        if (Off.TryGetValue(model.Host, out var off))
            return (FakeAnswer.Caused(403, "PERMISSION_DENIED", off.Message, off.Reason, ("service", model.Host), ("consumer", "projects/my-project")), default);
        try
        {
            var query = HttpUtility.ParseQueryString(queryText);
            var parameters = query.AllKeys.OfType<string>().ToDictionary(k => k, k => query[k]!, StringComparer.Ordinal);
            var body = content is { Length: > 0 } ? JsonNode.Parse(content) as JsonObject : null;
            if (model.Problem(method, parameters, body) is { } problem)
                return (FakeAnswer.Invalid(problem), default);
            if (verb != "GET" && !(method.Id.EndsWith("wait", StringComparison.Ordinal) || method.Id.EndsWith("testIamPermissions", StringComparison.Ordinal) || $"{path}{queryText}".Contains("-lock", StringComparison.Ordinal)))
            {
                Changes.Add(method.Id);
                if (Refuses(method, resource, body) is { } always)
                    return (always, default);
            }
            if (body is not null)
                Bodies.Add(($"{verb} {resource}", (JsonObject)body.DeepClone()));
            var project = resource.Split('/')[isPlain ? 1 : 2].Split(':')[0];
            if (Refused(project, method, model) is { } refused)
                return (refused, default);
            var (answer, wait) = isCompute ? Compute.Call(method, resource, parameters, body)
                : (model == ServiceModel.Projects ? Rights(project, body!)
                    : model == ServiceModel.Accounts ? Accounts.Call(method, resource, body)
                    : model == ServiceModel.Policies ? Policies.Call(resource)
                    : model == ServiceModel.Dns ? Dns.Call(method, resource, parameters, body)
                    : Secrets.Call(method, resource["v1/".Length..], parameters, body), TimeSpan.Zero);
            if (answer is { Status: 200 } && model.Problem(method.Response, answer.Body, method.Response) is { } wrong)
                throw new InvalidOperationException($"the fake's own answer to {method.Id} is wrong: {wrong}");
            return (answer, wait);
        }
        catch (JsonException e)
        {
            return (FakeAnswer.Invalid($"Invalid JSON payload received. {e.Message}"), default);
        }
        catch (FakeRefusalException e)
        {
            return (e.Answer, default);
        }
    }

    private FakeAnswer? Refused(string project, ServiceModel.Method method, ServiceModel model)
    {
        if (!Projects.Contains(project))
            return FakeAnswer.Error(404, "notFound", $"The resource 'projects/{project}' was not found");
        var second = _time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond;
        _rate = _rate.Second == second ? (second, _rate.Calls + 1) : (second, 1);
        if (_rate.Calls > CallsPerSecond)
            return FakeAnswer.Error(403, "rateLimitExceeded", "Rate Limit Exceeded");
        var right = Right(method.Id, model);
        // Without the others a launch goes on: what they would have shown is named as not checked.
        if (right is not null && (model == ServiceModel.Compute || model == ServiceModel.Secrets))
            Used.Add($"{project}/{right}");
        return Denied.Contains($"{project}/{right}") ? FakeAnswer.Error(403, "forbidden", $"Required '{right}' permission for 'projects/{project}'") : null;
    }

    /// <summary>What a method takes. Rights on what it names besides, such as to use a subnet, are not told by its own name.</summary>
    /// <returns>Null: none.</returns>
    private static string? Right(string method, ServiceModel model)
    {
        var parts = method.Split('.');
        return (model == ServiceModel.Compute, parts[^1]) switch
        {
            (_, "testIamPermissions") => null,
            (_, "getEffectivePolicy") => "orgpolicy.policy.get",
            _ when model == ServiceModel.Accounts => $"iam.serviceAccounts.{parts[^1]}",
            _ when model == ServiceModel.Dns => $"dns.{method}",
            (true, var verb) => $"compute.{parts[0]}.{verb switch { "insert" => "create", "patch" => "update", "aggregatedList" => "list", "wait" => "get", _ => verb }}",
            (false, "addVersion") => "secretmanager.versions.add",
            (false, var verb) => $"secretmanager.{parts[^2]}.{(verb == "patch" ? "update" : verb)}",
        };
    }

    private FakeAnswer Rights(string project, JsonObject body) => HasResourceManager
        ? FakeAnswer.Ok(new JsonObject { ["permissions"] = new JsonArray([.. body["permissions"]!.AsArray().Where(p => !Denied.Contains($"{project}/{p}")).Select(p => p!.DeepClone())]) })
        : FakeAnswer.Newer(403, "PERMISSION_DENIED", "Cloud Resource Manager API has not been used in project 1 before or it is disabled.");
}
