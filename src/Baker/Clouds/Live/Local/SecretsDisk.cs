using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local;

/// <summary>A machine's secrets on a read-only disk, one file each, named as the secret is.</summary>
internal static class SecretsDisk
{
    private const string Label = "baker-secrets";

    public static byte[] Of(IEnumerable<(string Name, ReadOnlyMemory<byte> Value)> secrets) => IsoImage.Write(Label, secrets);

    /// <summary>Done at every start: a secret may have changed since.</summary>
    public static void Write(MachineFolder folder, MachineRecord record)
    {
        if (record.Secrets.Length > 0)
            PrivateFiles.Write(folder.At(MachineFolder.Secrets), Current(folder, record));
    }

    /// <summary>True when the machine was started with other secrets than there are now.</summary>
    public static bool IsStale(MachineFolder folder, MachineRecord record)
    {
        var path = folder.At(MachineFolder.Secrets);
        return record.Secrets.Length > 0 && !(File.Exists(path) && File.ReadAllBytes(path).AsSpan()
            .SequenceEqual(Current(folder, record)));
    }

    private static byte[] Current(MachineFolder folder, MachineRecord record) =>
        Of(record.Secrets.Select(name => (name, (ReadOnlyMemory<byte>)LocalSecrets.Read(folder.Stack, name))));
}
