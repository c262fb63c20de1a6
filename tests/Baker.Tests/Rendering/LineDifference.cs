namespace Baker.Tests.Rendering;

/// <summary>The lines that turn one text into another, as few as there can be: without numbers, which would change with every line before them.</summary>
internal static class LineDifference
{
    /// <returns>Each line after <c>-</c> or <c>+</c>; nothing when the texts are the same.</returns>
    public static IEnumerable<string> Of(string from, string to)
    {
        string[] a = from.Split('\n'), b = to.Split('\n');
        // How many lines the rests from here on have in common.
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
                (i, j) = (i + 1, j + 1);
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1]))
                yield return "-" + a[i++];
            else
                yield return "+" + b[j++];
        }
    }
}
