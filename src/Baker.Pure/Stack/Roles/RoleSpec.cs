namespace Baker.Stack.Roles;

/// <summary>A role's section of the spec: what every role has, and in the records that follow from it what one has alone.</summary>
public abstract record RoleSpec(MachineSpec Machine)
{
    /// <summary>The spec has the section.</summary>
    public bool IsWritten { get; init; }

    /// <summary>How many machines it has.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Size of the volume that outlives the VM, gibibytes; null: nothing is said.</summary>
    public virtual int? WrittenDataGb => null;
}
