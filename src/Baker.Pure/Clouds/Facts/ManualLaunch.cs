namespace Baker.Clouds.Facts;

/// <summary>What a cloud needs to know of a VM to spell the arguments of its own command-line tool.</summary>
/// <param name="Type">The cloud's machine type.</param>
/// <param name="UserDataFile">Relative to the folder of the review page.</param>
/// <param name="DataGb">Size of the data volume, gibibytes; null: none.</param>
public sealed record ManualLaunch(
    string Name, string Type, string StackId, int DiskGb, int? DataGb, string? Identity, Gpu? AttachedGpu, string? KmsKey,
    string UserDataFile);
