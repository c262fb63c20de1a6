using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// A pretended Compute Engine. Changes are operations that take time and may end in an error after the call was answered with 200; a request id
/// that comes again gets its first operation; names are taken while something is being made and until it is gone.
/// </summary>
internal sealed partial class FakeCompute(TimeProvider time, string root)
{
    /// <summary>Compute Engine holds a <c>wait</c> for two minutes at most.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>What cannot be seen before it is made.</summary>
    private static readonly string[] Unseen = ["networks", "subnetworks", "firewalls", "routers"];

    private readonly SortedDictionary<string, FakeThing> _things = new(StringComparer.Ordinal);
    private readonly List<FakeOperation> _operations = [];
    private readonly Dictionary<string, (string Call, FakeOperation Operation)> _requests = [];
    private int _operationNumber;
    private int _lastIp;

    public FakeOffer Offer { get; } = new();

    /// <summary>Whom machines run as.</summary>
    public FakeAccounts? Accounts { get; init; }

    /// <summary>The next change is answered with 200 and ends in an error.</summary>
    public bool FailNextOperation { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public string Root => root;

    public IEnumerable<FakeThing> Things => _things.Values;

    public FakeThing? Find(string? link) => link is not null && _things.TryGetValue(Path(link), out var thing) ? thing : null;

    public FakeThing Plant(string path, JsonObject body)
    {
        var thing = new FakeThing(path, body) { IsReady = true };
        Complete(thing);
        _things[path] = thing;
        return thing;
    }

    public void Remove(string path) => _things.Remove(path);

    /// <summary>Answers at once; for a <c>wait</c>, how long to wait before asking for the answer.</summary>
    public (FakeAnswer? Answer, TimeSpan Wait) Call(ServiceModel.Method method, string path, IReadOnlyDictionary<string, string> query, JsonObject? body)
    {
        Advance();
        var verb = method.Id.Split('.')[1];
        if (verb == "wait")
            return Wait(path[..^"/wait".Length]);
        if (method.Response == "Operation" && method.Verb != "GET")
            return (Change(method, verb, path, query, body ?? []), TimeSpan.Zero);
        return (Offer.Answer(method.Id, path, query, root) ?? Read(verb, path, query), TimeSpan.Zero);
    }

    /// <summary>The operation as it is now.</summary>
    public FakeAnswer OperationAt(string path)
    {
        Advance();
        return FakeAnswer.Ok(_operations.First(o => o.Path == path).At(Now, root));
    }

    public string NextIp() => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{++_lastIp}");

    public static string Path(string link) => link[Math.Max(0, link.IndexOf("projects/", StringComparison.Ordinal))..];

    public static JsonObject Error(string code, string message, JsonObject? info = null) => new()
    {
        ["code"] = code,
        ["message"] = message,
        ["errorDetails"] = info is null ? null : new JsonArray(new JsonObject { ["errorInfo"] = info }),
    };

    private (FakeAnswer?, TimeSpan) Wait(string path)
    {
        if (_operations.FirstOrDefault(o => o.Path == path) is not { } operation)
            return (FakeAnswer.Missing(path), TimeSpan.Zero);
        var left = operation.Done - Now;
        // It is said to return when done or after two minutes, "best effort": every third one comes early.
        return (null, operation.IsDone ? TimeSpan.Zero : ++operation.Waits % 3 == 1 && _operations.Count % 3 == 0 ? left / 2 : left < LongestWait ? left : LongestWait);
    }

    private FakeAnswer Read(string verb, string path, IReadOnlyDictionary<string, string> query)
    {
        if (verb == "getSerialPortOutput")
            return FakeSerial.Read(Visible(path[..path.LastIndexOf('/')]), query);
        if (path.EndsWith("/operations", StringComparison.Ordinal))
            return List(_operations.Where(o => o.Path.StartsWith(path + "/", StringComparison.Ordinal)).Select(o => o.At(Now, root)), query);
        if (path.Contains("/operations/", StringComparison.Ordinal))
            return _operations.FirstOrDefault(o => o.Path == path) is { } operation ? FakeAnswer.Ok(operation.At(Now, root)) : FakeAnswer.Missing(path);
        if (verb == "list")
            return List(_things.Values.Where(t => t.IsVisible && t.Path[..t.Path.LastIndexOf('/')] == path).Select(t => t.Body), query);
        if (verb == "aggregatedList")
            return Aggregated(path, query);
        return verb == "getFromFamily" ? FakeAnswer.Ok(FakeOffer.NewestOf(_things.Values, path)?.Body ?? throw new FakeRefusalException(FakeAnswer.Missing(path))) : FakeAnswer.Ok(Visible(path).Body);
    }

    private FakeAnswer Aggregated(string path, IReadOnlyDictionary<string, string> query)
    {
        var prefix = path[..path.IndexOf("/aggregated", StringComparison.Ordinal)] + "/zones/";
        var filter = FakeFilter.Of(query.GetValueOrDefault("filter")) ?? throw new FakeRefusalException(FakeAnswer.Invalid("Invalid value for field 'filter'"));
        var scopes = _things.Values.Where(t => t.IsVisible && t.Kind == "instances" && t.Path.StartsWith(prefix, StringComparison.Ordinal) && filter(t.Body)).GroupBy(t => t.Path.Split('/')[3]);
        return FakeAnswer.Ok(new JsonObject { ["items"] = new JsonObject(scopes.Select(s => KeyValuePair.Create($"zones/{s.Key}", (JsonNode?)new JsonObject { ["instances"] = new JsonArray([.. s.Select(t => t.Body.DeepClone())]) }))) });
    }

    /// <summary>One page after another, two things to a page, so that nobody forgets the second.</summary>
    private static FakeAnswer List(IEnumerable<JsonObject> all, IReadOnlyDictionary<string, string> query)
    {
        var filter = FakeFilter.Of(query.GetValueOrDefault("filter")) ?? throw new FakeRefusalException(FakeAnswer.Invalid("Invalid value for field 'filter'"));
        var found = all.Where(filter).ToArray();
        var (start, size) = (int.Parse(query.GetValueOrDefault("pageToken", "0"), CultureInfo.InvariantCulture), int.Parse(query.GetValueOrDefault("maxResults", "6"), CultureInfo.InvariantCulture));
        var body = new JsonObject { ["items"] = new JsonArray([.. found.Skip(start).Take(size).Select(f => f.DeepClone())]) };
        if (start + size < found.Length)
            body["nextPageToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        return FakeAnswer.Ok(body);
    }

    private FakeAnswer Change(ServiceModel.Method method, string verb, string path, IReadOnlyDictionary<string, string> query, JsonObject body)
    {
        var call = $"{method.Verb} {path} {body.ToJsonString()}";
        if (query.TryGetValue("requestId", out var id))
        {
            if (!Guid.TryParseExact(id, "D", out var guid) || guid == Guid.Empty)
                throw new FakeRefusalException(FakeAnswer.Invalid($"Invalid value for field 'requestId': '{id}'"));
            if (_requests.TryGetValue(id, out var earlier))
                return earlier.Call == call ? FakeAnswer.Ok(earlier.Operation.At(Now, root)) : throw new FakeRefusalException(FakeAnswer.Invalid("requestId was used for another request"));
        }
        var operation = verb is "insert" or "createSnapshot" ? Insert(verb, path, body) : On(verb, path, query, body);
        _operations.Add(operation);
        if (id is not null)
            _requests[id] = (call, operation);
        return FakeAnswer.Ok(operation.At(Now, root));
    }

    private FakeOperation Insert(string verb, string collection, JsonObject body)
    {
        var source = verb == "createSnapshot" ? Visible(collection[..collection.LastIndexOf('/')]) : null;
        if (source is not null)
        {
            collection = $"{string.Join('/', collection.Split('/')[..2])}/global/snapshots";
            (body["sourceDisk"], body["diskSizeGb"]) = (root + source.Path, source.Body["sizeGb"]!.DeepClone());
        }
        var name = body["name"]?.GetValue<string>() ?? "";
        if (!ResourceName().IsMatch(name))
            throw new FakeRefusalException(FakeAnswer.Invalid($"Invalid value for field 'resource.name': '{name}'. Must be a match of regex '[a-z]([-a-z0-9]{{0,61}}[a-z0-9])?'"));
        var path = $"{collection}/{name}";
        if (_things.ContainsKey(path))
            throw new FakeRefusalException(FakeAnswer.Error(409, "alreadyExists", $"The resource '{path}' already exists"));
        var thing = new FakeThing(path, (JsonObject)body.DeepClone());
        JsonObject? error;
        try
        {
            error = FakeRules.Insert(this, thing);
        }
        catch (FakeRefusalException)
        {
            FakeRules.Release(this, thing);
            throw;
        }
        thing.IsVisible = !Unseen.Contains(thing.Kind);
        Complete(thing);
        _things[path] = thing;
        error ??= Failure();
        return Begin("insert", path, thing.Kind == "instances" ? 30 : 4, () =>
        {
            if (error is not null)
            {
                FakeRules.Release(this, thing);
                _things.Remove(path);
                return error;
            }
            thing.IsReady = thing.IsVisible = true;
            FakeRules.Made(this, thing);
            return null;
        });
    }

    private FakeOperation On(string verb, string path, IReadOnlyDictionary<string, string> query, JsonObject body)
    {
        var thing = Visible(verb is "delete" or "patch" or "update" ? path : path[..path.LastIndexOf('/')]);
        if (_operations.Any(o => !o.IsDone && o.Target == thing.Path))
            throw new FakeRefusalException(FakeAnswer.Error(400, "resourceNotReady", $"The resource '{thing.Path}' is not ready"));
        if (Failure() is { } failure)
            return Begin(verb, thing.Path, 4, () => failure);
        if (verb == "delete")
        {
            FakeRules.Delete(this, thing);
            return Begin(verb, thing.Path, thing.Kind == "instances" ? 40 : 6, () =>
            {
                FakeRules.Release(this, thing);
                _things.Remove(thing.Path);
                return null;
            });
        }
        var (seconds, effect) = FakeVerbs.On(this, verb, thing, query, body);
        return Begin(verb, thing.Path, seconds, effect);
    }

    private JsonObject? Failure()
    {
        if (!FailNextOperation)
            return null;
        FailNextOperation = false;
        return Error("INTERNAL_ERROR", "not today");
    }

    private FakeOperation Begin(string type, string target, double seconds, Func<JsonObject?> effect)
    {
        var scope = target.Split('/') is [_, _, "global", ..] ? 3 : 4;
        var path = string.Create(CultureInfo.InvariantCulture, $"{string.Join('/', target.Split('/')[..scope])}/operations/operation-{++_operationNumber}");
        return new FakeOperation(path, type, target, Now, TimeSpan.FromSeconds(seconds), effect);
    }

    private void Advance()
    {
        foreach (var due in _operations.Where(o => !o.IsDone && o.Done <= Now).OrderBy(o => o.Done).ToArray())
            due.Finish();
    }

    private FakeThing Visible(string path) =>
        _things.TryGetValue(path, out var thing) && thing.IsVisible ? thing : throw new FakeRefusalException(FakeAnswer.Missing(path));

    /// <summary>What the service adds to what it was given.</summary>
    private void Complete(FakeThing thing)
    {
        var scope = thing.Path.Split('/');
        thing.Body["selfLink"] = root + thing.Path;
        thing.Body["id"] ??= "42";
        thing.Body["creationTimestamp"] ??= Now.ToString("O");
        if (scope[2] != "global")
            thing.Body[scope[2][..^1]] = root + string.Join('/', scope[..4]);
        FakeRules.Complete(this, thing);
    }

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex ResourceName();
}
