using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Diagnostics;

namespace Baker.Verifying.Asking;

/// <summary>GitLab's API in a user's name: over a good certificate only, and to no other server.</summary>
internal sealed class GitLabApi(SiteDoor door, PersonalToken token) : IDisposable
{
    /// <summary>For one request. GitLab answers each of these at once; a chat's answer is asked for again and again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _web = door.Trusted();

    public Uri Site => door.Site;

    public void Dispose() => _web.Dispose();

    /// <returns>What the document calls <c>answer</c>.</returns>
    /// <exception cref="GitLabRefusal">GitLab said no, or nothing.</exception>
    public async Task<JsonElement> GraphAsync(string operation, JsonObject variables, CancellationToken cancel)
    {
        var body = new JsonObject { ["query"] = ChatDocuments.Of(operation), ["variables"] = variables };
        var (status, said) = await SendAsync(HttpMethod.Post, "/api/graphql", body, cancel);
        if (status != (int)HttpStatusCode.OK)
            throw GitLabRefusal.Of(status, Sentence(said));
        var root = Json(said) ?? throw new GitLabRefusal(
            "it answered, but not in JSON", "another web server answers under this name", "the rows `name` and `own URL`");
        var problems = Texts(root, "errors");
        if (root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("answer", out var answer))
        {
            problems = problems.Length > 0 ? problems : Texts(answer, "errors");
            if (problems.Length == 0)
                return answer.Clone();
        }
        throw GitLabRefusal.Of(problems.Length > 0 ? Printable.Line(problems) : "an empty answer");
    }

    /// <exception cref="GitLabRefusal">GitLab said nothing.</exception>
    public async Task<(int Status, string Said)> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancel)
    {
        try
        {
            return await door.WithinAsync(Patience, async within =>
            {
                using var request = new HttpRequestMessage(method, new Uri(door.Site, path));
                token.PutInto(request);
                if (body is not null)
                    request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await _web.SendAsync(request, within);
                return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(within));
            }, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            throw new GitLabRefusal(token.Without(SiteDoor.Reason(e)), "GitLab is overloaded, or the connection broke",
                "the rows of the certificate and the sign-in page");
        }
    }

    /// <summary>The sentence in an answer that is no success; a page of HTML is none.</summary>
    public string Sentence(string said)
    {
        if (Json(said) is not { } root)
            return "no reason is given";
        foreach (var name in new[] { "error_description", "message", "error", "errors" })
        {
            if (root.TryGetProperty(name, out var value))
                return Printable.Line(Text(value));
        }
        return "no reason is given";
    }

    public static JsonElement? Json(string said)
    {
        try
        {
            using var document = JsonDocument.Parse(said);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text of what GitLab said, without the token that it may have repeated; null: there is none.</summary>
    public string? Field(JsonElement at, string name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Text(value) : null;

    public string Texts(JsonElement at, string name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? string.Join("; ", list.EnumerateArray().Select(Text)) : "";

    private string Text(JsonElement value) => token.Without(value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object when value.TryGetProperty("message", out var message) => Text(message),
        _ => value.GetRawText(),
    });
}
