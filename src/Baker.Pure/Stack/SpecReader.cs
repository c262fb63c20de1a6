using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Language.Yaml;
using Baker.Stack.Duo;
using Baker.Stack.Identities;
using Baker.Stack.Images;
using Baker.Stack.Mirrors;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>Bytes in, a typed spec and every problem out. Never throws on any input.</summary>
public static class SpecReader
{
    /// <summary>
    /// The spec is null when too little of it could be read to go on. It may be there although the bag has errors: then it
    /// serves to find the remaining problems, and for nothing else.
    /// </summary>
    public static (SourceText Source, Spec? Spec) Read(string fileName, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        var (source, root) = YamlReader.Read(fileName, bytes, bag);
        if (root is null || new ShapeChecker(bag, source, CloudCatalog.Secrets, Store(root))
            .Check(root, SpecShape.Root, SpecPath.Root) is not SpecMap map)
            return (source, null);
        // A flag that cannot be read counts as set, so that no rule complains that it is not.
        if (Lower(map, bag.IsBroken("evaluation")) is not { } spec)
            return (source, null);
        SpecRules.Check(spec, bag);
        return (source, spec);
    }

    /// <summary>Asked before anything is checked, so that every hint names what this cloud takes.</summary>
    private static SecretKind? Store(YamlNode root) =>
        root is YamlMap map && map.Entries.FirstOrDefault(e => e.Key == "cloud")?.Value is YamlMap { Entries: [var cloud] }
            ? CloudCatalog.All.FirstOrDefault(c => c.Key == cloud.Key)?.SecretStore : null;

    private static Spec? Lower(SpecMap map, bool evaluation)
    {
        SpecMap Section(string key) => map.Map(key) ?? SpecMap.Empty;
        return CloudCatalog.Read(map.Map("cloud")) is not { } cloud ? null : new Spec(
            map.Text("name") ?? "stack", map.Flag("evaluation") ?? evaluation, cloud,
            NetworkSpec.From(Section("network")), map.Children.GetValueOrDefault("dns") is { } dns ? DnsSpec.From(dns) : null,
            map.Children.GetValueOrDefault("identity") is { } identity ? IdentitySpec.From(identity) : null,
            map.Map("ssh") is { } ssh ? SshSpec.Read(ssh) : null,
            RoleCatalog.All.ToImmutableDictionary(r => r.Name, r => r.Read(Section(r.Name)) with { IsWritten = map.Has(r.Name) }),
            DuoSpec.From(Section("duo")), ImagesSpec.From(map.Children.GetValueOrDefault("images"), RoleCatalog.Names),
            MirrorsSpec.From(Section("mirrors")),
            Section("tags").Children.ToImmutableSortedDictionary(t => t.Key, t => ((SpecText)t.Value).Text, StringComparer.Ordinal),
            map.Text("kms_key"));
    }
}
