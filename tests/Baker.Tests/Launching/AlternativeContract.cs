using System.Text.Json;
using System.Text.RegularExpressions;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What holds on every cloud of a machine that may have one of several types. One class per cloud derives from it.</summary>
public abstract partial class AlternativeContract<TAccount>
    where TAccount : FakeAccount, new()
{
    /// <summary>Set by <c>./test --all</c>: every call is cut off.</summary>
    private static readonly int Stride = Environment.GetEnvironmentVariable("BAKER_EVERY_CALL") is null ? 9 : 1;

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait", "--break-lock", "--risk-capacity"];

    [Fact]
    public async Task The_first_type_that_some_zone_has_is_taken_and_stays()
    {
        using var account = new TAccount();
        var (first, second, third) = (account.Alike[0], account.Alike[1], account.Alike[2]);
        var spec = account.OneOf(account.Alike);
        var shown = await account.RunAsync(spec, "diff");
        Assert.Contains($"  + machine duo-ollama: {first}, else {second}, else {third}, 50 GB, 10.77.", shown.Out, StringComparison.Ordinal);
        Assert.Matches($"machine duo-ollama \\({first} with 1 × [A-Z0-9a-z ]+ GB, else {second} with 1 × [A-Z0-9a-z ]+ GB, else {third} with ", shown.Out);
        account.SellOut(first, second);
        var said = await DoneAsync(account, spec, Launch);
        Assert.Contains($"no {first} is left; trying {second}", said, StringComparison.Ordinal);
        Assert.Contains($"no {second} is left; trying {third}", said, StringComparison.Ordinal);
        Assert.StartsWith(third, await TypeAsync(account, spec), StringComparison.Ordinal);
        // What is there again is no reason to give up what works, and neither is another order.
        account.SellOut();
        var writes = account.Writes;
        foreach (var order in new[] { spec, account.OneOf(third, second), account.OneOf(second, third), account.OneOf(third) })
            Assert.Contains("no change", await DoneAsync(account, order, Launch), StringComparison.Ordinal);
        Assert.Equal(writes, account.Writes);
    }

    [Fact]
    public async Task A_machine_that_is_made_anew_gets_what_is_wanted_most()
    {
        using var account = new TAccount();
        var (first, second, third) = (account.Alike[0], account.Alike[1], account.Alike[2]);
        account.SellOut(first, second);
        await DoneAsync(account, account.OneOf(account.Alike), Launch);
        account.SellOut(first);
        await DoneAsync(account, account.OneOf(account.Alike), [.. Launch, "--replace", "ollama"]);
        Assert.StartsWith(second, await TypeAsync(account, account.OneOf(account.Alike)), StringComparison.Ordinal);
    }

    /// <summary>A user-data of its own, and the type that it has got.</summary>
    [Fact]
    public async Task A_machine_of_another_type_takes_a_change_as_any_other()
    {
        using var account = new TAccount();
        var spec = account.OneOf(account.Alike);
        account.SellOut(account.Alike[0]);
        await DoneAsync(account, spec, Launch);
        var changed = spec.Replace("] }", "], context_length: 8192 }", StringComparison.Ordinal);
        Assert.Contains("~ machine duo-ollama: new user-data", await DoneAsync(account, changed, Launch), StringComparison.Ordinal);
        Assert.StartsWith(account.Alike[1], await TypeAsync(account, changed), StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, changed, Launch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_zone_has_any_of_them_all_are_tried_again()
    {
        using var account = new TAccount();
        account.SellOut(account.Alike);
        var run = await account.RunAsync(account.OneOf(account.Alike), [.. Launch, "--timeout", "25"]);
        Assert.Equal(ExitCode.Refused, run.Code);
        var all = string.Join(" or ", account.Alike);
        Assert.Contains($"no {all} is left just now (try 2)", run.Error, StringComparison.Ordinal);
        Assert.Contains($"another machine than {all} may have room", run.Error, StringComparison.Ordinal);
        account.SellOut(account.Alike[0]);
        await DoneAsync(account, account.OneOf(account.Alike), Launch);
    }

    /// <summary>Nothing of a type that was not to be had is left, and nothing is there twice. Where it was cut off decides the zone.</summary>
    [Fact]
    public async Task A_launch_cut_off_at_any_call_ends_with_one_machine()
    {
        using var reference = new TAccount();
        reference.SellOut(reference.Alike[0]);
        var spec = reference.OneOf(reference.Alike);
        await DoneAsync(reference, spec, Launch);
        var (calls, wanted) = (reference.Calls, Anywhere(reference));
        await Parallel.ForEachAsync(Enumerable.Range(1, calls).Where(at => at % Stride == 0), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) =>
        {
            using var account = new TAccount();
            account.SellOut(account.Alike[0]);
            (account.FaultAt, account.FaultKind) = (at, Fault.Kill);
            await account.RunAsync(spec, Launch);
            account.FaultAt = 0;
            await DoneAsync(account, spec, Launch);
            Assert.True(wanted.SequenceEqual(Anywhere(account)), $"killed at call {at}:\n{string.Join('\n', Anywhere(account))}\n\nwanted:\n{string.Join('\n', wanted)}");
        });
    }

    private static string[] Anywhere(TAccount account) => [.. account.Inventory.Select(l => Zone().Replace(l, "zone"))];

    [GeneratedRegex("zone-[ab]|[a-z]+-northeast-?1-?[a-d]")]
    private static partial Regex Zone();

    /// <summary>What it is billed as.</summary>
    private static async Task<string> TypeAsync(TAccount account, string spec)
    {
        using var diff = JsonDocument.Parse((await account.RunAsync(spec, "diff", "--json")).Out);
        return diff.RootElement.GetProperty("costs").EnumerateArray()
            .Single(c => c.GetProperty("kind").GetString() == "machine" && c.GetProperty("name").GetString() == "duo-ollama").GetProperty("what").GetString()!;
    }

    private static async Task<string> DoneAsync(TAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
