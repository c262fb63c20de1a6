using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>Fetches a file of hundreds of megabytes: goes on where it was cut off, tells how far it is, and checks what came.</summary>
internal sealed class ImageDownload(HttpClient http, Desk desk)
{
    /// <summary>Without a byte for so long the server is given up; the next launch goes on.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(1);

    private const int Buffer = 1 << 17;

    /// <param name="sha256">64 hexadecimal digits, small.</param>
    /// <exception cref="CloudException">Unreachable: what came is kept. Refused: it is not what the checksum names, and was
    /// removed.</exception>
    public async Task FetchAsync(Uri from, string sha256, string path, CancellationToken cancel)
    {
        var part = path + ".part";
        try
        {
            await ReceiveAsync(from, part, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException
            || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new CloudException(CloudFailure.Unreachable, $"fetching {from}",
                e is OperationCanceledException ? $"nothing came for {Stall.TotalSeconds} s" : e.Message,
                "launch again: it goes on where it was cut off", e);
        }
        var sum = await SumAsync(part, cancel);
        if (sum != sha256)
        {
            File.Delete(part);
            throw new CloudException(CloudFailure.Refused, $"fetching {from}", $"its checksum is {sum}, not {sha256}",
                "launch again; a proxy on the way may have changed it");
        }
        File.Move(part, path, overwrite: false);
    }

    private async Task ReceiveAsync(Uri from, string part, CancellationToken cancel)
    {
        await using var file = new FileStream(part, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stall.CancelAfter(Stall);
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        if (file.Length > 0)
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return; // All of it had come; the checksum says whether it is right.
        answer.EnsureSuccessStatusCode();
        if (answer.StatusCode != HttpStatusCode.PartialContent)
            file.SetLength(0);
        file.Seek(0, SeekOrigin.End);
        await CopyAsync(answer.Content, file, stall, cancel);
        file.Flush(flushToDisk: true);
    }

    private async Task CopyAsync(HttpContent content, FileStream file, CancellationTokenSource stall, CancellationToken cancel)
    {
        var total = file.Length + content.Headers.ContentLength;
        await using var body = await content.ReadAsStreamAsync(cancel);
        var buffer = new byte[Buffer];
        var said = -1L;
        while (await body.ReadAsync(buffer, stall.Token) is > 0 and var count)
        {
            stall.CancelAfter(Stall);
            await file.WriteAsync(buffer.AsMemory(0, count), cancel);
            // Every tenth is said once.
            if (total is > 0 && file.Position * 10 / total.Value is var tenths && tenths > said)
            {
                said = tenths;
                desk.Surroundings.Say($"fetching the image: {tenths * 10}% of {total.Value >> 20} MiB");
            }
        }
        if (total is { } expected && file.Position != expected)
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"it ended after {file.Position} of {expected} bytes");
    }

    private static async Task<string> SumAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }
}
