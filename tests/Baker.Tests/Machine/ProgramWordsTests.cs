using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What programs say when they fail, and the reason that the machine's scripts make of it.</summary>
public sealed class ProgramWordsTests
{
    private static readonly string[] Fixture = ["tests", "Baker.Tests", "Fixtures", "words"];

    [Fact]
    public async Task Each_message_has_the_reason_that_it_is()
    {
        var run = await Tool.Wanted("bash", "bash").RunAsync(
            Checkout.PathOf([.. Fixture, "judge"]), Checkout.PathOf("templates", "machine"), Checkout.PathOf([.. Fixture, "programs.txt"]));
        Assert.Equal(
            Checkout.Read([.. Fixture, "programs.txt"]).TrimEnd().Split('\n').Where(l => !l.StartsWith('#')),
            run.Require().TrimEnd().Split('\n'));
    }
}
