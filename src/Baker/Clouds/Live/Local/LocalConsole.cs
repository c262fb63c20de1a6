using System.Globalization;
using System.Text;

namespace Baker.Clouds.Live.Local;

/// <summary>Serial consoles as files, which go on over restarts. The place to go on reading is a number of bytes.</summary>
internal sealed class LocalConsole : IConsole
{
    /// <summary>Of one answer. A boot writes about 100 kB.</summary>
    private const int MostBytes = 4 << 20;

    /// <returns>Whole lines only: the end of a line may still be on its way.</returns>
    public Task<ConsoleText> ReadAsync(VirtualMachine machine, string? since, CancellationToken cancel) =>
        Guarded.RunAsync($"reading the console of {machine.Name}", async () =>
    {
        var path = new MachineFolder(machine.Id).At(MachineFolder.Console);
        if (!File.Exists(path))
            return new ConsoleText("", null);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var offset = long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && known <= file.Length ? known
            : 0;
        file.Position = offset;
        var bytes = new byte[Math.Min(MostBytes, file.Length - offset)];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        var whole = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        if (whole == 0 && length == MostBytes)
            whole = length;
        return new ConsoleText(Encoding.UTF8.GetString(bytes, 0, whole), (offset + whole).ToString(CultureInfo.InvariantCulture));
    });
}
