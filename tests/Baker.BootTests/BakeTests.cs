using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Baker.BootTests;

/// <summary>Images of all roles, baked on this machine, and a stack that boots from them while nothing that it could fetch from answers, beside one from the stock image.</summary>
[Trait("tier", "all")]
public class BakeTests
{
    /// <summary>Steps whose work is in an image: on a machine from one they may be looked at, and never run.</summary>
    private static readonly string[] Installing = ["prepare", "repository", "backup", "gitlab-package", "docker-package", "gateway-image", "driver", "ollama", "models"];

    /// <summary>Enough for fetching to count; the originals weigh more.</summary>
    private static readonly Weights Heavy = new(Package: 400, GatewayImage: 300, Model: 1000, Pace: 20);

    [Fact]
    public async Task A_stack_from_baked_images_gets_ready_and_fetches_nothing()
    {
        await using var lab = await BootLab.StartAsync(Heavy);
        var stock = await StockAsync(lab);
        await using var stack = await StackOnDesk.DescribeAsync(lab, "baked", 18453, "10.87");
        var images = await BakedAsync(stack);
        await lab.TellAsync(new() { ["do"] = "clear" });
        await lab.TellAsync(new() { ["do"] = "fault", ["fault"] = new JsonObject { ["path"] = "*", ["do"] = "reset", ["times"] = -1 } });

        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var (launch, baked) = await TimedAsync(stack, "launch", "--yes", "--timeout", "40");
        Assert.All(images, i => Assert.Contains($"image {Name(i.Value)}: baked, fingerprint ", launch, StringComparison.Ordinal));
        var asked = (await lab.TellAsync(new() { ["do"] = "log" }))["log"]!.AsArray();
        Say($"asked of the mirrors: {asked.Count} requests, {asked.Sum(r => r!["bytes"]?.GetValue<long>() ?? 0)} bytes\n{string.Join('\n', asked.Select(r => r!.ToJsonString()))}");
        Assert.Equal(0, asked.Sum(r => r!["bytes"]?.GetValue<long>() ?? 0));
        foreach (var (role, host) in StackChecks.Roles)
        {
            // When each step was last done; those that install, in the image.
            var stamps = (await stack.SshAsync(host, "cd /var/lib/baker/steps && stat -c \"%n %Y\" *")).Out.TrimEnd().Split('\n').Select(l => l.Split(' ')).ToDictionary(p => p[0], p => long.Parse(p[1]));
            Assert.Contains("prepare", stamps.Keys);
            Assert.All(stamps, s => Assert.True(Installing.Contains(s.Key) == s.Value < before, $"{role}: {s.Key} at {s.Value}, launched at {before}"));
        }

        Say($"from baked images in {baked / stock:0.00} of the time from the stock image");

        // The machines boot from their images; these stay, also when the machines are gone.
        var used = await stack.BakerAsync("images", "delete", images["ollama"], "--spec", "baker.yaml", "--yes");
        Assert.Equal(3, used.Code);
        Assert.Contains("is in use by baked-ollama; nothing was deleted", used.Error, StringComparison.Ordinal);
        await stack.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.All(images.Values, i => Assert.True(File.Exists(i), i));
        Assert.Equal(["images"], Directory.GetFileSystemEntries(stack.State).Select(Path.GetFileName));
        Assert.InRange(baked / stock, 0, 0.5);
    }

    /// <summary>How long a launch takes that has to install everything.</summary>
    private static async Task<TimeSpan> StockAsync(BootLab lab)
    {
        await using var stack = await StackOnDesk.DescribeAsync(lab, "stock", 18454, "10.88");
        return (await TimedAsync(stack, "launch", "--yes", "--timeout", "40")).Taken;
    }

    /// <summary>Role and image.</summary>
    private static async Task<Dictionary<string, string>> BakedAsync(StackOnDesk stack)
    {
        await TimedAsync(stack, "bake");
        Assert.Empty(stack.Machines());
        Assert.Equal(["images"], Directory.GetFileSystemEntries(stack.State).Select(Path.GetFileName));
        var again = await stack.BakerAsync("bake");
        Assert.Equal((0, 3), (again.Code, again.Error.Split('\n').Count(l => l.Contains(": nothing to do: ", StringComparison.Ordinal))));
        var images = again.Out.TrimEnd().Split('\n').Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1]);
        Assert.Equal(StackChecks.Roles.Select(r => r.Role), images.Keys);
        Say(await stack.DoneAsync("images", "list", "baker.yaml") + string.Join('\n', images.Values.Select(i => $"{i}: {new FileInfo(i).Length >> 20} MiB")));
        return images;
    }

    private static async Task<(string Said, TimeSpan Taken)> TimedAsync(StackOnDesk stack, params string[] arguments)
    {
        var since = Stopwatch.StartNew();
        var said = await stack.DoneAsync(arguments);
        Say($"{stack.Name}: {arguments[0]}: {since.Elapsed:mm\\:ss}");
        return (said, since.Elapsed);
    }

    private static string Name(string image) => Path.GetFileName(Path.GetDirectoryName(image))!;

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
