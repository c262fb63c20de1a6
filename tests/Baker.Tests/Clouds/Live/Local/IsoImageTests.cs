using System.Text;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Files;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

/// <summary>Disks that we write are read by the tools that did not learn it from us.</summary>
public sealed class IsoImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_seed_disk_is_found_by_its_label_and_holds_three_files()
    {
        var record = new MachineRecord("desk-gitlab", "gitlab", "i-1", "u", "1cpu-1gb", 1, 1024, "10.77.0.10", "/image", "", null, null, null, null, [], "d", "52:01:02:03:04:05", "52:0a:0b:0c:0d:0e");
        var userData = "#cloud-config\n" + new string('#', 5000);
        var disk = Write(SeedDisk.Of(record, Encoding.UTF8.GetBytes(userData), "10.77.0.0/16"));

        var probe = (await Tool.Wanted("blkid", "util-linux").RunAsync("-p", disk)).Require();
        Assert.Contains(" LABEL=\"cidata\"", probe, StringComparison.Ordinal);
        Assert.Contains(" TYPE=\"iso9660\"", probe, StringComparison.Ordinal);
        var isoinfo = Tool.Wanted("isoinfo", "genisoimage");
        Assert.Equal(["/meta-data", "/network-config", "/user-data"], await NamesAsync(isoinfo, disk));
        Assert.Equal(userData, (await isoinfo.RunAsync("-i", disk, "-R", "-x", "/user-data")).Require());
        Assert.Equal("instance-id: i-1\nlocal-hostname: desk-gitlab\n", (await isoinfo.RunAsync("-i", disk, "-R", "-x", "/meta-data")).Require());
    }

    [Fact]
    public async Task Many_files_with_long_names_keep_names_content_and_mode()
    {
        var isoinfo = Tool.Wanted("isoinfo", "genisoimage");
        // More than fit into one sector of the folder; empty, of one byte, of exactly one sector, and one more.
        var files = Enumerable.Range(0, 60).Select(i => (Name: $"Secret-{i}_{new string('x', i == 59 ? 114 : i)}.pem", Content: new string((char)('a' + i % 26), i switch { 0 => 0, 1 => 1, 2 => 2048, 3 => 2049, _ => i }))).ToArray();
        var disk = Write(SecretsDisk.Of(files.Select(f => (f.Name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(f.Content)))));

        Assert.Contains(" LABEL=\"baker-secrets\"", (await Tool.Wanted("blkid", "util-linux").RunAsync("-p", disk)).Require(), StringComparison.Ordinal);
        Assert.Equal(files.Select(f => "/" + f.Name).Order(StringComparer.Ordinal), await NamesAsync(isoinfo, disk));
        foreach (var (name, content) in files[1..])
            Assert.Equal(content, (await isoinfo.RunAsync("-i", disk, "-R", "-x", "/" + name)).Require());
        var listing = (await isoinfo.RunAsync("-i", disk, "-R", "-l")).Require().Split('\n').Where(l => l.Contains("Secret-", StringComparison.Ordinal)).ToArray();
        Assert.Equal(files.Length, listing.Length);
        Assert.All(listing, line => Assert.StartsWith("-r--------", line.TrimStart(), StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_files_are_the_same_bytes()
    {
        (string, ReadOnlyMemory<byte>)[] files = [("a", "1"u8.ToArray()), ("b", "2"u8.ToArray())];
        Assert.Equal(IsoImage.Write("cidata", files), IsoImage.Write("cidata", files.Reverse()));
    }

    [Fact]
    public void A_file_is_read_back_by_its_name()
    {
        // More than fit into one sector of the folder.
        (string Name, ReadOnlyMemory<byte> Content)[] files = [.. Enumerable.Range(0, 60).Select(i => ($"file-{i}", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(new string('x', i * 100))))];
        var image = IsoImage.Write("cidata", files);
        Assert.All(files, f => Assert.Equal(f.Content.ToArray(), IsoImage.Read(image, f.Name).ToArray()));
        Assert.True(IsoImage.Read(image, "file-6x").IsEmpty);
        Assert.True(IsoImage.Read(image, "file").IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void What_is_no_file_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => IsoImage.Write("cidata", [(name, ReadOnlyMemory<byte>.Empty)]));

    public void Dispose() => _folder.Dispose();

    private static async Task<IEnumerable<string>> NamesAsync(Tool isoinfo, string disk) =>
        (await isoinfo.RunAsync("-i", disk, "-R", "-f")).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private string Write(byte[] image)
    {
        var path = Path.Combine(_folder.Path, "disk.iso");
        File.WriteAllBytes(path, image);
        return path;
    }
}
