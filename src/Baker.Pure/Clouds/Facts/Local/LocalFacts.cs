using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Local;

/// <summary>What is known about running the stack on this machine.</summary>
public sealed partial class LocalFacts : CloudFacts
{
    public override string Key => "local";

    public override string Title => "this machine";

    public override MapShape Shape => LocalShape.Shape;

    /// <summary>A file beside the spec, delivered on a second read-only disk.</summary>
    public override SecretKind SecretStore { get; } = SecretKind.Of(
        "local_file", "./path", "a file on this machine, relative to the spec; `baker launch` stores it",
        "a file path", FilePath(), "write a path such as `./secrets/license.txt`", 1024) with
    { IsGiven = true };

    /// <summary>A NoCloud seed has no limit of its own; this one keeps local stacks within what Compute Engine takes.</summary>
    public override int UserDataLimit => 262_144;

    public override string? IdentityKey => null;

    public override bool IsDesk => true;

    public override bool SplitsSubnets => false;

    public override string? PackerBuilder => null;

    public override ImmutableArray<string> BuilderAccess => [];

    /// <summary>The network address and the virtual router; the broadcast address.</summary>
    public override (int First, int Last) ReservedAddresses => (2, 1);

    public override CloudSpec Read(SpecMap map) => new LocalSpec(this, map.Text("image"), map.Text("kernel"), map.Text("initrd"));

    public override void Check(CloudSpec spec, DiagnosticBag bag)
    {
        var local = (LocalSpec)spec;
        if (local.Kernel is null != local.Initrd is null)
            bag.Add("cloud.local", CloudMessages.KernelWithoutInitrd(local.Kernel is null ? "kernel" : "initrd"));
    }

    public override string DefaultMachine(MachineClass wanted) => wanted switch
    {
        MachineClass.Light => "2cpu-2gb",
        MachineClass.Server => "4cpu-8gb",
        _ => "4cpu-8gb",
    };

    public override MachineType? FindMachine(string name) => Form().Match(name) is { Success: true } match
        ? new MachineType(name, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    public override Message? MachineProblem(string name) => Form().IsMatch(name) ? null
        : CloudMessages.ImpossibleMachine(name, Title, null, "write CPUs and memory, such as 4cpu-8gb");

    public override string GpuAdvice => "local stacks run on CPUs; remove `gpu`";

    public override (Gpu? Gpu, Message? Problem) AttachGpu(string machine, string type, int count) =>
        (null, CloudMessages.GpuNotAttachable(type, "a local machine", GpuAdvice));

    public override string? IdProblem(CloudId kind, string id) =>
        kind == CloudId.Image ? null : "local stacks have none; remove the key";

    public override string? TagProblem(string key, string value) => null;

    public override string DiskType(string machine) => "qcow2";

    public override string MadeSecret(CloudSpec spec, string stack, string secret) => secret;

    public override string? SecretStoreUrl(CloudSpec spec) => null;

    public override IEnumerable<(string Name, string Value)> ManualLaunchNames(ManualLaunch vm) =>
        [("seed", $"{vm.Name}-seed.img"), ("user_data", vm.UserDataFile)];

    public override string AptArchive(CloudSpec spec) => "http://archive.ubuntu.com";

    [GeneratedRegex(@"\A[^\n:]+\z")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"\A([1-9][0-9]?)cpu-([1-9][0-9]{0,2})gb\z")]
    private static partial Regex Form();
}
