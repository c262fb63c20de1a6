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

    /// <param name="difference">A whole sentence.</param>
    public static Message OtherKind(string seen, string first, string difference) =>
        Message.Error("BKR224", $"{seen} cannot stand in for {first}: {difference}",
            "a list names types with one number of GPUs and one kind of disk, as what the VM is told is the same for all of them");

    public static Message UnknownAlternative(string seen) =>
        Message.Error("BKR226", $"{seen} cannot stand in a list: Baker does not know what it brings, so that it cannot be compared",
            "name it alone, or types that are known");

    public static Message ListOnDesk(string first) =>
        Message.Error("BKR225", "a list of machines is for a cloud, which may have no room for the first of them",
            $"write one, such as `machine: {first}`");
}
