using System.Text.RegularExpressions;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>
/// What a builder says of itself (<c>templates/builder/bake.sh</c>). Only whole lines count that name this build, which nothing but its
/// own script knows: no
/// package's output and no line that somebody wrote into can be mistaken for them.
/// </summary>
internal sealed partial class BuilderConsole(string build)
{
    private readonly string _mark = $"BAKE {build} ";

    /// <summary><c>upgrade</c>, <c>install</c>, <c>seal</c> or <c>sealed</c>; empty: it has said nothing yet.</summary>
    public string Phase { get; private set; } = "";

    /// <summary>The phase that failed; null: none has.</summary>
    public string? Failed { get; private set; }

    /// <summary>
    /// The look at the end found nothing that does not belong into an image, and the machine was then switched off in order.
    /// </summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes one line.</summary>
    /// <returns>The same without what is meant for a terminal.</returns>
    public string Take(string line)
    {
        var text = Terminal().Replace(line, "");
        if (text.StartsWith(_mark, StringComparison.Ordinal))
        {
            var words = text[_mark.Length..];
            if (words is "upgrade" or "install" or "seal" or "sealed")
                Phase = words;
            else if (words.StartsWith("failed ", StringComparison.Ordinal))
                Failed = words["failed ".Length..];
        }
        // The kernel's last word.
        IsDone |= Phase == "sealed" && Failed is null && text.EndsWith("reboot: Power down", StringComparison.Ordinal);
        return text;
    }

    // ECMA-48: control sequences, and single control characters.
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")]
    private static partial Regex Terminal();
}
