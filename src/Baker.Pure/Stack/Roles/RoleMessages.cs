using Baker.Diagnostics;

namespace Baker.Stack.Roles;

/// <summary>What can be said about the machine types of roles.</summary>
public static class RoleMessages
{
    /// <param name="needing">What is there for x86-64 alone.</param>
    public static Message Arm(string seen, IEnumerable<string> needing) =>
        Message.Error("BKR214", $"{seen} is an Arm machine; {string.Join(" and ", needing)} are amd64", "choose an x86-64 type");

    public static Message DisksOfItsOwn(string seen, string product, string better) =>
        Message.Error("BKR217", $"{seen} brings disks of its own, which are empty after every stop; {product}'s VM could take one of them "
            + "for its data disk",
            $"choose a type without, such as {better}")
        with
        { OnlyWhenMade = true };
}
