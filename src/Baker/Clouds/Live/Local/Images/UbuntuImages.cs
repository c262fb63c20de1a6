using System.Text.RegularExpressions;
using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>
/// Ubuntu's server cloud image, kept on this machine under its checksum. Machines are laid over it, so a file that is there is never
/// written to again; a newer image is another file.
/// </summary>
/// <param name="source">The folder at Ubuntu's that holds the image and its SHA256SUMS.</param>
internal sealed partial class UbuntuImages(Desk desk, HttpClient http, Uri source)
{
    public const string Source = "https://cloud-images.ubuntu.com/noble/current/";

    private const string FileName = "noble-server-cloudimg-amd64.img";

    private static readonly TimeSpan SumsLimit = TimeSpan.FromSeconds(30);

    /// <summary>The image that is here; fetched when there is none, or none that is young enough.</summary>
    public async Task<Image> NewestAsync(TimeSpan maxAge, CancellationToken cancel)
    {
        PrivateFiles.MakeFolder(desk.Images);
        await using var turn = await DownloadTurn.TakeAsync(desk, cancel);
        var here = Here();
        if (here is not null && desk.Time.GetUtcNow() - here.LastWriteTimeUtc <= maxAge)
            return Found(here.FullName, "is here already");
        var sum = await AskAsync(here, $"the image is older than {maxAge.TotalDays} days, and a newer one", cancel);
        if (sum is null)
            return Found(here!.FullName, "the newest that is here");
        var path = Path.Combine(desk.Images, $"{sum}.img");
        if (!File.Exists(path))
            await new ImageDownload(http, desk).FetchAsync(new Uri(source, FileName), sum, path, cancel);
        else
            File.SetLastWriteTimeUtc(path, desk.Time.GetUtcNow().UtcDateTime);
        return Found(path, "newest of Ubuntu");
    }

    /// <summary>The checksum of the newest, which need not be here; nothing but the list of sums is fetched.</summary>
    public async Task<string> NewestSumAsync(CancellationToken cancel)
    {
        var here = Here();
        return await AskAsync(here, "a newer image", cancel) ?? Path.GetFileNameWithoutExtension(here!.Name);
    }

    private FileInfo? Here() => !Directory.Exists(desk.Images) ? null
        : new DirectoryInfo(desk.Images).EnumerateFiles("*.img").Where(f => Name().IsMatch(f.Name)).MaxBy(f => f.LastWriteTimeUtc);

    /// <param name="what">That cannot be asked for, in a sentence.</param>
    /// <returns>Null: nobody answers, and there is one here.</returns>
    private async Task<string?> AskAsync(FileInfo? here, string what, CancellationToken cancel)
    {
        try
        {
            return await SumAsync(cancel);
        }
        catch (CloudException e) when (here is not null && e.Failure == CloudFailure.Unreachable)
        {
            desk.Surroundings.Say($"{what} cannot be asked for: {e.Message}");
            return null;
        }
    }

    private static Image Found(string path, string why) =>
        new(path, $"Ubuntu 24.04 server {Path.GetFileNameWithoutExtension(path)[..12]}", false,
            $"Ubuntu 24.04's server cloud image, {why}");

    private async Task<string> SumAsync(CancellationToken cancel)
    {
        var sums = new Uri(source, "SHA256SUMS");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(SumsLimit);
        string text;
        try
        {
            text = await http.GetStringAsync(sums, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new CloudException(CloudFailure.Unreachable, $"fetching {sums}", e.Message,
                "name an image of your own under cloud.local.image", e);
        }
        return Line().Matches(text).FirstOrDefault(m => m.Groups["name"].Value == FileName)?.Groups["sum"].Value
            ?? throw new CloudException(CloudFailure.Refused, $"reading {sums}", $"it has no line for {FileName}");
    }

    [GeneratedRegex(@"^(?<sum>[0-9a-f]{64}) [ *](?<name>\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\A[0-9a-f]{64}\.img\z")]
    private static partial Regex Name();
}
