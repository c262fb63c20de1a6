using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Planning;

/// <summary>The machine-readable form of a plan: plan.json and `baker plan --json`.</summary>
public static class PlanJson
{
    // Leaves quotes and non-ASCII letters readable; the output goes to a terminal or a file, never into HTML.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8, as it is written.</summary>
    public static ReadOnlyMemory<byte> Write(Plan plan)
    {
        // Room for nearly every plan.
        var bytes = new ArrayBufferWriter<byte>(32 * 1024);
        using (var writer = new Utf8JsonWriter(bytes, Readable))
            JsonSerializer.Serialize(writer, plan, PlanJsonContext.Default.Plan);
        bytes.Write("\n"u8);
        return bytes.WrittenMemory;
    }
}

// Written by generated code without looking properties up.
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UseStringEnumConverter = true)]
[JsonSerializable(typeof(Plan))]
internal sealed partial class PlanJsonContext : JsonSerializerContext;
