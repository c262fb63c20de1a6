namespace Baker.Diagnostics;

/// <summary>How much a diagnostic matters: only an <see cref="Error"/> stops the work.</summary>
public enum Severity
{
    Note,
    Warning,
    Error,
}
