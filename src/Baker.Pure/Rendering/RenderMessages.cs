using Baker.Diagnostics;

namespace Baker.Rendering;

/// <summary>What can be said about artifacts.</summary>
public static class RenderMessages
{
    public static Message TooLarge(string role, int bytes, int limit) =>
        Message.Error("BKR901", $"the user-data of {role} has {bytes} bytes even when compressed, {bytes - limit} more than the cloud "
            + $"takes ({limit})",
            "shorten certificates and lists in the spec: deliver long PEM text by reference");

    public static Message NoRoomToFetch(string role, int bytes, int most) =>
        Message.Error("BKR902", $"the user-data of {role} has {bytes} bytes even without what its VM can fetch, and may have {most}",
            "write `mirrors.ca` as a reference, or fewer and shorter `ssh.keys` (ssh-ed25519)") with
        { OnlyWhenMade = true };

    public static Message NeedsIdentity(string key, string role, int limit) =>
        Message.Error("BKR903", $"the user-data of {role} is larger than the cloud takes ({limit} bytes): its VM fetches the rest, and "
            + "needs an identity that may read it",
            $"add `{key}:` under {role}; `baker render` writes the policy and the commands into the review page") with
        { OnlyWhenMade = true };
}
