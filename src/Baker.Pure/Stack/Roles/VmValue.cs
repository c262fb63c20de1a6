using System.Text.Json.Serialization;

namespace Baker.Stack.Roles;

/// <summary>What a value decides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ValueScope>))]
public enum ValueScope
{
    /// <summary>What an image contains; part of its fingerprint.</summary>
    Install,

    /// <summary>Where an image's content is fetched from; the content is the same from everywhere.</summary>
    Source,

    /// <summary>What one VM is: never in an image.</summary>
    Configure,
}

/// <summary>One line of a VM's values file. Never a secret.</summary>
public sealed record VmValue(string Name, string Value, ValueScope Scope)
{
    public static VmValue Install(string name, string value) => new(name, value, ValueScope.Install);

    public static VmValue Source(string name, string value) => new(name, value, ValueScope.Source);

    public static VmValue Configure(string name, string value) => new(name, value, ValueScope.Configure);
}
