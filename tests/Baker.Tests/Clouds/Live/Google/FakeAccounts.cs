using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// A pretended IAM, as far as service accounts go: every one is there, and may be given to machines, but for those that are named here. What is made
/// is known to IAM some seconds later (Terraform's Google provider, issues 15042 and 18642), and to other services later still; a deleted one is
/// another one when it is made again: IAM API v1, projects.serviceAccounts.delete.
/// </summary>
internal sealed partial class FakeAccounts(TimeProvider time)
{
    /// <summary>Until IAM itself finds one, and until another service takes it as a member or for a machine.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromSeconds(4), SpreadingFurther = TimeSpan.FromSeconds(12);

    private readonly SortedDictionary<string, Account> _made = new(StringComparer.Ordinal);
    private int _uids;
    private int _etags;

    private sealed record Account(string Description, DateTimeOffset At, int Uid)
    {
        public JsonObject Policy { get; set; } = [];
    }

    public HashSet<string> Missing { get; } = [];

    public HashSet<string> Disabled { get; } = [];

    /// <summary>Those that the caller may not act as.</summary>
    public HashSet<string> NotActAs { get; } = [];

    /// <summary>Whoever makes one may not act as it yet: IAM gives that right to nobody by itself.</summary>
    public bool MakersMayNotAct { get; set; }

    /// <summary>What is granted to an account that goes stays, as that of a dead one.</summary>
    public Action<string, int> Gone { get; set; } = (_, _) => { };

    public IEnumerable<string> Inventory => _made.Select(m => $"serviceAccounts {m.Key} {m.Value.Description}{(Disabled.Contains(m.Key) ? " disabled" : "")}");

    /// <summary>Somebody has made it.</summary>
    public void Plant(string account, string description) => _made[account] = new Account(description, DateTimeOffset.MinValue, ++_uids);

    /// <summary>It is not there any more.</summary>
    public void Remove(string account)
    {
        Missing.Add(account);
        if (_made.Remove(account, out var was))
            Gone(account, was.Uid);
    }

    /// <summary>As other services see it.</summary>
    public bool IsUnknown(string account) => Missing.Contains(account) || (_made.TryGetValue(account, out var made) && time.GetUtcNow() - made.At < SpreadingFurther);

    /// <param name="path">From <c>v1/</c> on.</param>
    public FakeAnswer Call(ServiceModel.Method method, string path, JsonObject? body)
    {
        if (method.Id.EndsWith(".create", StringComparison.Ordinal))
            return Create(path.Split('/')[2], body!);
        var account = path.Split('/')[^1].Split(':')[0];
        var isSeen = !Missing.Contains(account) && !(_made.TryGetValue(account, out var made) && time.GetUtcNow() - made.At < Spreading);
        // IAM's reference, projects.serviceAccounts: with "-" for the project, one that is not there is 403.
        if (path.Split('/')[2] == "-" && !isSeen)
            return FakeAnswer.Newer(403, "PERMISSION_DENIED", $"Permission 'iam.serviceAccounts.get' denied on resource '{account}' (or it may not exist).");
        if (!isSeen)
            return FakeAnswer.Newer(404, "NOT_FOUND", $"Unknown service account: {account}");
        return method.Id.Split('.')[^1] switch
        {
            "get" => FakeAnswer.Ok(About(account)),
            "testIamPermissions" => FakeAnswer.Ok(new JsonObject { ["permissions"] = new JsonArray([.. body!["permissions"]!.AsArray().Where(_ => MayAct(account)).Select(p => p!.DeepClone())]) }),
            "enable" => Done(() => Disabled.Remove(account)),
            "delete" => Done(() => Remove(account)),
            "getIamPolicy" => FakeAnswer.Ok(_made[account].Policy),
            "setIamPolicy" => Set(_made[account], body!["policy"]!.AsObject()),
            _ => FakeAnswer.Newer(501, "UNIMPLEMENTED", method.Id),
        };
    }

    /// <summary>As instances.insert ends for who may not give an account to a machine, or names one that is not there.</summary>
    public JsonObject? Refuses(FakeThing instance) =>
        instance.List("serviceAccounts").Select(a => a["email"]?.ToString()).FirstOrDefault(a => a is not null && (IsUnknown(a) || !MayAct(a))) is { } account
            ? FakeCompute.Error("SERVICE_ACCOUNT_ACCESS_DENIED", $"The user does not have access to service account '{account}'. Ask a project owner to grant you the iam.serviceAccountUser role on the service account.") : null;

    private bool MayAct(string account) => !NotActAs.Contains(account) && (!MakersMayNotAct || !_made.TryGetValue(account, out var made)
        || (made.Policy["bindings"] as JsonArray ?? []).Any(b => b!["role"]!.ToString() == "roles/iam.serviceAccountUser"));

    private FakeAnswer Create(string project, JsonObject body)
    {
        var id = body["accountId"]?.ToString() ?? "";
        var description = body["serviceAccount"]?["description"]?.ToString() ?? "";
        if (!AccountId().IsMatch(id) || description.Length > 256)
            return FakeAnswer.Newer(400, "INVALID_ARGUMENT", "The account id or its description is not valid.");
        var account = $"{id}@{project}.iam.gserviceaccount.com";
        if (!Missing.Contains(account))
            return FakeAnswer.Newer(409, "ALREADY_EXISTS", $"Service account {id} already exists within project projects/{project}.");
        Missing.Remove(account);
        Disabled.Remove(account);
        _made[account] = new Account(description, time.GetUtcNow(), ++_uids);
        return FakeAnswer.Ok(About(account));
    }

    private FakeAnswer Set(Account account, JsonObject policy)
    {
        // IAM API v1, Policy: another etag than the one that is there is refused.
        if (policy["etag"]?.ToString() != account.Policy["etag"]?.ToString())
            return FakeAnswer.Newer(409, "ABORTED", "There were concurrent policy changes.");
        policy = (JsonObject)policy.DeepClone();
        policy["etag"] = string.Create(CultureInfo.InvariantCulture, $"etag{++_etags}");
        account.Policy = policy;
        return FakeAnswer.Ok(policy);
    }

    private JsonObject About(string account)
    {
        var about = new JsonObject { ["email"] = account, ["disabled"] = Disabled.Contains(account) };
        if (_made.TryGetValue(account, out var made))
            (about["description"], about["uniqueId"]) = (made.Description, made.Uid.ToString(CultureInfo.InvariantCulture));
        return about;
    }

    private static FakeAnswer Done(Action work)
    {
        work();
        return FakeAnswer.Ok(new JsonObject());
    }

    /// <summary>IAM API v1, CreateServiceAccountRequest.</summary>
    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{4,28}[a-z0-9])\z")]
    private static partial Regex AccountId();
}
