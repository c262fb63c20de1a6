using System.Diagnostics;
using System.Globalization;
using Baker.Tests.Support;

namespace Baker.Tests.Baking;

/// <summary>What a bake finds as Packer on its PATH: a folder with the script that stands before the real one.</summary>
/// <param name="folder">The folder.</param>
/// <param name="packer">The real one.</param>
/// <param name="endpoint">Where EC2 is; empty where nobody needs it.</param>
internal sealed class PackerShim(string folder, string packer, string endpoint)
{
    /// <summary>The builder has no SSH, and nothing is installed in it.</summary>
    public const string NoGuest = "none";

    /// <summary>Packer waits for an SSH that never answers.</summary>
    public const string SilentGuest = "1";

    /// <summary>Each call's arguments.</summary>
    public string[] Calls => File.Exists(At("calls")) ? File.ReadAllText(At("calls")).TrimEnd().Split('\n') : [];

    /// <summary>True: the old Packer speaks as one of today does.</summary>
    public bool IsToday { get; set; }

    /// <param name="guest">What Packer finds behind the builder's address: <see cref="NoGuest"/>, or a port of 127.0.0.1.</param>
    public void Place(string guest)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(At("settings"), $"real={packer}\nendpoint={endpoint}\nguest={guest}\ntoday={(IsToday ? "yes" : "")}\n");
        File.Copy(Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "packer", "packer"), At("packer"), overwrite: true);
        File.SetUnixFileMode(At("packer"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Until <see cref="Release"/>, a Packer that is done does not end: whoever waits for it still waits.</summary>
    public void Hold() => File.WriteAllText(At("hold"), "");

    public void Release() => File.Delete(At("hold"));

    /// <summary>Process id of the Packer that builds, or built last.</summary>
    public int Running => int.Parse(File.ReadAllText(At("running")), CultureInfo.InvariantCulture);

    /// <summary>Kills a Packer with all that it has started, where it still runs.</summary>
    public static void Kill(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            running.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    /// <summary>Lets a Packer end by itself where it does so in time; then it is killed.</summary>
    public static async Task EndAsync(int process, TimeSpan patience, CancellationToken cancel)
    {
        for (var until = DateTime.UtcNow + patience; DateTime.UtcNow < until && Directory.Exists($"/proc/{process}");)
            await Task.Delay(200, cancel);
        Kill(process);
    }

    private string At(string file) => Path.Combine(folder, file);
}
