namespace Baker.Language.Shapes;

/// <summary>Finds the word that was probably meant.</summary>
public static class Nearest
{
    /// <summary>
    /// The closest word, by insertions, deletions, changes and swaps of neighbours; null when none is close enough to suggest.
    /// </summary>
    public static string? Of(string seen, IEnumerable<string> words)
    {
        if (seen.Length > 64)
            return null;
        var (best, distance) = words.Select(w => (Word: w, Distance: Distance(seen, w)))
            .OrderBy(p => p.Distance).ThenBy(p => p.Word, StringComparer.Ordinal).FirstOrDefault((Word: "", Distance: int.MaxValue));
        // A third of the word may be wrong, rounded to the nearest: "modle" finds "models", "xyz" finds nothing.
        if (distance <= Math.Max(1, (seen.Length + 1) / 3))
            return best;
        return words.FirstOrDefault(w => seen.Length >= 3 && (w.StartsWith(seen, StringComparison.OrdinalIgnoreCase)
            || seen.StartsWith(w, StringComparison.OrdinalIgnoreCase) && w.Length >= 3));
    }

    // Optimal string alignment: Levenshtein's distance with swaps of neighbours counted as one.
    private static int Distance(string left, string right)
    {
        var d = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[left.Length, right.Length];
    }
}
