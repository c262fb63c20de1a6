using Baker.Tests.Support;

namespace Baker.Tests.Judges;

/// <summary>What <c>cloud-init schema</c> thinks of a file.</summary>
public static class CloudInitVerdict
{
    /// <summary>Null when it has nothing to say but that the file is valid: deprecations leave its exit code at 0.</summary>
    public static string? Complaint(ToolRun run) =>
        run.Code == 0 && run.Error.Length == 0 && run.Out.StartsWith("Valid ", StringComparison.Ordinal) && run.Out.TrimEnd().Split('\n').Length == 1
            ? null : $"exit code {run.Code}: {run.Words}";
}
