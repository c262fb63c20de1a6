using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Secrets of one line as people and their editors store them, and what the machine's scripts make of them.</summary>
public sealed class StoredSecretTests
{
    /// <summary>What is stored, as <c>printf %b</c> writes it; the password, or the reason that it is none; the licence.</summary>
    private const string Cases = """
        Passw9rd-code|Passw9rd-code|Passw9rd-code
        Passw9rd-code\n|Passw9rd-code|Passw9rd-code
        Passw9rd-code\r\n|Passw9rd-code|Passw9rd-code
        \xef\xbb\xbfPassw9rd-code\r\n|Passw9rd-code|Passw9rd-code
        \t Passw9rd-code \t\n\n|Passw9rd-code|Passw9rd-code
        Passw9rd code|Passw9rd code|Passw9rd code
        Passw9rd"code"|Passw9rd"code"|Passw9rd"code"
        "Passw9rd-code"\r\n|root-password|Passw9rd-code
        'Passw9rd-code'|root-password|Passw9rd-code
        short\r\n\r\n\r\n|root-password|short
        """;

    [Fact]
    public async Task What_stands_around_a_line_is_no_part_of_it()
    {
        var bash = Tool.Wanted("bash", "bash") with { Input = string.Concat(Cases.Split('\n').Select(c => $"{c.Split('|')[0]}\n")) };
        var run = await bash.RunAsync(Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "words", "stored"), Checkout.PathOf("templates", "machine"));
        Assert.Equal(Cases, run.Require().TrimEnd());
    }
}
