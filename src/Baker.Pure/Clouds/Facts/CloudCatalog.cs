using System.Collections.Immutable;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Facts.Local;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts;

/// <summary>Every cloud, one line each.</summary>
public static class CloudCatalog
{
    public static readonly ImmutableArray<CloudFacts> All = [new AwsFacts(), new GoogleFacts(), new LocalFacts()];

    /// <summary>Every kind of reference to a secret.</summary>
    public static readonly ImmutableArray<SecretKind> Secrets =
        [.. All.Select(c => c.SecretStore), SecretKind.Variable, SecretKind.VmFile];

    public static readonly ChoiceShape Shape =
        new("where the stack runs", [.. All.Select(c => new Key(c.Key, c.Shape))]);

    /// <summary>The cloud of a spec, or null when the choice is missing or wrong.</summary>
    public static CloudSpec? Read(SpecMap? choice)
    {
        var facts = All.FirstOrDefault(c => choice?.Map(c.Key) is not null);
        return facts?.Read(choice!.Map(facts.Key)!);
    }
}
