using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>One download at a time: whoever comes second waits and finds the image.</summary>
internal static class DownloadTurn
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public static async Task<IAsyncDisposable> TakeAsync(Desk desk, CancellationToken cancel)
    {
        var path = Path.Combine(desk.Images, "lock");
        for (var said = false; ; said = true)
        {
            try
            {
                return new FileStream(path, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!said)
                    desk.Surroundings.Say("another launch fetches an image; waiting for it");
                await Task.Delay(Again, desk.Time, cancel);
            }
        }
    }
}
