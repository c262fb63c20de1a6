using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Diagnostics;

/// <summary>The machine-readable form of a report: <c>baker validate --json</c>.</summary>
public static class DiagnosticJson
{
    public static string Write(SourceText source, IReadOnlyList<Diagnostic> diagnostics)
    {
        var rows = diagnostics.Select(d => new DiagnosticRow(
            d.Message.Code, d.Message.Severity, d.Path.Text, source.Name,
            d.Spot?.Line, d.Spot?.Column, d.Spot?.Length, d.Message.Text, d.Message.Hint)).ToArray();
        return JsonSerializer.Serialize(rows, DiagnosticJsonContext.Readable.DiagnosticRowArray) + "\n";
    }
}

internal sealed record DiagnosticRow(
    string Code, Severity Severity, string Path, string File, int? Line, int? Column, int? Length, string Message, string? Hint);

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DiagnosticRow[]))]
internal sealed partial class DiagnosticJsonContext : JsonSerializerContext
{
    /// <summary>Leaves quotes and non-ASCII letters readable; the output goes to a terminal or a file, never into HTML.</summary>
    public static DiagnosticJsonContext Readable => field ??=
        new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
