using System.Text.Json.Serialization;
using Baker.Stack.Network;

namespace Baker.Stack.Roles;

/// <summary>What a VM reaches outside its network.</summary>
/// <param name="Host">A host name, or words where it is not known before boot.</param>
/// <param name="Protocol">tcp, or udp for DNS.</param>
/// <param name="OnlyAtInstall">True when a baked image does not need it.</param>
public sealed record EgressRule(string Role, string Host, int Port, string Protocol, bool OnlyAtInstall, string Why)
{
    /// <summary>The only addresses that the rule opens; null: all, as those behind a name change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Range { get; init; }

    /// <summary>In words.</summary>
    /// <param name="atInstall">What people call that.</param>
    public string When(string atInstall) => OnlyAtInstall ? atInstall : Range is null ? "always" : "always, by network.egress";

    /// <summary>A site's own, by <c>network.egress</c>.</summary>
    public static EgressRule Given(EgressSpec spec) =>
        new(spec.Role, spec.To.ToString(), spec.Port, "tcp", false, spec.Why) { Range = spec.To.ToString() };

    public static EgressRule AtInstall(string role, string url, string why) => Web(role, url, true, why);

    public static EgressRule Always(string role, string url, string why) => Web(role, url, false, why);

    public static EgressRule Dns(string role, string servers, string why) => new(role, servers, 53, "udp", false, why);

    private static EgressRule Web(string role, string url, bool onlyAtInstall, string why)
    {
        var parsed = new Uri(url);
        return new EgressRule(role, parsed.Host, parsed.Port, "tcp", onlyAtInstall, why);
    }
}
