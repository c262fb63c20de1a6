using System.Collections.Immutable;

namespace Baker.Language.Shapes;

/// <summary>Where a secret may stand, misspelt keys included: a report shows nothing of such a place.</summary>
internal static class SecretKeys
{
    // `root_pasword: abc`; and, beside keys that have secrets, whatever resembles no key at all.
    public static bool MayBeSecret(string unknown, ImmutableArray<Key> keys) =>
        Resembles(unknown, [.. keys.Where(k => k.Shape is SecretShape)]) || (HoldsSecrets(keys) && !Resembles(unknown, keys));

    public static bool Resembles(string key, ImmutableArray<Key> keys) =>
        keys.Any(k => k.Name == key) || Nearest.Of(key, keys.Select(k => k.Name)) is not null;

    public static bool HoldsSecrets(ImmutableArray<Key> keys) => keys.Any(k => k.Shape switch
    {
        SecretShape => true,
        MapShape map => HoldsSecrets(map.Keys),
        ChoiceShape choice => HoldsSecrets(choice.Keys),
        _ => false,
    });
}
