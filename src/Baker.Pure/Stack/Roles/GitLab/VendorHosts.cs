using System.Collections.Immutable;

namespace Baker.Stack.Roles.GitLab;

/// <param name="IsHttp2">It is spoken to by gRPC: a proxy or firewall must let HTTP/2 through.</param>
public sealed record VendorHost(string Name, bool IsHttp2, string Why);

/// <summary>
/// What GitLab asks of its maker with an online licence, on port 443. Source: GitLab's manual, "Configure GitLab Duo on a GitLab
/// Self-Managed instance" and
/// "GitLab Duo Self-Hosted", 19.x.
/// </summary>
public static class VendorHosts
{
    private static readonly ImmutableArray<VendorHost> Known =
    [
        new("customers.gitlab.com", false, "activation and synchronisation of the licence"),
        new("cloud.gitlab.com", false, "usage that is billed: told before each request of Duo"),
        new("duo-workflow-svc.runway.gitlab.net", true, "the same of the Agent Platform, by HTTP/2"),
    ];

    /// <summary>Nothing without a licence or with an offline one.</summary>
    public static ImmutableArray<VendorHost> Of(Spec spec) => spec.GitLab.License is { IsOnline: true } ? Known : [];

    /// <summary>As the GitLab VM reads them.</summary>
    public static string Value(Spec spec) => string.Join(' ', Of(spec).Select(h => h.IsHttp2 ? $"{h.Name}/h2" : h.Name));
}
