namespace Baker.Clouds.Facts;

/// <summary>What a role asks of a machine, in words every cloud can answer with a type of its own.</summary>
public enum MachineClass
{
    /// <summary>2 CPUs, 4 GB: a small service.</summary>
    Light,

    /// <summary>4 fast CPUs and 8 GB or more: a web application with its database.</summary>
    Server,

    /// <summary>4 CPUs, 15 GB and one 16 GB GPU: a small language model.</summary>
    Accelerated,
}
