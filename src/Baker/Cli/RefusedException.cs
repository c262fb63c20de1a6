namespace Baker.Cli;

/// <summary>Ends a command with a sentence for the user: what was tried, what refused, what to do.</summary>
public sealed class RefusedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
