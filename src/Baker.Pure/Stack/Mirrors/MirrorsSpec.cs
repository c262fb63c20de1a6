using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Stack.Mirrors;

/// <summary>Where a site without direct internet gets things from; null: from their makers.</summary>
/// <param name="GitLabPackages">APT repository with GitLab's packages.</param>
/// <param name="GitLabPackagesKey">URL of the repository's signing key.</param>
/// <param name="GitLabPackagesFingerprint">Of the one key that may sign the repository.</param>
/// <param name="GatewayRegistry">Registry (with optional path) that carries the gateway image.</param>
/// <param name="Ollama">Directory that carries v&lt;version&gt;/ollama-linux-amd64.tar.zst.</param>
/// <param name="Models">Registry or web server that has the paths of one.</param>
/// <param name="Apt">Ubuntu archive.</param>
/// <param name="Proxy">HTTP proxy for http and https.</param>
/// <param name="CaPem">Certificates that are trusted in addition; null when <paramref name="Ca"/> refers to them.</param>
public sealed record MirrorsSpec(
    string? GitLabPackages, string? GitLabPackagesKey, string? GitLabPackagesFingerprint, string? GatewayRegistry, string? Ollama,
    string? Models,
    string? Apt, string? Proxy, ImmutableArray<string> NoProxy, string? CaPem, Secret? Ca)
{
    public static MirrorsSpec From(SpecMap map) => new(
        map.Text("gitlab_packages"), map.Text("gitlab_packages_key"), map.Text("gitlab_packages_fingerprint"),
        map.Text("gateway_registry"), map.Text("ollama"),
        map.Text("models"), map.Text("apt"), map.Text("proxy"), map.Texts("no_proxy") ?? [],
        Secret.From(map, "ca") is null ? map.Text("ca") : null, Secret.From(map, "ca"));
}

/// <summary>The keys under <c>mirrors</c>.</summary>
public static partial class MirrorsShape
{
    private static readonly TextFormat RegistryText = TextFormat.Matching(
        "a registry", RegistryPattern(), "write host, host:port or host/path, without https://");

    private static readonly TextFormat Registry = RegistryText with
    {
        Problem = text => RegistryText.Problem(text)
            ?? (ImageRef.IsRegistry(text.Split('/')[0]) ? null : "write a host name, optionally with a port up to 65535"),
        MayHaveLogin = true,
    };

    private static readonly TextFormat NoProxyEntry = TextFormat.Matching(
        "a host or network", NoProxyPattern(), "write a host, a domain that begins with a dot, or a network");

    public static readonly MapShape Shape = new("where to get things from at a site without direct internet",
        new Key("gitlab_packages", new TextShape("APT repository with GitLab's packages", WebUrl.Base),
            Default: "https://packages.gitlab.com/gitlab/gitlab-ee/ubuntu/noble"),
        new Key("gitlab_packages_key", new TextShape("signing key of that repository", WebUrl.Format),
            Default: "https://packages.gitlab.com/gpgkey/gpg.key"),
        new Key("gitlab_packages_fingerprint", new TextShape("fingerprint of that key", TextFormats.Fingerprint),
            Default: "F6403F6544A38863DAA0B6E03F01618A51312F3F"),
        new Key("gateway_registry", new TextShape("registry that carries the gateway image", Registry),
            Default: "the one in `gateway.image`"),
        new Key("ollama", new TextShape("directory that carries v<version>/ollama-linux-amd64.tar.zst", WebUrl.Base),
            Default: "https://github.com/ollama/ollama/releases/download"),
        new Key("models", new TextShape("registry or web server that carries the models", WebUrl.Base),
            Default: "https://registry.ollama.ai"),
        new Key("apt", new TextShape("Ubuntu archive", WebUrl.Base), Default: "the image's own"),
        new Key("proxy", new TextShape("HTTP proxy for http and https", WebUrl.Proxy)),
        new Key("no_proxy", new ListShape("what is reached without the proxy, in addition to the stack itself",
            new TextShape("a host", NoProxyEntry), 1, 50)),
        new Key("ca", new SecretShape("certificates to trust in addition, PEM or reference", MayBePem: true)));

    [GeneratedRegex(@"\A[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9._-]+)*\z")]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"\A\.?[A-Za-z0-9.-]+(/[0-9]{1,2})?\z")]
    private static partial Regex NoProxyPattern();
}
