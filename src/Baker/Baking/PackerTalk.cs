using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>Hands on what Packer says of one build to people.</summary>
internal sealed class PackerTalk(IBuildListener listener)
{
    private readonly PackerTitles _titles = new();

    private readonly PackerTemporaries _temporaries = new();

    /// <param name="line">As Packer, or a program that it started, has written it.</param>
    public void Hear(string line)
    {
        var parsed = PackerLine.Parse(line);
        if (parsed is { Kind: null })
            return;
        var text = parsed?.Text ?? line;
        if (text.Length == 0)
            return;
        if (parsed is { Kind: "say" } && _titles.Begins(text.Split('\n')[0]))
            listener.Begin(text.Split('\n')[0]);
        if (parsed is not null && _temporaries.Hear(text, parsed.Kind == "error"))
            listener.Keep(_temporaries.Left);
        listener.Hear(text);
    }
}
