namespace Baker.Tests.Support;

/// <summary>A folder that tests and the programs of a tree both see, removed at its end.</summary>
public sealed class TreeFolder : IDisposable
{
    public TreeFolder(string tree)
    {
        Outside = tree + Inside;
        Directory.CreateDirectory(Outside);
    }

    /// <summary>As the programs of the tree see it.</summary>
    public string Inside { get; } = $"/tmp/baker-test-{Path.GetRandomFileName()}";

    /// <summary>As everybody else sees it.</summary>
    public string Outside { get; }

    /// <summary>Writes a file and says where the tree's programs find it.</summary>
    public string File(string name, string content)
    {
        System.IO.File.WriteAllText(Path.Combine(Outside, name), content);
        return $"{Inside}/{name}";
    }

    public void Dispose() => Directory.Delete(Outside, recursive: true);
}
