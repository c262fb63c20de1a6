using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Stack;
using Baker.Stack.Roles;

namespace Baker.Verifying.Asking;

/// <summary>A question to GitLab Duo Chat, in a conversation of its own; and what became of it.</summary>
public static partial class Question
{
    public const string Check = "question";

    /// <summary>Between two looks whether the answer is there.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>As long as GitLab waits, and its own queue before that.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(TimeLimits.AnswerSeconds + TimeLimits.QueueSeconds);

    /// <returns>The row, and the answer where there is one.</returns>
    public static async Task<(Finding Row, string? Answer)> AskAsync(
        SiteDoor door, PersonalToken token, string question, TimeProvider time, CancellationToken cancel)
    {
        using var gitLab = new GitLabApi(door, token);
        try
        {
            var person = await gitLab.GraphAsync("me", [], cancel);
            if (person.ValueKind != JsonValueKind.Object)
                throw GitLabRefusal.Of(401, "");
            var asked = await gitLab.GraphAsync("ask", new JsonObject { ["question"] = question, ["user"] = gitLab.Field(person, "id") },
                cancel);
            var name = Printable.Line(gitLab.Field(person, "username") ?? "");
            if (gitLab.Field(asked, "requestId") is not { } request)
                throw GitLabRefusal.Of("it took no question");
            return await AnswerAsync(gitLab, request, gitLab.Field(asked, "threadId"), name, time, cancel);
        }
        catch (GitLabRefusal refusal)
        {
            return (refusal.Row(Check), null);
        }
    }

    private static async Task<(Finding Row, string? Answer)> AnswerAsync(
        GitLabApi gitLab, string request, string? thread, string name, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        while (time.GetUtcNow() - began < Limit)
        {
            var said = await gitLab.GraphAsync("said",
                new JsonObject { ["requests"] = new JsonArray(request), ["roles"] = new JsonArray("ASSISTANT"), ["thread"] = thread },
                cancel);
            var nodes = said.TryGetProperty("nodes", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().ToArray() : [];
            foreach (var message in nodes)
            {
                var problems = gitLab.Texts(message, "errors");
                var content = gitLab.Field(message, "content") ?? "";
                if (problems.Length > 0 || Apology().IsMatch(content))
                    return (Failed(name, Printable.Line(problems.Length > 0 ? problems : content)), null);
                if (content.Trim().Length > 0)
                    return (Finding.Good(Check, $"asked as {name}, answered"), Printable.Lines(content).Trim());
            }
            await Task.Delay(Pause, time, cancel);
        }
        return (Finding.Bad(Check, $"asked as {name}, no answer within {Limit.TotalSeconds:0} s",
            "the model is slow or does not answer, or GitLab's Sidekiq does not run",
            $"the row of {RoleCatalog.ModelServers.First().Title}; on the GitLab VM: gitlab-ctl status sidekiq; on the gateway: "
                + "journalctl -u ai-gateway -n 50"), null);
    }

    private static Finding Failed(string name, string said) =>
        said.Contains("A1000", StringComparison.Ordinal) || said.Contains("A1003", StringComparison.Ordinal)
        ? Finding.Bad(Check, $"asked as {name}: {said}", "the gateway or the model was too slow, or broke off",
            "ask once more: a model loads at its first question; on the gateway: journalctl -u ai-gateway -n 50")
        : Finding.Bad(Check, $"asked as {name}: {said}", "GitLab took the question, and the gateway or the model did not answer it",
            "on the gateway: journalctl -u ai-gateway -n 50; on the GitLab VM: gitlab-ctl tail sidekiq");

    // What Duo Chat says in an answer's place, as a text: a sentence that ends with one of its codes.
    [GeneratedRegex(@"^.{0,300}[Ee]rror code:? \W{0,4}[A-Z]\d{4}", RegexOptions.Singleline)]
    private static partial Regex Apology();
}
