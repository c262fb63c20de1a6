using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Baker.Clouds.Facts;
using Baker.Embedded;
using Baker.Rendering;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>What the build compressed beforehand is what the program has plain, and the same bytes on every machine.</summary>
public class PackedScriptsTests
{
    /// <summary>A cloud where a role's scripts alone are more than it takes has them packed; no other.</summary>
    private static (string Role, string Cloud)[] Wanted => [.. CloudCatalog.All.SelectMany(cloud => RoleCatalog.All.Select(role => (role.Name, cloud)))
        .Where(of => UserDataScripts.Of(of.Name, of.cloud.Key).Plain.Length > of.cloud.UserDataLimit).Select(of => (of.Name, of.cloud.Key))];

    public static TheoryData<string, string> Packed => [.. Wanted];

    [Theory, MemberData(nameof(Packed))]
    public async Task They_are_the_plain_ones(string role, string cloud)
    {
        var scripts = UserDataScripts.Of(role, cloud);
        using var folder = new TemporaryFolder();
        var (packed, plain) = (Path.Combine(folder.Path, "packed.gz"), Encoding.UTF8.GetString(scripts.Plain.Span));
        await File.WriteAllBytesAsync(packed, scripts.Compressed.ToArray(), TestContext.Current.CancellationToken);
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(packed), CompressionMode.Decompress)))
            Assert.Equal(plain, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        // Not by one reader alone.
        (await Tool.Wanted("gzip", "gzip").RunAsync("-t", packed)).Require();
        Assert.Equal(plain, (await Tool.Wanted("gzip", "gzip").RunAsync("-dc", packed)).Require());
        Assert.Equal(plain, (await Tool.Wanted("python3", "python3").RunAsync("-c", "import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1]).read().decode())", packed)).Require());
    }

    [Fact]
    public void The_program_carries_these_and_no_others() => Assert.Equal(
        Wanted.Select(of => $"packed/{of.Cloud}-{of.Role}.gz").Order(StringComparer.Ordinal), EmbeddedFiles.Names.Where(n => n.StartsWith("packed/", StringComparison.Ordinal)));

    /// <summary>The files on a VM in their order, and what became of them: another processor or runtime that made other bytes would show here.</summary>
    [Fact]
    public void They_are_the_same_bytes_everywhere()
    {
        var text = new StringBuilder();
        foreach (var (role, cloud) in Wanted)
        {
            var packed = UserDataScripts.Of(role, cloud).Compressed;
            text.Append(CultureInfo.InvariantCulture, $"{cloud} {role}: {packed.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(packed))}\n");
        }
        Golden.Check(text.ToString(), "scripts", "packed.txt");
    }

    /// <summary>EC2 has so little room that a slower search pays.</summary>
    [Theory, MemberData(nameof(Packed))]
    public void They_are_smaller_than_what_the_library_makes(string role, string cloud)
    {
        var scripts = UserDataScripts.Of(role, cloud);
        Assert.InRange(scripts.Compressed.Length, 1, Gzip.Member(scripts.Plain.Span).Length * 98 / 100);
    }
}
