using System.Collections.Immutable;

namespace Baker.Tests.Support;

/// <summary>A Markdown file that people read: the files at the root and under docs/.</summary>
/// <param name="Path">Relative to the checkout, with slashes.</param>
public sealed record ManualPage(string Path, ImmutableArray<string> Lines)
{
    public static IEnumerable<ManualPage> All { get; } = [.. Files().Order(StringComparer.Ordinal).Select(Read)];

    public static ManualPage Read(string path) => new(path, [.. Checkout.Read(path).Split('\n')]);

    /// <summary>The fenced blocks, in order.</summary>
    public IEnumerable<Fence> Fences()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (!Lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            var end = Enumerable.Range(i + 1, Lines.Length - i - 1).First(n => Lines[n] == "```");
            yield return new Fence($"{Path}:{i + 1}", Lines[i][3..].Trim(), string.Concat(Lines[(i + 1)..end].Select(l => l + "\n")));
            i = end;
        }
    }

    /// <summary>Everything outside fenced blocks, with line numbers.</summary>
    public IEnumerable<(int Number, string Text)> Prose()
    {
        var inside = false;
        for (var i = 0; i < Lines.Length; i++)
        {
            if (Lines[i].StartsWith("```", StringComparison.Ordinal))
                inside = !inside;
            else if (!inside)
                yield return (i + 1, Lines[i]);
        }
    }

    private static IEnumerable<string> Files()
    {
        var docs = Checkout.PathOf("docs");
        return Directory.EnumerateFiles(Checkout.Root, "*.md")
            .Concat(Directory.Exists(docs) ? Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories) : [])
            .Select(p => System.IO.Path.GetRelativePath(Checkout.Root, p).Replace('\\', '/'));
    }
}

/// <param name="Place">File and line of the opening fence.</param>
/// <param name="Info">What stands after the opening backticks.</param>
public sealed record Fence(string Place, string Info, string Text)
{
    public string Language => Info.Split(' ')[0];
}
