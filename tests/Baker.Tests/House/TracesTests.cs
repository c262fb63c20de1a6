using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>Nothing in the repository remembers where it was written.</summary>
public partial class TracesTests
{
    // Folders that are built or belong to others.
    private static readonly string[] NotSource = [".git", "bin", "obj", "out", "dist", ".vs", ".idea"];

    [Fact]
    public void No_file_names_a_developers_folder()
    {
        var own = OwnFolder();
        Assert.Empty(Sources().Where(f => f.Text.Contains(own, StringComparison.Ordinal)).Select(f => f.Path));
        Assert.Empty(Found(Home()));
    }

    [Fact]
    public void No_file_names_a_package_feed()
    {
        Assert.Empty(Found(Feed()));
    }

    /// <summary>
    /// The folder the checkout lies in, siblings included; the checkout alone where that folder is one of the system's own, which
    /// scripts may name.
    /// </summary>
    private static string OwnFolder()
    {
        var parent = Path.GetDirectoryName(Checkout.Root)!;
        var isSystems = parent.Split('/') is ["", "" or "etc" or "home" or "mnt" or "opt" or "root" or "run" or "srv" or "tmp" or "usr" or "var", ..];
        return (isSystems ? Checkout.Root : parent) + "/";
    }

    private static IEnumerable<string> Found(Regex what) => Sources().SelectMany(f => what.Matches(f.Text).Select(m => $"{f.Path}: {m.Value}"));

    private static IEnumerable<(string Path, string Text)> Sources() =>
        Directory.EnumerateFiles(Checkout.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(p => Path.GetRelativePath(Checkout.Root, p))
            .Where(p => !p.Split('/').Any(NotSource.Contains) && !p.EndsWith(".gz", StringComparison.Ordinal))
            .Select(p => (p, Checkout.Read(p)));

    // The home of the gateway image's own user is no developer's.
    [GeneratedRegex(@"/(home|Users)/(?!aigateway/)[A-Za-z][A-Za-z0-9._-]*/")]
    private static partial Regex Home();

    // The v3 index of a NuGet server, the simple index of a Python one.
    [GeneratedRegex(@"https?://[^\s""']+/(v3/index\.json|simple/)")]
    private static partial Regex Feed();
}
