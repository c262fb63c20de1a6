using System.Text.Json.Serialization;

namespace Baker.Diagnostics;

/// <summary>How much a diagnostic matters: only an <see cref="Error"/> stops the work.</summary>
public enum Severity
{
    [JsonStringEnumMemberName("note")]
    Note,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("error")]
    Error,
}
