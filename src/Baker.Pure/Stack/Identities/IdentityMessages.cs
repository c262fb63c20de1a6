using Baker.Diagnostics;

namespace Baker.Stack.Identities;

/// <summary>What can be said about <c>identity</c>.</summary>
public static class IdentityMessages
{
    public static Message OnDesk() =>
        Message.Error("BKR324", "VMs of a local stack have no identity; their secrets come on a disk", "remove `identity`");

    public static Message NoBoundary(string cloud) =>
        Message.Error("BKR325", $"{cloud} has no permissions boundaries",
            "write `identity: auto`; a launch grants what it makes the stack's own secrets alone");
}
