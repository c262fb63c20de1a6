using System.Text.Json;
using Baker.Tests.Support;

namespace Baker.Tests.Judges;

/// <summary>The arguments that Packer's builders of today know, which the Packer at hand may be too old to say.</summary>
public static class PackerArguments
{
    private static readonly JsonElement Builders =
        JsonDocument.Parse(Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "packer-builder-arguments.json")).RootElement;

    /// <summary>Arguments and blocks of a <c>source</c> that its builder does not have.</summary>
    public static IEnumerable<string> Unknown(HclBlock source) => Unknown(source, Builders.GetProperty(source.Labels[0]), source.Labels[0]);

    /// <summary>Whether a builder has an argument or block of that name.</summary>
    public static bool Has(string builder, string name) =>
        Builders.GetProperty(builder).GetProperty("attributes").TryGetProperty(name, out _) || Builders.GetProperty(builder).GetProperty("blocks").TryGetProperty(name, out _);

    private static IEnumerable<string> Unknown(HclBlock block, JsonElement known, string path)
    {
        var arguments = known.TryGetProperty("external", out var type) ? OfSdkType(type.GetString()!) : known.GetProperty("attributes").EnumerateObject().Select(a => a.Name);
        foreach (var name in block.Arguments.Select(a => a.Name).Except(arguments))
            yield return $"{path}.{name}";
        foreach (var inner in block.Blocks)
        {
            if (known.TryGetProperty("blocks", out var blocks) && blocks.TryGetProperty(inner.Type, out var inside))
            {
                foreach (var name in Unknown(inner, inside, $"{path}.{inner.Type}"))
                    yield return name;
            }
            else
                yield return $"{path}.{inner.Type}";
        }
    }

    private static string[] OfSdkType(string name) => name switch
    {
        "FlatKeyValue" => ["key", "value"],
        "FlatNameValue" => ["name", "value"],
        _ => throw new NotSupportedException($"the oracle names a type {name}"),
    };
}
