using System.Text.Json.Nodes;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>Bakes with the real Packer, which makes its builders and images in pretended Google, as far as that goes without a guest.</summary>
public sealed class GooglePackerTests : IDisposable
{
    private const string Images = "projects/my-project/global/images";
    private readonly LoopbackGoogle _google = new() { WantsToken = true };
    private readonly GoogleByName _byName;
    private readonly TemporaryFolder _folder = new();
    private readonly BakerProcess _baker;

    public GooglePackerTests()
    {
        _byName = new GoogleByName(_google.Url);
        _folder.File("baker.yaml", Checkout.Read("examples", "gcp.yaml"));
        _google.Google.Secrets.Plant("projects/my-project/secrets/duo-activation-code", "code"u8.ToArray());
        _google.Google.Compute.Plant("projects/my-project/global/networks/default", new JsonObject { ["name"] = "default", ["autoCreateSubnetworks"] = true });
        _baker = new BakerProcess(_folder.Path, _google.Environment.AddRange(
        [
            new("GOOGLE_APPLICATION_CREDENTIALS", _folder.File("key.json", _google.KeyFile)), new("HTTPS_PROXY", _byName.Proxy), new("SSL_CERT_FILE", _folder.File("google.pem", _byName.Authority)),
            new("PATH", $"{_folder.Path}/bin:/usr/bin:/bin"),
        ]));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bake_makes_one_image_per_role_and_a_launch_boots_from_them()
    {
        await PackerAsync(PackerShim.NoGuest);
        var first = await _baker.RunAsync("bake");
        var images = first.Require().TrimEnd().Split('\n').Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1]);
        Assert.Equal(["gateway", "gitlab", "ollama"], images.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(images.Values.Order(StringComparer.Ordinal), Left());
        foreach (var (role, image) in images)
        {
            var name = image[(image.LastIndexOf('/') + 1)..];
            var asked = _google.Google.Bodies.Single(b => b.Call == $"POST {Images}" && b.Body["name"]!.ToString() == name).Body;
            Assert.Equal($"baker-duo-{role}", asked["family"]!.ToString());
            Assert.Equal("asia-northeast1", Assert.Single(asked["storageLocations"]!.AsArray())!.ToString());
            var builder = _google.Google.Bodies.Single(b => b.Call.EndsWith("/instances", StringComparison.Ordinal) && b.Body["name"]!.ToString() == name).Body;
            Assert.DoesNotContain(builder["serviceAccounts"] as JsonArray ?? [], a => a!["email"] is not null);
            Assert.Contains(builder["tags"]!["items"]!.AsArray(), t => t!.ToString() == "baker-builder");
            Assert.EndsWith($"/disks/{name}", asked["sourceDisk"]!.ToString(), StringComparison.Ordinal);
            Assert.Equal(
                $"baker-base=ubuntu-2404-noble-amd64-v20261101,baker-fingerprint={name.Split('-')[3]},baker-id,baker-role={role},baker-stack=duo",
                string.Join(',', asked["labels"]!.AsObject().OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Key == "baker-id" ? l.Key : $"{l.Key}={l.Value}")));
        }

        var second = await _baker.RunAsync("bake");
        Assert.Equal(first.Out, second.Require());
        Assert.All(images, i => Assert.Contains($"{i.Key}: nothing to do: {i.Value}", second.Error, StringComparison.Ordinal));
        (await _baker.RunAsync("launch", "--yes", "--no-wait")).Require();
        var booted = _google.Google.Bodies.Where(b => b.Call.EndsWith("/instances", StringComparison.Ordinal) && b.Body["name"]!.ToString() is var n && images.ContainsKey(n[(n.IndexOf('-', StringComparison.Ordinal) + 1)..]));
        Assert.Equal(images.Values.Order(StringComparer.Ordinal), booted.Select(b => b.Body["disks"]![0]!["initializeParams"]!["sourceImage"]!.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(PackerShim.SilentGuest, "/instances")]
    [InlineData(PackerShim.NoGuest, "/images")]
    public async Task What_a_killed_bake_leaves_is_removed_by_the_next(string guest, string begun)
    {
        var packer = await PackerAsync(guest);
        using (var bake = _baker.Start("bake", "--role", "gateway"))
        {
            await BeginsAsync(begun);
            PackerShim.Kill(packer.Running);
            bake.Kill();
            await bake.WaitForExitAsync(Cancel);
        }
        Assert.NotEmpty(Left());
        packer.Place(PackerShim.NoGuest);
        var image = (await _baker.RunAsync("bake", "--role", "gateway", "--break-lock")).Require().Trim().Split(' ')[1];
        Assert.Equal([image], Left());
    }

    public void Dispose()
    {
        _byName.Dispose();
        _google.Dispose();
        _folder.Dispose();
    }

    private async Task<PackerShim> PackerAsync(string guest)
    {
        var shim = new PackerShim($"{_folder.Path}/bin", (await OldPacker.WantedAsync()).Path, "");
        shim.Place(guest);
        return shim;
    }

    /// <summary>Until Packer has asked for a thing of this kind.</summary>
    private async Task BeginsAsync(string kind)
    {
        for (var tries = 0; !_google.Google.WasAsked(c => c.StartsWith("POST ", StringComparison.Ordinal) && c.Split('?')[0].EndsWith(kind, StringComparison.Ordinal)); tries++)
        {
            Assert.True(tries < 4000, $"Packer makes nothing of {kind}");
            await Task.Delay(10, Cancel);
        }
    }

    /// <summary>Instances, disks and images that the bakes have made.</summary>
    private IEnumerable<string> Left() => _google.Google.Inventory().Select(l => l.Split(' ')[0]).Where(p => p.Contains("/baker-duo-", StringComparison.Ordinal) && !p.EndsWith("-lock", StringComparison.Ordinal));
}
