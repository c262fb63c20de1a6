using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local;

/// <summary>The bookkeeping of local stacks, as files. Each is written whole or not at all.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MachineRecord))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(DiskRecord))]
[JsonSerializable(typeof(Baked.BakedRecord))]
internal sealed partial class LocalJson : JsonSerializerContext
{
    public static T? Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new CloudException(CloudFailure.Refused, $"reading {path}", "it is not what Baker wrote there", inner: e);
        }
    }

    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) =>
        PrivateFiles.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));
}

/// <param name="InstanceId">Tells cloud-init that this is a machine of its own; stays the same for its life.</param>
/// <param name="Uuid">Of the virtual hardware.</param>
/// <param name="Image">Path of the image that the root disk is laid over.</param>
/// <param name="ImageStamp">Size and time of the image: another content would destroy the file system above it.</param>
/// <param name="Kernel">Booted directly together with <paramref name="Initrd"/> and <paramref name="KernelArguments"/>; null: the image's
/// own boot loader.</param>
/// <param name="Secrets">Names of the secrets on its second disk.</param>
/// <param name="Release">The version that its user-data asks for; null: not known.</param>
/// <param name="LinkPlace">On the stack's private link; null: it has not been started since there are places.</param>
internal sealed record MachineRecord(
    string Name, string Group, string InstanceId, string Uuid, string Type, int Cpus, int MemoryMb, string Address, string Image,
    string ImageStamp,
    string? Kernel, string? Initrd, string? KernelArguments, string? DataDisk, ImmutableArray<string> Secrets, string UserDataDigest,
    string PrivateMac, string OutsideMac, int? DiskGb = null, string? Release = null, int? LinkPlace = null);

/// <summary>A QEMU that was started. Without number: it was about to be.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">Clock ticks from the boot of this machine to the start of the process, as <c>/proc</c> has them.</param>
/// <param name="BootId">Of this machine: process ids and ticks begin anew with it.</param>
/// <param name="Command">The program and its arguments.</param>
internal sealed record RunRecord(int? Pid, long? StartTicks, string BootId, ImmutableArray<string> Command, DateTimeOffset StartedAt);

/// <param name="Cidr">In which the machines reach each other.</param>
/// <param name="Ports">What is let in from outside the stack.</param>
internal sealed record NetworkRecord(string Cidr, ImmutableArray<OpenPort> Ports);

/// <param name="Group">Of machines.</param>
/// <param name="Port">TCP.</param>
internal sealed record OpenPort(string Group, int Port);

/// <param name="SizeGb">Gibibytes.</param>
internal sealed record DiskRecord(string Name, int SizeGb);
