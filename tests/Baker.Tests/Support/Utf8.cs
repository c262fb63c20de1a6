using System.Text;

namespace Baker.Tests.Support;

/// <summary>What a text is once it has been a file.</summary>
public static class Utf8
{
    /// <summary>Halves of surrogate pairs are no characters; a file has U+FFFD in their place.</summary>
    public static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
