using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Something in a pretended project.</summary>
/// <param name="path">From <c>projects/</c> on.</param>
internal sealed class FakeThing(string path, JsonObject body)
{
    public string Path => path;

    public JsonObject Body => body;

    /// <summary>False while it is being made and cannot be seen, though its name is taken.</summary>
    public bool IsVisible { get; set; } = true;

    /// <summary>True once it can be used.</summary>
    public bool IsReady { get; set; }

    /// <summary>What it wrote to its serial port, from the first byte on.</summary>
    public System.Text.StringBuilder Serial { get; } = new();

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The kind in its path: <c>firewalls</c>.</summary>
    public string Kind => Path.Split('/')[^2];

    public string? Text(string key) => Body[key]?.GetValue<string>();

    public IEnumerable<JsonObject> List(string key) => (Body[key] as JsonArray ?? []).OfType<JsonObject>();
}

/// <summary>An operation of a pretended project: begun, going on, done.</summary>
/// <param name="effect">What has happened when it is done; returns the error it ends in, or null.</param>
internal sealed class FakeOperation(string path, string type, string target, DateTimeOffset begun, TimeSpan lasts, Func<JsonObject?> effect)
{
    public string Path => path;

    public string Target => target;

    public DateTimeOffset Done => begun + lasts;

    public bool IsDone { get; private set; }

    /// <summary>Calls of <c>wait</c> so far.</summary>
    public int Waits { get; set; }

    private JsonObject? Error { get; set; }

    public void Finish()
    {
        Error = effect();
        IsDone = true;
    }

    public JsonObject At(DateTimeOffset now, string root)
    {
        var scope = Path.Split('/');
        var body = new JsonObject
        {
            ["kind"] = "compute#operation",
            ["id"] = "1",
            ["name"] = scope[^1],
            ["operationType"] = type,
            ["targetLink"] = root + Target,
            ["selfLink"] = root + Path,
            ["insertTime"] = begun.ToString("O"),
            ["status"] = IsDone ? "DONE" : now - begun < lasts / 5 ? "PENDING" : "RUNNING",
            ["progress"] = IsDone ? 100 : 0,
        };
        if (scope[2] != "global")
            body[scope[2][..^1]] = root + string.Join('/', scope[..4]);
        if (IsDone && Error is not null)
        {
            body["error"] = new JsonObject { ["errors"] = new JsonArray(Error.DeepClone()) };
            body["httpErrorStatusCode"] = 400;
            body["httpErrorMessage"] = "BAD REQUEST";
        }
        return body;
    }
}
