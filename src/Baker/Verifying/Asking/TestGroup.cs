using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Diagnostics;

namespace Baker.Verifying.Asking;

/// <summary>A private group to try GitLab in. One is enough: it is looked for first, and its path is taken once.</summary>
public static class TestGroup
{
    public const string Check = "test group";

    private const string Name = "baker-test";

    public static async Task<Finding> EnsureAsync(SiteDoor door, PersonalToken token, CancellationToken cancel)
    {
        using var gitLab = new GitLabApi(door, token);
        try
        {
            var (status, said) = await gitLab.SendAsync(HttpMethod.Get, $"/api/v4/groups/{Name}?with_projects=false", null, cancel);
            if (status == 200)
                return Finding.Good(Check, $"{Place(gitLab, said)}: is there");
            if (status != 404)
                throw GitLabRefusal.Of(status, gitLab.Sentence(said));
            var wanted = new JsonObject { ["name"] = Name, ["path"] = Name, ["visibility"] = "private" };
            (status, said) = await gitLab.SendAsync(HttpMethod.Post, "/api/v4/groups", wanted, cancel);
            if (status == 201)
                return Finding.Good(Check, $"{Place(gitLab, said)}: made");
            // Somebody made it meanwhile, or it is not this user's to see.
            if (status == 400 && said.Contains("taken", StringComparison.Ordinal))
                return Finding.Bad(Check, $"{Name}: {gitLab.Sentence(said)}", "somebody else has a group or a user of this name",
                    "ask its owner, or use the token of an administrator");
            throw GitLabRefusal.Of(status, gitLab.Sentence(said));
        }
        catch (GitLabRefusal refusal)
        {
            return refusal.Row(Check);
        }
    }

    private static string Place(GitLabApi gitLab, string said) =>
        GitLabApi.Json(said) is { } group && gitLab.Field(group, "web_url") is { } url ? Printable.Line(url)
            : new Uri(gitLab.Site, Name).ToString();
}
