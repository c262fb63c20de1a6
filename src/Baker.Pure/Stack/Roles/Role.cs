using Baker.Diagnostics;
using Baker.Clouds.Facts;
using Baker.Language.Secrets;

namespace Baker.Stack.Roles;

/// <summary>One VM of a stack: what it asks of a cloud, and what it tells its VM. A role never names a cloud.</summary>
public abstract class Role
{
    /// <summary>The spec's key, and the end of the VM's name.</summary>
    public abstract string Name { get; }

    /// <summary>The name in a sentence.</summary>
    public abstract string Title { get; }

    public abstract MachineClass Class { get; }

    /// <summary>Root disk, gibibytes.</summary>
    public abstract int DefaultDiskGb { get; }

    /// <summary>True for the VM that people reach.</summary>
    public abstract bool IsPublic { get; }

    /// <summary>Default address: this far after the start of the role's subnet.</summary>
    public abstract int HostNumber { get; }

    public abstract MachineSpec Machine(Spec spec);

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

    /// <summary>What the machine scripts read; one entry per name, always all of them.</summary>
    public abstract IEnumerable<VmValue> Values(StackLayout stack);

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
