using CsCheck;

namespace Baker.Tests.Support;

/// <summary>Strings that are hard to carry: whatever some language gives a meaning, in every order, beside everything else.</summary>
public static class AwkwardText
{
    private static readonly string[] Pieces =
    [
        "\n", "\n\n", "\r\n", "\r", "\t", " ", "  ", "    ", "\u00a0", "\u0085", "\u2028", "\u2029", "\ufeff", "\u007f", "\u001b[0m", "\u0001", "\ufffe", "\uffff",
        "'", "''", "\"", "\\", "\\\\", "\\n", "\\'", "`", "```", "\n```\n", "~~~", "$", "$$", "${", "$${", "%{", "%%{", "$(", "$((", "}", "{{", "}}", "{{{", "{{ env `HOME` }}", "{%", "#{", "{ ",
        "#", " #", "# ", ":", ": ", "- ", "\n- ", "? ", "---", "\n---\n", "...", "| ", "|", "\\|", ">", "<", "<!--", "<b>", "&", "&amp;", "*", "**x**", "_", "!", "!!str ", "@", "%", "~", "~~x~~", "null", "yes", "0x1f", "1e3",
        "1. ", "2) ", "+ ", "=", "===", "[", "]", "[x](y)", "![x](y)", "[ ] ", "https://a_b.example/*c*", "www.a_b.example", "mailto:a_b@c.example", "<https://x>", ";", "&&", "||", "=", "cloud='x'", "\ncloud='gcp'\n",
        "é", "e\u0301", "\u0301", "ﬀ", "ß", "日本", "😀", "👩\u200d👩\u200d👧", "\u200b", "\u202e", "𝔘", "x", "key", "a b",
    ];

    private static readonly Gen<string> Character = Gen.Frequency(
        (3, Gen.Int[' ', '~'].Select(c => ((char)c).ToString())),
        (1, Gen.Int[1, 0xd7ff].Select(c => ((char)c).ToString())),
        (1, Gen.Int[0xe000, 0x10ffff].Select(char.ConvertFromUtf32)));

    private static readonly Gen<string> Piece = Gen.Frequency((4, Gen.OneOf(Pieces)), (3, Character));

    /// <summary>Without NUL and without halves of surrogate pairs, which no spec can hold.</summary>
    public static readonly Gen<string> Any = Gen.Frequency(
        (40, Piece.Array[0, 12].Select(string.Concat)),
        (10, Piece),
        (1, Piece.Array[1_000, 4_000].Select(string.Concat)));

    /// <summary>Text with halves of surrogate pairs in any place.</summary>
    public static readonly Gen<string> Broken = Gen.Select(Any, Gen.Int[0xd800, 0xdfff], Any, (before, half, after) => before + (char)half + after);
}
