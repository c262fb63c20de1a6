using Xunit;

namespace Baker.Tests.Support;

/// <summary>The one native file that <c>./build</c> makes.</summary>
public static class NativeProgram
{
    private static readonly string File = Checkout.PathOf("dist", "baker");

    /// <summary>Its path; where it was not built, or not of these sources, the calling test counts as skipped.</summary>
    public static string Wanted()
    {
        if (!System.IO.File.Exists(File))
            Assert.Skip("there is no native program: ./build makes it");
        if (Sources().Any(s => System.IO.File.GetLastWriteTimeUtc(s) > System.IO.File.GetLastWriteTimeUtc(File)))
            Assert.Skip("the native program is older than its sources: ./build makes it anew");
        return File;
    }

    private static IEnumerable<string> Sources() => new[] { "src", "templates" }
        .SelectMany(folder => Directory.EnumerateFiles(Checkout.PathOf(folder), "*", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));
}
