using Baker.Diagnostics;

namespace Baker.Clouds.Facts;

/// <summary>What can be said about machine types, ids and labels of a cloud.</summary>
public static class CloudMessages
{
    public static Message BadName(string name, string cloud, string why) =>
        Message.Error("BKR211", $"a stack on {cloud} cannot be called \"{name}\": {why}", "choose another name");

    public static Message ImpossibleMachine(string seen, string cloud, string? meant, string form) =>
        Message.Error("BKR210", $"\"{seen}\" is not a machine type on {cloud}", meant is null ? form : $"did you mean \"{meant}\"?");

    /// <param name="needsGpu">True for the machine that the model runs on, unless the spec says what it has.</param>
    public static Message UnknownMachine(string seen, bool needsGpu) =>
        Message.Warning("BKR212", $"Baker does not know the machine type \"{seen}\"; its CPUs, memory and GPU are not checked",
            needsGpu ? "write `gpu: required` if it brings an NVIDIA GPU, `gpu: none` if not" : "`baker launch` asks the cloud for it");

    public static Message NoLiveConsole(string seen, string better) =>
        Message.Warning("BKR213", $"{seen} shows its console only after a change of state, so progress cannot be followed",
            $"a Nitro type such as {better} can be read live and costs less");

    public static Message GpuNotAttachable(string gpu, string machine, string hint) =>
        Message.Error("BKR216", $"{gpu} cannot be attached to {machine}", hint);

    public static Message WrongZone(string zone, string region) =>
        Message.Error("BKR219", $"zone \"{zone}\" does not lie in region \"{region}\"", $"write a zone that begins with {region}");

    public static Message BadTag(string key, string value, string cloud, string why) =>
        Message.Error("BKR220", $"\"{key}: {value}\" cannot be a tag on {cloud}", why);

    public static Message BadId(string id, string what, string why) =>
        Message.Error("BKR221", $"\"{id}\" is not {what}", why);

    /// <param name="meant">Null: none is near.</param>
    /// <param name="date">Of the list.</param>
    public static Message UnknownRegion(string seen, string cloud, string? meant, string date) =>
        Message.Warning("BKR223", $"{cloud} had no region \"{seen}\" on {date}",
            meant is null ? "correct it, unless it is a newer one" : $"did you mean \"{meant}\"?");

    public static Message KernelWithoutInitrd(string missing) =>
        Message.Error("BKR222", "booting a kernel directly takes both a kernel and an initrd", $"add `{missing}:` or remove the other");
}
