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
/// <param name="Keys">The keys of the spec that decide it, a blank between two; empty: no key does. Whoever is shown a change reads
/// there where it comes from.</param>
public sealed record VmValue(string Name, string Value, ValueScope Scope, [property: JsonIgnore] string Keys)
{
    public static VmValue Install(string name, string value, string keys) => new(name, value, ValueScope.Install, keys);

    public static VmValue Source(string name, string value, string keys) => new(name, value, ValueScope.Source, keys);

    public static VmValue Configure(string name, string value, string keys) => new(name, value, ValueScope.Configure, keys);
}
