using Baker.Diagnostics;

namespace Baker.Stack.Roles.GitLab;

/// <summary>What can be said about the GitLab VM.</summary>
public static class GitLabMessages
{
    public static Message NotHttps(string host) =>
        Message.Error("BKR401", "GitLab must have an https URL: the gateway verifies its certificate", $"write https://{host}");

    public static Message NotARoot(string root) =>
        Message.Error("BKR402", "the URL must end after the host: GitLab is installed at the root of its own name", $"write {root}");

    public static Message IpAddress() =>
        Message.Error("BKR403", "the URL must have a name, not an IP address: certificates are issued for names",
            "write https:// and a DNS name");

    public static Message PortOnCloud(string host) =>
        Message.Error("BKR404", "a port in the URL is for local stacks only; in a cloud GitLab answers on 443", $"write https://{host}");

    public static Message BadHost(string host) =>
        Message.Error("BKR405", $"\"{host}\" is not a DNS name",
            "letters, digits and hyphens between dots, each part at most 63 characters");

    public static Message ImpossiblePort(int port, string host) =>
        Message.Error("BKR406", $"GitLab cannot answer https on port {port}", $"write https://{host}, or a port such as 8443");

    public static Message PrivateName(string host) =>
        Message.Error("BKR407", $"Let's Encrypt cannot issue a certificate for \"{host}\": the name does not exist on the internet",
            "use a public DNS name, or `certificate:` under tls; with `public_address: none` also `private_ca: generate`, for which the "
                + "gateway's VM needs an identity");

    public static Message InternalWithAcme() =>
        Message.Error("BKR408", "Let's Encrypt reaches GitLab from the internet, but `public_address: none` keeps it internal",
            "drop `public_address`, or use `certificate:`, or `private_ca: generate`, for which the gateway's VM needs an identity");

    public static Message AcmeOnDesk() =>
        Message.Error("BKR409", "Let's Encrypt cannot reach a stack on this machine", "write `tls: { private_ca: generate }`");

    public static Message PrivateCaInPublic() =>
        Message.Error("BKR410", "a private CA is for local and internal-only stacks: browsers outside would not trust it",
            "use `letsencrypt:` or `certificate:`, or add `public_address: none`");

    public static Message PrivateNameWithoutCa(string host) =>
        Message.Warning("BKR416", $"no public authority issues a certificate for \"{host}\", and the gateway is told of no other",
            "add `ca:` with the root that issued it");

    public static Message UnknownMinor(string version, IEnumerable<string> known, string date) =>
        Message.Error("BKR411", $"Baker does not know which gateway image goes with GitLab {version} (as of {date}; it does for "
            + $"{string.Join(", ", known)})",
            $"name it: `gateway: {{ image: \"gitlab/model-gateway:self-hosted-v{GitLabReleases.Minor(version)}.N-ee\" }}`; `baker doctor` "
                + "asks the registry for the newest N")
        with
        { OnlyWhenMade = true };

    public static Message NotWired(string version) =>
        Message.Note("BKR413", $"GitLab {version} is older than 17.9, the first version whose Duo settings can be made by API",
            "Baker renders and launches it; the review page says what stays manual");

    public static Message NoLicense() =>
        Message.Note("BKR414", "without `license` GitLab runs, and Duo waits for one",
            "add `license: { activation_code: { … } }` when you have it");

    public static Message Unsafe(string version, string what, string ids, string mended, string date, bool evaluation)
    {
        var text = $"GitLab {version}: {what} ({ids}, as of {date})";
        var hint = $"use {mended} or newer";
        return (evaluation ? Message.Warning("BKR417", text, hint) : Message.Error("BKR417", text, hint)) with { OnlyWhenMade = true };
    }

    public static Message Advised(string version, string what, string ids, string mended, string date) =>
        Message.Warning("BKR418", $"GitLab {version}: {what} ({ids}, as of {date})", $"use {mended} or newer");

    public static Message NotOnline(string version, string what, string ids, string mended, string date) =>
        Message.Error("BKR419", $"GitLab {version} does not work with an online licence: {what} ({ids}, as of {date})",
            $"use {mended} or newer")
        with
        { OnlyWhenMade = true };

    /// <param name="isNewer">It came after those of which a patch is known: no gateway of it is known either.</param>
    public static Message NoPatch(string minor, string date, bool isNewer, IEnumerable<string> paired) =>
        Message.Error("BKR420", $"Baker knows no patch of GitLab {minor} (as of {date})",
            isNewer ? "write all three numbers, as GitLab's page of releases has them, and name `gateway.image`"
                : $"use one of {string.Join(", ", paired)}")
        with
        { OnlyWhenMade = true };

    public static Message NotMaintained(string version, IEnumerable<string> maintained, string date) =>
        Message.Note("BKR421", $"GitLab {version} gets no security fixes any more (as of {date}; {string.Join(", ", maintained)} do)",
            "plan to move to one of those; where Baker knows no gateway, name `gateway.image`");

    public static Message NewerThanTable(string version, string date) =>
        Message.Note("BKR422", $"GitLab {version} is newer than Baker's tables (as of {date}): nothing can be said of its advisories",
            "a newer Baker may know more");

    public static Message BelowRecommended(string machine) =>
        Message.Note("BKR423", $"{machine} is less than the 8 CPUs and 16 GB that GitLab asks for; it calls 8 GB memory-constrained",
            "fine for a trial and for few users");

    public static Message Burstable(string machine) =>
        Message.Note("BKR424", $"{machine} is burstable: it slows down when its credits are used up, and GitLab advises against "
            + "such types", "choose a type that is not, such as the default");

    public static Message NoMetadataService() =>
        Message.Error("BKR425", "a desk has no metadata service, and its VMs have no identity", "drop the key");

    public static Message LittleMemory(string machine, decimal gb) =>
        Message.Warning("BKR415", $"{machine} has {gb:0.##} GB; GitLab wants at least 8",
            "choose a larger machine; Baker adds swap below 8 GB");
}
