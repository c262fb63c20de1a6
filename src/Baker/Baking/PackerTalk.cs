using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>Hands on what Packer says to people.</summary>
internal static class PackerTalk
{
    /// <summary>
    /// With these it begins a sentence about what comes after a build: cleaning up and the summary must not hide what failed.
    /// </summary>
    private static readonly string[] Closing =
    [
        "Build '", "Wait completed", "Builds finished", "Some builds", "Provisioning step had errors", "Terminating the source",
        "Cleaning up", "No volumes", "Deleting ",
        "Cleanly cancelled", "-->",
    ];

    /// <param name="line">As Packer, or a program that it started, has written it.</param>
    public static void Tell(string line, IBuildListener listener)
    {
        var parsed = PackerLine.Parse(line);
        if (parsed is { Kind: null })
            return;
        var text = parsed?.Text ?? line;
        if (text.Length == 0)
            return;
        if (parsed is { Kind: "say" } && !Closing.Any(c => text.StartsWith(c, StringComparison.Ordinal)))
            listener.Begin(text.Split('\n')[0]);
        listener.Hear(text);
    }
}
