using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local;

/// <summary>Everything that is on this machine of one stack. Nothing of it is anywhere else, but the lock beside it.</summary>
internal sealed class StackFolder(string path)
{
    public string Path => path;

    public string Name => System.IO.Path.GetFileName(path);

    public string NetworkFile => System.IO.Path.Combine(path, "network.json");

    public NetworkRecord? Network => LocalJson.Read(NetworkFile, LocalJson.Default.NetworkRecord);

    public string Secrets => System.IO.Path.Combine(path, "secrets");

    public string Disks => System.IO.Path.Combine(path, "disks");

    /// <summary>The sockets by which its machines reach each other.</summary>
    public string Link => System.IO.Path.Combine(path, PrivateLink.FolderName);

    public string Machines => System.IO.Path.Combine(path, "machines");

    public MachineFolder Machine(string name) => new(System.IO.Path.Combine(Machines, name));

    /// <summary>Every machine's folder, those that were never finished included.</summary>
    public IEnumerable<MachineFolder> AllMachines => Directory.Exists(Machines)
        ? Directory.EnumerateDirectories(Machines).Order(StringComparer.Ordinal).Select(p => new MachineFolder(p)) : [];

    /// <summary>Removes the folders that hold nothing any more.</summary>
    public void Prune()
    {
        PrivateFiles.RemoveIfEmpty(Machines);
        // What is left of a socket whose machine has gone.
        if (!Directory.Exists(Machines) && Directory.Exists(Link))
            Directory.Delete(Link, recursive: true);
        foreach (var folder in (string[])[Secrets, Disks, path])
            PrivateFiles.RemoveIfEmpty(folder);
    }
}
