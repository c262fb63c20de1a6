using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A pretended IAM, as far as service accounts go: every one is there, and may be given to machines, but for those that are named here.</summary>
internal sealed class FakeAccounts
{
    public HashSet<string> Missing { get; } = [];

    public HashSet<string> Disabled { get; } = [];

    /// <summary>Those that the caller may not act as.</summary>
    public HashSet<string> NotActAs { get; } = [];

    /// <param name="path">From <c>v1/</c> on.</param>
    public FakeAnswer Call(ServiceModel.Method method, string path, JsonObject? body)
    {
        var account = path.Split('/')[^1].Split(':')[0];
        // IAM's reference, projects.serviceAccounts: with "-" for the project, one that is not there is 403.
        if (path.Split('/')[2] == "-" && Missing.Contains(account))
            return FakeAnswer.Newer(403, "PERMISSION_DENIED", $"Permission 'iam.serviceAccounts.get' denied on resource '{account}' (or it may not exist).");
        if (Missing.Contains(account))
            return FakeAnswer.Newer(404, "NOT_FOUND", $"Unknown service account: {account}");
        if (method.Id.EndsWith(".get", StringComparison.Ordinal))
            return FakeAnswer.Ok(new JsonObject { ["email"] = account, ["disabled"] = Disabled.Contains(account) });
        return FakeAnswer.Ok(new JsonObject { ["permissions"] = new JsonArray([.. body!["permissions"]!.AsArray().Where(_ => !NotActAs.Contains(account)).Select(p => p!.DeepClone())]) });
    }

    /// <summary>As instances.insert ends for who may not give an account to a machine, or names one that is not there.</summary>
    public JsonObject? Refuses(FakeThing instance) =>
        instance.List("serviceAccounts").Select(a => a["email"]?.ToString()).FirstOrDefault(a => a is not null && (Missing.Contains(a) || NotActAs.Contains(a))) is { } account
            ? FakeCompute.Error("SERVICE_ACCOUNT_ACCESS_DENIED", $"The user does not have access to service account '{account}'. Ask a project owner to grant you the iam.serviceAccountUser role on the service account.") : null;
}
