using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What a fake service answers.</summary>
/// <param name="Status">HTTP status.</param>
internal sealed record FakeAnswer(int Status, JsonNode Body)
{
    public static FakeAnswer Ok(JsonNode body) => new(200, body.DeepClone());

    /// <summary>An error in Compute Engine's form.</summary>
    public static FakeAnswer Error(int status, string reason, string message) => new(status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = status,
            ["message"] = message,
            ["errors"] = new JsonArray(new JsonObject { ["domain"] = "global", ["reason"] = reason, ["message"] = message }),
        },
    });

    /// <summary>An error in the newer services' form.</summary>
    public static FakeAnswer Newer(int status, string name, string message) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = name } });

    /// <summary>The same with the reason in its details: googleapis' google/rpc/error_details.proto.</summary>
    public static FakeAnswer Caused(int status, string name, string message, string reason, params (string Key, string Value)[] metadata)
    {
        var answer = Newer(status, name, message);
        answer.Body["error"]!["details"] = new JsonArray(new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
            ["reason"] = reason,
            ["domain"] = "googleapis.com",
            ["metadata"] = new JsonObject(metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
        });
        return answer;
    }

    public static FakeAnswer Missing(string path) => Error(404, "notFound", $"The resource '{path}' was not found");

    public static FakeAnswer Invalid(string message) => Error(400, "invalid", message);
}

/// <summary>A call is refused.</summary>
internal sealed class FakeRefusalException(FakeAnswer answer) : Exception
{
    public FakeAnswer Answer => answer;
}
