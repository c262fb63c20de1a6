using System.Collections.Immutable;
using System.Globalization;
using Baker.Language.Secrets;

namespace Baker.Language.Shapes;

/// <summary>A value that has its shape. What had not is absent here, and reported.</summary>
public abstract record SpecNode;

public sealed record SpecText(string Text) : SpecNode;

/// <summary>A reference to a secret.</summary>
public sealed record SpecSecret(Secret Secret) : SpecNode;

public sealed record SpecList(ImmutableArray<SpecNode> Items) : SpecNode;

/// <summary>A map after checking; asking for a key that is absent or was wrong gives null.</summary>
public sealed record SpecMap(ImmutableDictionary<string, SpecNode> Children) : SpecNode
{
    public static readonly SpecMap Empty = new(ImmutableDictionary<string, SpecNode>.Empty);

    public bool Has(string key) => Children.ContainsKey(key);

    public string? Text(string key) => (Children.GetValueOrDefault(key) as SpecText)?.Text;

    public int? Number(string key) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool? Flag(string key) => Text(key) is { } text ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : null;

    public SpecMap? Map(string key) => Children.GetValueOrDefault(key) as SpecMap;

    /// <summary>The maps of a list; empty when the key is absent.</summary>
    public IEnumerable<SpecMap> Maps(string key) => (Children.GetValueOrDefault(key) as SpecList)?.Items.OfType<SpecMap>() ?? [];

    /// <summary>Null when the key is absent; an empty list is a list.</summary>
    public ImmutableArray<string>? Texts(string key) =>
        Children.GetValueOrDefault(key) is SpecList list ? [.. list.Items.OfType<SpecText>().Select(t => t.Text)] : null;
}
