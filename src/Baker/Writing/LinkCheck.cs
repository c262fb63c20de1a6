namespace Baker.Writing;

/// <summary>Finds links on the way to a file. What is written, removed or read through one lies somewhere else.</summary>
/// <param name="root">Full path of the folder that the way begins with; what is above it is trusted.</param>
internal sealed class LinkCheck(string root)
{
    /// <param name="path">Full path of a file or folder in <c>root</c>.</param>
    /// <returns>The first link on the way from the root, that one and the file itself included; null: there is none.</returns>
    public string? Find(string path)
    {
        string? first = null;
        for (var part = path; part is not null && part.Length >= root.Length; part = Path.GetDirectoryName(part))
        {
            if (IsLink(part))
                first = part;
        }
        return first;
    }

    /// <summary>Also of one that leads nowhere.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
