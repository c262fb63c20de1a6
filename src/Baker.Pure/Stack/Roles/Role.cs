using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Stack.Roles;

/// <summary>
/// One kind of VM of a stack: its section of the spec, what it asks of a cloud, and what it tells its VM. A role never names a cloud.
/// </summary>
public abstract class Role(RoleFacts facts)
{
    public RoleFacts Facts => facts;

    public string Name => facts.Name;

    public string Title => facts.Title;

    public MachineClass Class => facts.Class;

    /// <summary>The keys of its section.</summary>
    public abstract MapShape Shape { get; }

    /// <summary>Lowers its section.</summary>
    public abstract RoleSpec Read(SpecMap section);

    /// <summary>Rules of its section that need nothing but the spec.</summary>
    public abstract void Check(Spec spec, DiagnosticBag bag);

    /// <summary>Rules on what came out for one of its machines once every default was filled in.</summary>
    public abstract void Check(MachinePlan machine, StackPlan stack, CloudFacts cloud, DiagnosticBag bag);

    /// <summary>Whether the stack has it.</summary>
    public virtual bool IsIn(Spec spec) => true;

    /// <summary>How many machines it has.</summary>
    public int Count(Spec spec) => spec.Sections[Name].Count;

    public MachineSpec Machine(Spec spec) => spec.Sections[Name].Machine;

    /// <summary>The machine types that it may get, the one that is wanted most first.</summary>
    public ImmutableArray<string> Types(Spec spec) => Machine(spec).TypesOn(spec.Cloud.Facts, Class);

    /// <summary>What its section says of a GPU.</summary>
    public virtual GpuSpec Gpu(Spec spec) => GpuSpec.None;

    /// <summary>Size of the volume that outlives the VM, gibibytes; null: it has none.</summary>
    public int? DataGb(Spec spec) => facts.HasDataDisk ? spec.Sections[Name].WrittenDataGb ?? facts.DataGb : null;

    /// <summary>What the machine scripts call the authority of <c>mirrors.ca</c>.</summary>
    public const string AuthoritySecret = "extra_ca";

    /// <summary>The secrets the VM needs at boot, with where the spec names them.</summary>
    public abstract IEnumerable<SecretNeed> Secrets(Spec spec);

    /// <summary>As well, with what every VM fetches in the same way though it is no secret.</summary>
    public IEnumerable<SecretNeed> Fetched(Spec spec) =>
        spec.Mirrors.Ca is { } ca ? Secrets(spec).Append(new(AuthoritySecret, "mirrors.ca", ca)) : Secrets(spec);

    /// <summary>The VM that takes a change before this one does; null: none.</summary>
    public virtual ChangeOrder? ChangesAfter => null;

    /// <summary>What it runs that a later launch must not change unasked; null: nothing.</summary>
    public virtual ReleasePlan? Release(StackLayout stack) => null;

    /// <summary>What the scripts of one of its machines read; one entry per name, always all of them.</summary>
    public abstract IEnumerable<VmValue> Values(StackLayout stack, StackMachine machine);

    /// <summary>Who may reach this VM.</summary>
    public abstract IEnumerable<AccessRule> Access(StackLayout stack);

    /// <summary>What this VM reaches outside its network.</summary>
    public abstract IEnumerable<EgressRule> Egress(StackLayout stack);
}

/// <param name="Name">What the machine scripts call it, after <c>secret_</c>.</param>
/// <param name="Path">Where the spec names it, or the section it would stand in.</param>
/// <param name="IsMade">True when `baker launch` makes the value.</param>
public sealed record SecretNeed(string Name, SpecPath Path, Secret Reference)
{
    public bool IsMade => Reference.Kind == SecretKind.Generate;
}
