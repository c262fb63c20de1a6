using Xunit;

namespace Baker.Tests.Support;

/// <summary>
/// Compares output with a checked-in file under Golden/. With BAKER_UPDATE_GOLDENS=1 the file is rewritten instead, for a person
/// to read in the diff.
/// </summary>
public static class Golden
{
    public static bool IsUpdating => Environment.GetEnvironmentVariable("BAKER_UPDATE_GOLDENS") == "1";

    public static string Folder(params ReadOnlySpan<string> parts) => Path.Combine([Checkout.PathOf("tests", "Baker.Tests", "Golden"), .. parts]);

    /// <summary>The goldens in a folder, by their names in it.</summary>
    public static string[] Names(params ReadOnlySpan<string> parts)
    {
        var folder = Folder(parts);
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(folder, p)).Order(StringComparer.Ordinal)];
    }

    public static void Check(string actual, params ReadOnlySpan<string> parts) => Check(System.Text.Encoding.UTF8.GetBytes(actual), parts);

    public static void Check(ReadOnlySpan<byte> actual, params ReadOnlySpan<string> parts)
    {
        var path = Folder(parts);
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, actual);
            return;
        }
        Assert.True(File.Exists(path), $"there is no golden {path}; BAKER_UPDATE_GOLDENS=1 ./test writes it");
        var expected = File.ReadAllBytes(path);
        if (!actual.SequenceEqual(expected))
            Assert.Equal(System.Text.Encoding.UTF8.GetString(expected), System.Text.Encoding.UTF8.GetString(actual));
        Assert.True(actual.SequenceEqual(expected), $"{path} differs in bytes that are no text");
    }
}
