using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local;

/// <summary>What belongs to one machine and goes with it. QEMU runs inside and is given names without a path.</summary>
internal sealed class MachineFolder(string path)
{
    public const string RootDisk = "root.qcow2";
    public const string Seed = "seed.iso";
    public const string Secrets = "secrets.iso";
    public const string Console = "console.log";
    public const string Socket = "qmp.sock";

    /// <summary>What QEMU itself had to say since its last start.</summary>
    public const string Log = "qemu.log";

    private const string RunFile = "run.json";
    private const string RecordFile = "machine.json";

    public string Path => path;

    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>Of the stack that the machine belongs to.</summary>
    public StackFolder Stack => new(System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(path))!);

    public string At(string file) => System.IO.Path.Combine(path, file);

    /// <summary>Null where no machine is: it is written when all else is there and removed before anything else.</summary>
    public MachineRecord? Record => LocalJson.Read(At(RecordFile), LocalJson.Default.MachineRecord);

    public RunRecord? Run => LocalJson.Read(At(RunFile), LocalJson.Default.RunRecord);

    public void Write(MachineRecord record) => LocalJson.Write(At(RecordFile), record, LocalJson.Default.MachineRecord);

    public void Write(RunRecord run) => LocalJson.Write(At(RunFile), run, LocalJson.Default.RunRecord);

    public void Clear()
    {
        if (!Directory.Exists(path))
            return;
        File.Delete(At(RecordFile));
        Directory.Delete(path, recursive: true);
    }

    public void Make() => PrivateFiles.MakeFolder(path);
}
