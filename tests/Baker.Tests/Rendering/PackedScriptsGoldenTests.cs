using System.IO.Compression;
using Baker.Rendering;
using Baker.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>The scripts that the program carries compressed are those that it carries plain. With BAKER_UPDATE_GOLDENS=1 they are compressed anew.</summary>
public class PackedScriptsGoldenTests
{
    /// <summary>Rounds of looking for a smaller form; after these nothing more is found.</summary>
    private const int Rounds = 60;

    private static readonly string Folder = Checkout.PathOf("templates", "cloud-init", "packed");

    public static TheoryData<string> Roles => [.. RoleCatalog.All.Select(r => r.Name)];

    /// <summary>Only AWS takes so little that user-data is compressed.</summary>
    [Theory, MemberData(nameof(Roles))]
    public async Task They_are_the_plain_ones(string role)
    {
        var scripts = UserDataScripts.Of(role, "aws");
        var path = Checkout.PathOf("templates", scripts.Packed);
        if (Golden.IsUpdating)
        {
            await PackAsync(role, scripts.Plain.ToArray(), path);
            return;
        }
        Assert.True(File.Exists(path), $"there is no {path}; BAKER_UPDATE_GOLDENS=1 ./test writes it, with zopfli");
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
            await gzip.CopyToAsync(plain, TestContext.Current.CancellationToken);
        Assert.Equal(scripts.Plain.ToArray(), plain.ToArray());
        Assert.Equal(File.ReadAllBytes(path), scripts.Compressed);
    }

    [Fact]
    public void There_are_no_others()
    {
        if (Golden.IsUpdating)
            return;
        Assert.Equal(RoleCatalog.All.Select(r => Path.GetFileName(UserDataScripts.Of(r.Name, "aws").Packed)).Order(StringComparer.Ordinal), Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static async Task PackAsync(string role, byte[] plain, string path)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Folder);
        foreach (var old in Directory.GetFiles(Folder, $"aws-{role}-*"))
            File.Delete(old);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "scripts"), plain);
        (await Tool.Wanted("zopfli", "zopfli").RunAsync("--gzip", $"--i{Rounds}", Path.Combine(folder.Path, "scripts"))).Require();
        File.Move(Path.Combine(folder.Path, "scripts.gz"), path);
    }
}
