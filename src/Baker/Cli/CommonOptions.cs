using System.CommandLine;

namespace Baker.Cli;

/// <summary>Options that mean the same in several commands.</summary>
internal static class CommonOptions
{
    /// <summary>Minutes: an hour and a half covers GitLab's first start, a driver and a few gigabytes of model on a slow line.</summary>
    private const int DefaultTimeout = 90;

    public static Option<bool> Yes() => new("--yes") { Description = "do not ask" };

    public static Option<bool> NoWait() => new("--no-wait") { Description = "return as soon as the machines run" };

    public static Option<bool> JsonEvents() => new("--json") { Description = "print what happens as JSON lines on standard output" };

    public static Option<bool> BreakLock() => new("--break-lock") { Description = "remove the lock that a run left when it was killed" };

    public static Option<int> Timeout()
    {
        var option = new Option<int>("--timeout")
        {
            Description = "minutes to wait until the stack is ready",
            DefaultValueFactory = _ =>
            DefaultTimeout
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var minutes) && minutes is < 1 or > 1440)
                result.AddError("--timeout: write minutes, 1 to 1440");
        });
        return option;
    }
}
