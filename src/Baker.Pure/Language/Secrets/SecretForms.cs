using System.Collections.Immutable;

namespace Baker.Language.Secrets;

/// <summary>The ways to refer to a secret, for people.</summary>
public static class SecretForms
{
    /// <summary>The references that VMs can read: with a cloud's own store, or with any while nobody knows the cloud.</summary>
    public static string Of(ImmutableArray<SecretKind> kinds, SecretKind? store)
    {
        var forms = kinds.Where(k => store is null || k == store || k.IsGiven || k == SecretKind.VmFile)
            .Select(k => $"{{ {k.Name}: {k.Example} }}").ToArray();
        return $"{string.Join(", ", forms[..^1])} or {forms[^1]}";
    }
}
