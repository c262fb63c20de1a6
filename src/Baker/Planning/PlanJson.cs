using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Planning;

/// <summary>The machine-readable form of a plan: plan.json and `baker plan --json`.</summary>
public static class PlanJson
{
    public static string Write(Plan plan) => JsonSerializer.Serialize(plan, PlanJsonContext.Readable.Plan) + "\n";
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Plan))]
internal sealed partial class PlanJsonContext : JsonSerializerContext
{
    /// <summary>Leaves quotes and non-ASCII letters readable; the output goes to a terminal or a file, never into HTML.</summary>
    public static PlanJsonContext Readable => field ??=
        new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
