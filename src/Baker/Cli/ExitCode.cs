namespace Baker.Cli;

/// <summary>What a command's end means. Documented in README.md.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The spec is wrong; the report says where.</summary>
    public const int SpecWrong = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The world refused: a disk, a cloud, a time limit; or <c>verify</c> found something wrong.</summary>
    public const int Refused = 3;

    /// <summary><c>diff</c> or <c>--check</c> found a difference.</summary>
    public const int Different = 4;

    /// <summary>A mistake in Baker itself; EX_SOFTWARE of sysexits.</summary>
    public const int Bug = 70;

    /// <summary>Ctrl-C: 128 and the signal's number, as shells count.</summary>
    public const int Cancelled = 130;
}
