using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baker.Clouds;

namespace Baker.Planning;

/// <summary>The machine-readable form of a plan: plan.json and `baker plan --json`.</summary>
public static class PlanJson
{
    // Leaves quotes and non-ASCII letters readable; the output goes to a terminal or a file, never into HTML.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Plan plan)
    {
        var bytes = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(bytes, Readable))
            JsonSerializer.Serialize(writer, plan, PlanJsonContext.Default.Plan);
        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }
}

// Written by generated code without looking properties up; only a cloud, which may be any of several, is looked up.
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(CloudSpec), GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class PlanJsonContext : JsonSerializerContext;
