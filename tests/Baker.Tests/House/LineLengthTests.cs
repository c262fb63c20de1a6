using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>A line of the sources ends before column 140. A regular expression stands on one.</summary>
public class LineLengthTests
{
    private const int Most = 139;

    [Fact]
    public void Every_line_ends_before_column_140() => Assert.Empty(
        Directory.EnumerateFiles(Checkout.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (line, At: $"{Path.GetRelativePath(Checkout.Root, f)}:{i + 1}")))
            .Where(l => l.line.Length > Most && !l.line.TrimStart().StartsWith("[GeneratedRegex(", StringComparison.Ordinal))
            .Select(l => l.At));
}
