using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Tests.Stack.Duo;
using Baker.Verifying.Asking;

namespace Baker.Tests.Verifying;

/// <summary>GitLab's API, as far as a question and a group need it. Every document is held against GitLab's schema first.</summary>
internal sealed class ChattyGitLab
{
    public const string Token = "glpat-c4nary.01.0a1b2c3d4";

    private readonly HashSet<string> _groups = [];
    private int _looks;

    /// <summary>How often it has to be looked for the answer before it is there.</summary>
    public int AnswersAtLook { get; init; } = 3;

    /// <summary>The nodes of aiMessages, once there are any.</summary>
    public JsonNode Messages { get; init; } = new JsonArray(new JsonObject { ["content"] = "A merge request proposes changes.", ["errors"] = new JsonArray() });

    /// <summary>What aiAction answers with.</summary>
    public JsonNode Action { get; init; } = new JsonObject { ["requestId"] = "a3f1", ["threadId"] = "gid://gitlab/Ai::Conversation::Thread/7", ["errors"] = new JsonArray() };

    /// <summary>In the place of the real answer to a request of the API whose line or body has this word.</summary>
    public Dictionary<string, SiteReply> Instead { get; } = [];

    public List<string> Operations { get; } = [];

    public async Task<SiteReply> AnswerAsync(SiteRequest request)
    {
        if (!request.Line.Contains("/api/", StringComparison.Ordinal))
            return VerifyRig.Page(request);
        foreach (var (word, reply) in Instead)
        {
            if (request.Line.Contains(word, StringComparison.Ordinal) || request.Body.Contains(word, StringComparison.Ordinal))
                return reply;
        }
        if (!request.Head.Contains($"\r\nPRIVATE-TOKEN: {Token}", StringComparison.Ordinal))
            return new(401, """{"errors":[{"message":"Invalid token"}]}""");
        return request.Line == "POST /api/graphql" ? await GraphAsync(request.Body) : Groups(request);
    }

    private async Task<SiteReply> GraphAsync(string body)
    {
        var asked = JsonDocument.Parse(body).RootElement;
        var text = asked.GetProperty("query").GetString()!;
        var variables = asked.GetProperty("variables");
        var complaints = await DuoDocumentsTests.ComplaintsAsync(GitLabSchema.Default, text, variables.GetRawText());
        if (complaints.Length > 0)
            return new(200, new JsonObject { ["errors"] = new JsonArray([.. complaints.Select(c => new JsonObject { ["message"] = c })]) }.ToJsonString());
        var operation = ChatDocuments.Names.Single(n => ChatDocuments.Of(n) == text);
        Operations.Add($"{operation} {variables.GetRawText()}");
        var answer = operation switch
        {
            "me" => new JsonObject { ["id"] = "gid://gitlab/User/1", ["username"] = "root" },
            "ask" => Action.DeepClone(),
            _ => new JsonObject { ["nodes"] = ++_looks < AnswersAtLook ? new JsonArray() : Messages.DeepClone() },
        };
        return new(200, new JsonObject { ["data"] = new JsonObject { ["answer"] = answer } }.ToJsonString());
    }

    private SiteReply Groups(SiteRequest request)
    {
        Operations.Add(request.Line);
        if (request.Line.StartsWith("GET ", StringComparison.Ordinal))
            return _groups.Count > 0 ? new(200, $$"""{"web_url":"https://{{VerifyRig.Host}}/groups/baker-test"}""") : new(404, """{"message":"404 Group Not Found"}""");
        var path = JsonDocument.Parse(request.Body).RootElement.GetProperty("path").GetString()!;
        return _groups.Add(path) ? new(201, $$"""{"web_url":"https://{{VerifyRig.Host}}/groups/{{path}}"}""") : new(400, """{"message":"Failed to save group {:path=>[\"has already been taken\"]}"}""");
    }
}
