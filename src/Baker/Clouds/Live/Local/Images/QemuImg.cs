using System.Diagnostics;
using System.Text.Json;
using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>QEMU's own tool for disk files.</summary>
internal sealed class QemuImg(Desk desk)
{
    public async Task<DiskImage> LookAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
            throw new CloudException(CloudFailure.Refused, $"looking at the image {path}", "it is not there");
        // -U: other machines may be running from it.
        using var info = JsonDocument.Parse(await RunAsync($"looking at the image {path}", cancel, "info", "-U", "--output=json", path));
        var format = info.RootElement.GetProperty("format").GetString()!;
        var start = await StartAsync(path, format, cancel);
        return new DiskImage(path, format, info.RootElement.GetProperty("virtual-size").GetInt64(), DiskImage.HasPartitions(start));
    }

    /// <summary>A disk that shows the image where nothing was written to it yet.</summary>
    public async Task OverlayAsync(string path, DiskImage image, int sizeGb, CancellationToken cancel)
    {
        await RunAsync($"creating the disk {path}", cancel, "create", "-q", "-f", "qcow2", "-F", image.Format, "-b", image.Path, path,
            $"{sizeGb}G");
        PrivateFiles.Close(path);
    }

    public async Task CreateAsync(string path, int sizeGb, CancellationToken cancel)
    {
        await RunAsync($"creating the disk {path}", cancel, "create", "-q", "-f", "qcow2", path, $"{sizeGb}G");
        PrivateFiles.Close(path);
    }

    public Task GrowAsync(string path, int sizeGb, CancellationToken cancel) =>
        RunAsync($"growing the disk {path}", cancel, "resize", "-q", "-f", "qcow2", path, $"{sizeGb}G");

    /// <summary>Copies what a disk shows, the image below it included, into a file that needs no other.</summary>
    public async Task FlattenAsync(string disk, string path, CancellationToken cancel)
    {
        await RunAsync($"making an image of the disk {disk}", cancel, "convert", "-q", "-f", "qcow2", "-O", "qcow2", disk, path);
        // The tool leaves it to the system when that is written.
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        PrivateFiles.Close(path);
    }

    private async Task<byte[]> StartAsync(string path, string format, CancellationToken cancel)
    {
        const int Length = 4096;
        if (format == "raw")
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var start = new byte[Length];
            await file.ReadAtLeastAsync(start, Length, throwOnEndOfStream: false, cancel);
            return start;
        }
        var copy = Path.GetTempFileName();
        try
        {
            await RunAsync($"looking at the image {path}", cancel, "dd", "-U", "-f", format, "-O", "raw", $"bs={Length}", "count=1",
                $"if={path}", $"of={copy}");
            return [.. await File.ReadAllBytesAsync(copy, cancel), .. new byte[Length]];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task<string> RunAsync(string doing, CancellationToken cancel, params string[] arguments)
    {
        var start = new ProcessStartInfo(desk.Require(DeskProgram.QemuImg), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await Task.WhenAll(output, error, process.WaitForExitAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return process.ExitCode == 0 ? await output : throw new CloudException(CloudFailure.Refused, doing, (await error).Trim());
    }
}
