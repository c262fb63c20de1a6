using System.Security.Cryptography;
using System.Text;
using Baker.Clouds.Live;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public sealed class ImageTests : IAsyncDisposable
{
    private const string FileName = "noble-server-cloudimg-amd64.img";

    private static readonly ImageWanted Stock = new("auto", null, "gitlab", "f", false, 30);

    private readonly LocalDesk _desk = new();
    private readonly LoopbackFiles _server = new();
    private readonly byte[] _image = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i % 251))];

    public ImageTests() => Publish(_image);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Stored => Path.Combine(_desk.Images, $"{Sum(_image)}.img");

    [Fact]
    public async Task Ubuntus_image_is_fetched_once_with_progress_and_kept_under_its_checksum()
    {
        var image = await ResolveAsync();
        Assert.Equal(Stored, image.Id);
        Assert.Equal(_image, await File.ReadAllBytesAsync(Stored, Cancel));
        Assert.Contains(_desk.Said, line => line.StartsWith("fetching the image: 100% of 2 MiB", StringComparison.Ordinal));
        Assert.Equal(["SHA256SUMS", FileName], _server.Asked);

        Assert.Equal(Stored, (await ResolveAsync()).Id);
        Assert.Equal(2, _server.Asked.Count);
        Assert.Equal([Stored, Path.Combine(_desk.Images, "lock")], Directory.EnumerateFiles(_desk.Images).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        _server.BreakAfter = 1_000_000;
        var refused = await Assert.ThrowsAsync<CloudException>(ResolveAsync);
        Assert.Equal(CloudFailure.Unreachable, refused.Failure);
        Assert.False(File.Exists(Stored));
        var came = new FileInfo(Stored + ".part").Length;
        Assert.InRange(came, 1, 1_000_000);

        _server.BreakAfter = null;
        await ResolveAsync();
        Assert.Equal($"{FileName} bytes={came}-", _server.Asked[^1]);
        Assert.Equal(_image, await File.ReadAllBytesAsync(Stored, Cancel));
        Assert.False(File.Exists(Stored + ".part"));
    }

    [Fact]
    public async Task Another_content_than_the_checksum_names_is_refused_and_removed()
    {
        _server.Files[FileName] = [.. _image[..^1], 0xFF];
        var refused = await Assert.ThrowsAsync<CloudException>(ResolveAsync);
        Assert.Equal(CloudFailure.Refused, refused.Failure);
        Assert.Contains($"not {Sum(_image)}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_desk.Images, $"{Sum(_image)}*"));
    }

    [Fact]
    public async Task An_old_image_is_used_when_a_newer_one_cannot_be_asked_for_and_never_written_over()
    {
        await ResolveAsync();
        File.SetLastWriteTimeUtc(Stored, DateTime.UnixEpoch);
        _server.Files.Remove("SHA256SUMS");
        Assert.Equal(Stored, (await ResolveAsync()).Id);
        Assert.Contains(_desk.Said, line => line.StartsWith("the image is older than 30 days", StringComparison.Ordinal));

        byte[] newer = [1, 2, 3];
        Publish(newer);
        Assert.Equal(Path.Combine(_desk.Images, $"{Sum(newer)}.img"), (await ResolveAsync()).Id);
        Assert.Equal(_image, await File.ReadAllBytesAsync(Stored, Cancel));
    }

    [Fact]
    public async Task Without_image_and_server_the_advice_is_to_name_ones_own()
    {
        _server.Files.Clear();
        var refused = await Assert.ThrowsAsync<CloudException>(ResolveAsync);
        Assert.Contains("name an image of your own under cloud.local.image", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_image_is_taken_as_it_is()
    {
        var own = _desk.File("own.qcow2", "an image");
        Assert.Equal(own, (await _desk.Cloud(image: "own.qcow2").Images.ResolveAsync(Stock, Cancel)).Id);
        Assert.Equal(own, (await _desk.Cloud().Images.ResolveAsync(Stock with { Use = "id", Id = own }, Cancel)).Id);
        await Assert.ThrowsAsync<CloudException>(() => _desk.Cloud(image: "missing.img").Images.ResolveAsync(Stock, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _desk.DisposeAsync();
    }

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private Task<Image> ResolveAsync() => _desk.Cloud(images: _server.Address).Images.ResolveAsync(Stock, Cancel);

    private void Publish(byte[] image)
    {
        _server.Files[FileName] = image;
        _server.Files["SHA256SUMS"] = Encoding.UTF8.GetBytes($"{new string('0', 64)} *noble-server-cloudimg-amd64.squashfs\n{Sum(image)} *{FileName}\n");
    }
}
