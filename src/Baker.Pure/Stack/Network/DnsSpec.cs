using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Shapes;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack.Network;

/// <summary>Who makes the DNS record of GitLab's name.</summary>
public enum DnsChoice
{
    /// <summary>A launch, in the zone that it finds; without one, people.</summary>
    Auto,

    /// <summary>People.</summary>
    None,

    /// <summary>A launch, in the zone that the spec names.</summary>
    Zone,
}

/// <param name="Service">The spec's word for the service of the zone; null: none is named.</param>
/// <param name="Project">Where the zone lies; null: where the stack does.</param>
/// <param name="Zone">As the service knows it.</param>
public sealed record DnsSpec(DnsChoice Use, string? Service = null, string? Project = null, string? Zone = null)
{
    public static DnsSpec From(SpecNode? node)
    {
        if (node is not SpecMap choice)
            return new DnsSpec(node is SpecText { Text: "none" } ? DnsChoice.None : DnsChoice.Auto);
        var (service, named) = choice.Children.Select(c => (c.Key, c.Value as SpecMap)).FirstOrDefault();
        return new DnsSpec(DnsChoice.Zone, service, named?.Text("project"), named?.Text("zone"));
    }
}

/// <summary>The key <c>dns</c>: a word, or a zone.</summary>
public static class DnsShape
{
    private const string Summary = "who makes the DNS record of GitLab's name";

    public static readonly EitherShape Shape = new(Summary, new WordShape(Summary, "auto", "none"),
        new ChoiceShape("the zone in which launch makes it", [.. CloudCatalog.All.Select(c => c.DnsZone).OfType<Key>()]));
}

/// <summary>Rules of <c>dns</c>.</summary>
public static class DnsRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        if (spec.Dns is not { } dns)
            return;
        if (spec.Cloud.Facts.IsDesk)
            bag.AddAtKey("dns", NetworkMessages.DnsOnDesk());
        else if (dns.Service is { } service && spec.Cloud.Facts.DnsZone?.Name != service)
            bag.AddAtKey(new SpecPath("dns").Key(service), SpecMessages.OtherCloudsKey(service, spec.Cloud.Facts.Title,
                spec.Cloud.Facts.DnsZone?.Name));
        else if (dns.Use == DnsChoice.Zone && spec.GitLab.IsInternalOnly)
            bag.AddAtKey("dns", NetworkMessages.DnsOfInternal());
    }
}
