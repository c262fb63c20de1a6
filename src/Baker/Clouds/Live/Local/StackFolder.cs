using Baker.Clouds.Live.Local.Files;

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

    public string Machines => System.IO.Path.Combine(path, "machines");

    public MachineFolder Machine(string name) => new(System.IO.Path.Combine(Machines, name));

    /// <summary>Every machine's folder, those that were never finished included.</summary>
    public IEnumerable<MachineFolder> AllMachines => Directory.Exists(Machines)
        ? Directory.EnumerateDirectories(Machines).Order(StringComparer.Ordinal).Select(p => new MachineFolder(p)) : [];

    /// <summary>Removes the folders that hold nothing any more.</summary>
    public void Prune()
    {
        foreach (var folder in (string[])[Secrets, Disks, Machines, path])
            PrivateFiles.RemoveIfEmpty(folder);
    }
}
