using Baker.Diagnostics;

namespace Baker.Rendering;

/// <summary>What can be said about artifacts.</summary>
public static class RenderMessages
{
    /// <param name="identityKey">By which a VM of this cloud gets the identity that fetches a reference; null: it needs none.</param>
    public static Message TooLarge(string role, int bytes, int limit, string? identityKey) =>
        Message.Error("BKR901", $"the user-data of {role} has {bytes} bytes even when compressed, {bytes - limit} more than the cloud "
            + $"takes ({limit})",
            $"write long PEM text as a reference (`mirrors.ca`, `gitlab.tls`){Reads(identityKey)}, and shorten lists");

    public static Message NoRoomToFetch(string role, int bytes, int most, string? identityKey) =>
        Message.Error("BKR902", $"the user-data of {role} has {bytes} bytes even without what its VM can fetch, and may have {most}",
            $"write `mirrors.ca` as a reference{Reads(identityKey)}, or fewer and shorter `ssh.keys` (ssh-ed25519)") with
        { OnlyWhenMade = true };

    public static Message NeedsIdentity(string key, string role, int limit) =>
        Message.Error("BKR903", $"the user-data of {role} is larger than the cloud takes ({limit} bytes): its VM fetches the rest, and "
            + "needs an identity that may read it",
            $"add `{key}:` under {role}; the review page has the policy and the commands. "
            + "Without `identity: none` a launch makes one") with
        { OnlyWhenMade = true };

    private static string Reads(string? identityKey) =>
        identityKey is null ? "" : $" and give every VM an `{identityKey}` that may read it";
}
