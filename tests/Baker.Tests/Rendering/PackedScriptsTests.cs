using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Baker.Clouds.Facts;
using Baker.Embedded;
using Baker.Machine;
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

    /// <summary>As the program sends them: in user-data, or where that has no room for them in a bundle.</summary>
    private static UserDataScripts Scripts(string role, string cloud) => UserDataScripts.FitOnlyBundle(role, cloud)
        ? UserDataScripts.InBundle(role, cloud, hasAuthority: false, MachineFiles.InBundle(UserDataScripts.Files(role, cloud, hasAuthority: false), cloud))
        : UserDataScripts.Of(role, cloud);

    [Theory, MemberData(nameof(Packed))]
    public async Task They_are_the_plain_ones(string role, string cloud)
    {
        var scripts = Scripts(role, cloud);
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
        Wanted.Select(of => $"packed/{of.Cloud}-{of.Role}{(UserDataScripts.FitOnlyBundle(of.Role, of.Cloud) ? ".bundle" : "")}.gz").Order(StringComparer.Ordinal), EmbeddedFiles.Names.Where(n => n.StartsWith("packed/", StringComparison.Ordinal)));

    /// <summary>The build and the program have one limit.</summary>
    [Fact]
    public void A_bundle_is_packed_exactly_where_user_data_has_no_room_for_the_scripts() => Assert.All(Wanted, of =>
        Assert.Equal(Packing.GzipFile.Of(UserDataScripts.Of(of.Role, of.Cloud).Plain.ToArray()).Length > CloudCatalog.All.Single(c => c.Key == of.Cloud).UserDataLimit,
            UserDataScripts.FitOnlyBundle(of.Role, of.Cloud)));

    /// <summary>The files on a VM in their order, and what became of them: another processor or runtime that made other bytes would show here.</summary>
    [Fact]
    public void They_are_the_same_bytes_everywhere()
    {
        var text = new StringBuilder();
        foreach (var (role, cloud) in Wanted)
        {
            var packed = Scripts(role, cloud).Compressed;
            text.Append(CultureInfo.InvariantCulture, $"{cloud} {role}: {packed.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(packed))}\n");
        }
        Golden.Check(text.ToString(), "scripts", "packed.txt");
    }

    /// <summary>EC2 has so little room that a slower search pays.</summary>
    [Theory, MemberData(nameof(Packed))]
    public void They_are_smaller_than_what_the_library_makes(string role, string cloud)
    {
        var scripts = Scripts(role, cloud);
        Assert.InRange(scripts.Compressed.Length, 1, Gzip.Member(scripts.Plain.Span).Length * 98 / 100);
    }
}
