using System.IO.Compression;
using System.Text;
using Baker.Packing;
using CsCheck;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>What is packed comes out again, whatever it is.</summary>
public class PackingTests
{
    public static TheoryData<string> Unusual =>
    [
        "", "a", "ab", "aa", new string('a', 3), new string('a', 258), new string('a', 259), new string('a', 5_000), "abc" + new string('b', 40_000) + "abc",
        string.Concat(Enumerable.Range(0, 256).Select(i => (char)i)), string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i * i},")),
    ];

    [Theory, MemberData(nameof(Unusual))]
    public void Unusual_texts_come_out_as_they_went_in(string text) => AssertComesBack(Encoding.Latin1.GetBytes(text));

    [Fact]
    public void Any_bytes_come_out_as_they_went_in() => Gen.Byte.Array[0, 600].Sample(AssertComesBack, iter: 200);

    [Fact]
    public void Text_of_few_words_comes_out_as_it_went_in()
    {
        string[] words = ["if ", "fi\n", "then ", "\t\t", "say \"$1\" ", "[[ -n $proxy ]]", "}"];
        Gen.Int[0, words.Length - 1].Array[0, 900].Sample(of => AssertComesBack(Encoding.Latin1.GetBytes(string.Concat(of.Select(i => words[i])))), iter: 60);
    }

    /// <summary>Counts that grow as Fibonacci's numbers ask for words that are longer than there may be.</summary>
    [Theory, InlineData(7), InlineData(15)]
    public void No_word_of_a_code_is_longer_than_there_may_be(int most)
    {
        var counts = new int[Math.Min(1 << most, 40)];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = i < 2 ? 1 : counts[i - 1] + counts[i - 2] < 0 ? counts[i - 1] : Math.Min(counts[i - 1] + counts[i - 2], 1 << 20);
        var lengths = CodeLengths.Of(counts, most);
        Assert.InRange(lengths.Max(), 1, most);
        // Complete: every row of bits is a word or begins one.
        Assert.Equal(1 << most, lengths.Sum(length => 1 << (most - length)));
    }

    [Fact]
    public void More_than_can_be_counted_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => GzipFile.Of(new byte[(128 * 1024) + 1]));

    private static void AssertComesBack(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(GzipFile.Of(bytes)), CompressionMode.Decompress))
            gzip.CopyTo(plain);
        Assert.Equal(bytes, plain.ToArray());
    }
}
