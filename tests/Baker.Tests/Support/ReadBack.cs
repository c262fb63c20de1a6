using System.Globalization;
using Xunit;

namespace Baker.Tests.Support;

/// <summary>Compares texts with what a parser made of them, and shows the first that came back different in characters one can tell apart.</summary>
public static class ReadBack
{
    public static void Same(IEnumerable<string> written, IEnumerable<string> read)
    {
        var (before, after) = (written.ToArray(), read.ToArray());
        foreach (var (text, back) in before.Zip(after))
            Assert.True(text == back, $"written: {Shown(text)}\nread:    {Shown(back)}");
        Assert.Equal(before.Length, after.Length);
    }

    /// <summary>For reports of a failed sample: a thousand awkward texts say nothing to anybody.</summary>
    public static string Count<T>(T[] texts) => $"{texts.Length} texts";

    private static string Shown(string text) =>
        string.Concat(text.Select(c => c is > ' ' and < '\u007f' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"<{(int)c:x}>")));
}
