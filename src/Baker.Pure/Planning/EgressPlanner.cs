using System.Collections.Immutable;
using System.Net;
using Baker.Language.Values;
using Baker.Stack;
using Baker.Stack.Images;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;

namespace Baker.Planning;

/// <summary>Lists what every VM reaches outside, and whether that takes a NAT gateway.</summary>
internal static class EgressPlanner
{
    public static ImmutableArray<EgressRule> Plan(StackLayout layout)
    {
        // Whoever opens an address wants the way to it and not to a proxy.
        var direct = Entry(layout.Spec).Concat(layout.Spec.Network.Egress.OfType<EgressSpec>().Select(EgressRule.Given));
        var all = RoleCatalog.RolesOf(layout.Spec)
            .SelectMany(role => Apt(role, layout).Concat(role.Egress(layout)).Concat(SecretStore(role, layout)));
        if (layout.Spec.Mirrors.Proxy is not { } proxy)
            return [.. all, .. direct];
        // Everything that speaks http goes through the proxy; what it then reaches is the proxy's affair.
        return [.. all.Select(rule => rule.Protocol == "udp" ? rule
            : EgressRule.Always(rule.Role, proxy, "proxy for everything that is not in this network")).Distinct(), .. direct];
    }

    /// <summary>
    /// True when a VM without public address reaches something that is neither in a private range nor served inside the cloud's network.
    /// </summary>
    public static bool NeedsNat(Spec spec, ImmutableArray<EgressRule> egress) => RoleCatalog.RolesOf(spec)
        .Where(role => !role.Facts.IsPublic || spec.GitLab.IsInternalOnly)
        .Any(role => egress.Any(rule => rule.Role == role.Name && !(rule.OnlyAtInstall && IsBaked(spec, role)) && !IsInside(rule.Host)));

    private static IEnumerable<EgressRule> Entry(Spec spec) => spec.Ssh?.EntryOf(spec.Cloud.Facts) is not { } entry ? []
        : RoleCatalog.RolesOf(spec).SelectMany(role => spec.Cloud.Facts.EntryUrls(spec.Cloud)
            .Select(url => EgressRule.Always(role.Name, url, $"{entry.Title}, by its agent on the VM")));

    private static bool IsBaked(Spec spec, Role role) => spec.Images.Use == ImageChoice.Baked || spec.Images.Ids.ContainsKey(role.Name);

    /// <summary>True for what is reached without a way out of the cloud's network.</summary>
    public static bool IsInside(string host) => HostName.IsPrivate(host) && !host.Contains(' ', StringComparison.Ordinal)
        || Ipv4.TryAddress(host, out var address) && Ipv4.IsPrivate(new IPNetwork(address, 32))
        || Ipv4.TryNetwork(host, out var network) && Ipv4.IsPrivate(network);

    private static IEnumerable<EgressRule> Apt(Role role, StackLayout layout) => layout.Spec.Mirrors.Apt is { } mirror
        ? [EgressRule.AtInstall(role.Name, mirror, "Ubuntu's packages")]
        : [EgressRule.AtInstall(role.Name, layout.Spec.Cloud.Facts.AptArchive(layout.Spec.Cloud), "Ubuntu's packages"),
           EgressRule.AtInstall(role.Name, "http://security.ubuntu.com", "Ubuntu's security updates")];

    private static IEnumerable<EgressRule> SecretStore(Role role, StackLayout layout)
    {
        var cloud = layout.Spec.Cloud.Facts;
        return cloud.SecretStoreUrl(layout.Spec.Cloud) is { } url
            && layout.Secrets.Any(s => s.Role == role.Name && s.Kind == cloud.SecretStore)
            ? [EgressRule.Always(role.Name, url, "secrets, fetched by the VM's own identity")] : [];
    }
}
