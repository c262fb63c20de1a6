using Baker.Diagnostics;

namespace Baker.Stack.Roles.Gateway;

/// <summary>What can be said about the gateway VM.</summary>
public static class GatewayMessages
{
    public static Message BypassInProduction() =>
        Message.Error("BKR501", "`auth: bypass` lets everybody who reaches the gateway use it",
            "remove it; for a trial add `evaluation: true` at the top");

    public static Message Bypass() =>
        Message.Warning("BKR502", "the gateway accepts requests without authentication", "fine for a trial, never for production");

    public static Message Unsafe(string version, string what, string ids, string mended, string date, bool evaluation)
    {
        var text = $"gateway {version}: {what} ({ids}, as of {date})";
        var hint = $"use {mended} or newer, with the GitLab of the same minor";
        return (evaluation ? Message.Warning("BKR503", text, hint) : Message.Error("BKR503", text, hint)) with { OnlyWhenMade = true };
    }

    /// <param name="mayDiffer">For a trial, with a gateway that is not the newer of the two.</param>
    /// <param name="isKnown">Baker knows the one of GitLab's minor.</param>
    public static Message OtherMinor(string gateway, string gitlab, bool mayDiffer, bool isKnown)
    {
        var text = $"gateway {gateway} and GitLab {gitlab} are of different minors; flows and checks fail between them";
        var hint = $"use the gateway of GitLab's "
            + $"minor{(isKnown ? ", or drop `image` to get it" : "; `baker doctor` asks the registry for it")}";
        return (mayDiffer ? Message.Warning("BKR504", text, hint) : Message.Error("BKR504", text, hint)) with { OnlyWhenMade = true };
    }

    public static Message Advised(string version, string what, string ids, string mended, string date) =>
        Message.Warning("BKR508", $"gateway {version}: {what} ({ids}, as of {date})",
            $"use {mended} or newer, with the GitLab of the same minor");

    public static Message BelowRecommended(string machine) =>
        Message.Note("BKR509", $"{machine} is less than the 2 CPUs and 8 GB that GitLab counts for up to 50 users",
            "fine for a trial and for few users");

    public static Message SmallMachine(string machine, int cpus, decimal gb) =>
        Message.Warning("BKR506", $"{machine} has {cpus} {(cpus == 1 ? "CPU" : "CPUs")} and {gb:0.##} GB; the gateway wants at "
            + "least 2 and 2", "choose a larger machine");

    public static Message UnreadableTag(string? tag) =>
        Message.Warning("BKR505", $"the tag {(tag is null ? "is missing" : $"\"{tag}\" does not have the form self-hosted-vX.Y.Z-ee")}, "
            + "so nothing can be said about its version",
            "release tags look like self-hosted-v19.4.1-ee");

    public static Message WeakAuthority(string name, IEnumerable<string> lacks) =>
        Message.Warning("BKR507", $"the authority {(name.Length == 0 ? "" : $"\"{name}\" ")}lacks {string.Join(", ", lacks)}: Python from "
            + "3.13 on trusts nothing that it issued, and the gateway is Python",
            "issue its certificate anew, from the same key, with `basicConstraints = critical, CA:true`, `keyUsage = critical, "
                + "keyCertSign, cRLSign` and `subjectKeyIdentifier = hash`");
}
