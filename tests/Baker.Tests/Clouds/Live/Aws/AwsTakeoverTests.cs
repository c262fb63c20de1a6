using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// A stack that an older Baker launched is taken over by this one. Fixtures/launched has what that program asked of the account of these
/// tests to launch the example: action, body, and the ids that it was answered. Its own code made the requests: nothing in them follows
/// what this Baker would ask.
/// </summary>
public sealed partial class AwsTakeoverTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task The_stack_of_an_older_Baker_keeps_its_machines_disks_and_addresses()
    {
        using var account = new AwsFakeAccount();
        await LaunchedByOlderAsync(account);
        var (before, machines) = (Made(account), Running(account));
        Assert.Equal(3, machines.Length);
        // Consoles are silent here, so nothing says what runs: nobody's GitLab is moved by that.
        var refused = await account.RunAsync(account.Spec, Launch);
        Assert.Contains("nothing says which version duo-gitlab runs, and it would get", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Made(account));
        var run = await account.RunAsync(account.Spec, [.. Launch, "--upgrade"]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(machines, Running(account));
        Assert.Equal(before, Made(account));
        Assert.Contains("no change", (await account.RunAsync(account.Spec, Launch)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroy_leaves_nothing_of_what_an_older_Baker_launched()
    {
        using var account = new AwsFakeAccount();
        var empty = account.Inventory;
        await LaunchedByOlderAsync(account);
        Assert.NotEqual(empty, account.Inventory);
        var run = await account.RunAsync(account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(empty, account.Inventory);
    }

    private static string[] Running(AwsFakeAccount account) => [.. account.Things
        .Where(t => t.Kind == "instance" && t.Text("State.Name") is "running" or "pending")
        .Select(t => $"{t.Tag("Name")} {t.Id}").Order(StringComparer.Ordinal)];

    /// <summary>Everything in the account, by its id, but the room that each change keeps for some minutes.</summary>
    private static string[] Made(AwsFakeAccount account) => [.. account.Things.Where(t => t.Kind != "capacity-reservation").Select(t => t.Id).Order(StringComparer.Ordinal)];

    private static async Task LaunchedByOlderAsync(AwsFakeAccount account)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Checkout.Read("tests", "Baker.Tests", "Fixtures", "launched", "aws-2026-11-27.txt").TrimEnd('\n').Split('\n'))
        {
            var (action, recorded, answered) = line.Split('\t') is [var a, var b, var c] ? (a, b, c) : throw new InvalidDataException(line);
            var body = Id().Replace(recorded, id => ids.GetValueOrDefault(id.Value, id.Value));
            // What was made is seen after a moment, and machines take theirs to run.
            await Task.Delay(TimeSpan.FromMinutes(3), account.Time, TestContext.Current.CancellationToken);
            if (body[0] == '{')
            {
                account.SsmAnswer(action, JsonNode.Parse(body)!.AsObject());
                continue;
            }
            var form = body.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1]));
            var answer = Id().Matches(account.Ec2(action, form)).Select(m => m.Value).Distinct().ToArray();
            foreach (var (old, now) in answered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Zip(answer, (o, n) => (o, n)))
                ids[old] = now;
        }
    }

    [GeneratedRegex("[a-z]+-[0-9a-f]{17}")]
    private static partial Regex Id();
}
