using Baker.Language.Values;
using Xunit;

namespace Baker.Tests.Language.Values;

/// <summary>Times as Ollama's parsers take them, and no others.</summary>
public class KeepAliveTimeTests
{
    [Theory]
    [InlineData("-1", "-1"), InlineData("0", "0"), InlineData("1800", "1800"), InlineData("30m", "30m"), InlineData("1h30m", "1h30m"), InlineData("1.5h", "1.5h"), InlineData(".5s", ".5s")]
    [InlineData("1.s", "1.s"), InlineData("-5m", "-5m"), InlineData("+5m", "+5m"), InlineData("250ms", "250ms"), InlineData("3µs", "3µs")]
    // All of these are nothing, and whole seconds are JSON numbers without zeros in front.
    [InlineData("00", "0"), InlineData("-0", "0"), InlineData("0s", "0"), InlineData("0h0m", "0"), InlineData("0.0s", "0"), InlineData("007", "7"), InlineData("+5", "5"), InlineData("-05", "-5")]
    public void A_time_is_taken_and_reads_alike_everywhere(string written, string normal) => Assert.Equal((null, normal), (KeepAliveTime.Format.Problem(written), KeepAliveTime.Normal(written)));

    [Theory]
    // Five minutes to Ollama, without a word.
    [InlineData(""), InlineData("-"), InlineData("1.5"), InlineData("1d"), InlineData("abc"), InlineData("30 m"), InlineData("30M"), InlineData(".s"), InlineData("1h-5m"), InlineData("forever")]
    // More than 292 years.
    [InlineData("9223372037"), InlineData("-9223372037"), InlineData("2562048h"), InlineData("99999999999999999999")]
    public void What_Ollama_would_not_understand_is_refused(string written) => Assert.NotNull(KeepAliveTime.Format.Problem(written));

    [Fact]
    public void The_longest_time_is_taken() => Assert.Null(KeepAliveTime.Format.Problem("2562047h47m16.854775807s"));
}
