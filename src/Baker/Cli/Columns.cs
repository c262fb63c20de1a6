namespace Baker.Cli;

/// <summary>Rows of cells as columns of text, each as wide as its widest cell, the last as it comes.</summary>
internal static class Columns
{
    /// <param name="rows">All of one length, the heading first.</param>
    public static void Write(TextWriter writer, string[][] rows)
    {
        foreach (var row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, column) =>
                column == row.Length - 1 ? cell : cell.PadRight(rows.Max(r => r[column].Length)))));
    }
}
