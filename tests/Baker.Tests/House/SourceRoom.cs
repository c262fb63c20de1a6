using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Tests.Support;

namespace Baker.Tests.House;

/// <summary>A room: a folder of the sources and the namespace of that name, with all below it that is no room of its own.</summary>
/// <param name="Name">As a path: <c>Stack</c>, <c>Clouds/Live</c>.</param>
public sealed record SourceRoom(string Name, ImmutableArray<SourceFile> Files)
{
    /// <summary>The projects whose folders are rooms. What is in the first has no clock, no disk, no network and no process.</summary>
    public static readonly ImmutableArray<string> Projects = ["Baker.Pure", "Baker"];

    // A folder that is only the roof over two rooms.
    private const string Roof = "Clouds";

    public static readonly ImmutableArray<SourceRoom> All =
    [
        .. Projects.SelectMany(p => Folders(Checkout.PathOf("src", p)).Select(folder => (Project: Checkout.PathOf("src", p), Folder: folder)))
            .Select(f => new SourceRoom(Path.GetRelativePath(f.Project, f.Folder), [.. SourceFile.In(f.Folder)])),
    ];

    /// <summary>The path of a file within its project.</summary>
    public static string PathIn(string file) => Projects.Select(p => Path.GetRelativePath(Checkout.PathOf("src", p), file)).First(p => !p.StartsWith("..", StringComparison.Ordinal));

    public string Namespace => $"Baker.{Name.Replace('/', '.')}";

    public bool Has(string name) => name == Namespace || name.StartsWith(Namespace + ".", StringComparison.Ordinal);

    /// <summary>The types of this room that a room names: where it says the type and sees its namespace, or says it behind one.</summary>
    public ImmutableSortedSet<string> NamedBy(SourceRoom other) => [.. other.Files.SelectMany(NamedIn)];

    private IEnumerable<string> NamedIn(SourceFile file) => Files
        .Where(f => file.Sees(f.Namespace)).SelectMany(f => f.Types).Where(file.Words.Contains)
        .Concat(Files.SelectMany(f => f.Types).Where(file.QualifiedWords.Contains));

    private static IEnumerable<string> Folders(string project) => Directory.EnumerateDirectories(project)
        .Where(p => Path.GetFileName(p) is not ("bin" or "obj"))
        .SelectMany(p => Path.GetFileName(p) == Roof ? Directory.EnumerateDirectories(p) : [p]).Order(StringComparer.Ordinal);
}

/// <summary>What one source file declares and names.</summary>
/// <param name="Words">Every word of its code that follows no dot.</param>
/// <param name="QualifiedWords">Every word that follows a namespace of the program and a dot.</param>
public sealed partial record SourceFile(
    string Path, string Namespace, ImmutableHashSet<string> Usings, ImmutableArray<string> Types, ImmutableHashSet<string> Words, ImmutableHashSet<string> QualifiedWords)
{
    public static IEnumerable<SourceFile> In(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(p => Read(p, File.ReadAllText(p)));

    public static SourceFile Read(string path, string text)
    {
        var code = Comment().Replace(text, "");
        return new SourceFile(
            path, Home().Match(code) is { Success: true } home ? home.Groups[1].Value : "", [.. Using().Matches(code).Select(m => m.Groups[1].Value)],
            [.. Declared().Matches(code).Select(m => m.Groups[1].Value)], [.. Word().Matches(code).Select(m => m.Value)],
            [.. Qualified().Matches(Using().Replace(Home().Replace(code, ""), "")).Select(m => m.Value)]);
    }

    /// <summary>Its own namespace, those around it and those that it uses.</summary>
    public bool Sees(string name) => name == Namespace || Namespace.StartsWith(name + ".", StringComparison.Ordinal) || Usings.Contains(name);

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Home();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|abstract|sealed|readonly|partial|ref) )*(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();

    // Behind a namespace: Live.Image, Baker.Stack.Spec.
    [GeneratedRegex(@"(?<=(?<![\w.])(?:Baker\.)?(?:[A-Z]\w*\.)*(?:Diagnostics|Embedded|Language|Secrets|Shapes|Values|Yaml|Facts|Live|Stack|Roles|Machine|Planning|Rendering|Writing|Launching|Baking|Verifying|Cli)\.)[A-Z]\w*")]
    private static partial Regex Qualified();
}
