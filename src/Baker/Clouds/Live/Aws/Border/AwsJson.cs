using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>Asks a service of AWS that speaks its JSON protocol (1.1): the operation in a header, JSON there and back.</summary>
/// <param name="prefix">Of the header's value, before the operation.</param>
internal sealed class AwsJson(AwsSignature signature, string prefix, HttpClient http) : IDisposable
{
    private const string ContentType = "application/x-amz-json-1.1";

    /// <exception cref="AmazonServiceException">A refusal, with its code.</exception>
    /// <exception cref="AwsForeignAnswerException">Somebody else has answered.</exception>
    public async Task<JsonObject> AskAsync(string operation, JsonObject request, CancellationToken cancel)
    {
        using var sent = await signature.SignedAsync(request.ToJsonString(), ContentType, $"{prefix}.{operation}");
        using var answer = await http.SendAsync(sent, cancel);
        var body = Read(await answer.Content.ReadAsStringAsync(cancel));
        if (answer.IsSuccessStatusCode)
            return body ?? throw new AwsForeignAnswerException();
        // A namespace may stand before the code, and an address after it.
        var code = Text(body, "__type")?.Split('#')[^1].Split(':')[0];
        var message = Text(body, "message") ?? Text(body, "Message") ?? $"HTTP {(int)answer.StatusCode}";
        throw new AmazonServiceException(message, null, ErrorType.Unknown, code ?? answer.StatusCode.ToString(), "", answer.StatusCode);
    }

    public void Dispose() => http.Dispose();

    /// <summary>Null: it is not there, or no text.</summary>
    private static string? Text(JsonObject? body, string key) =>
        body?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
