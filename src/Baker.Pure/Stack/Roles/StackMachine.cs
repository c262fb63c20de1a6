namespace Baker.Stack.Roles;

/// <summary>One machine of a stack. A role may have several.</summary>
/// <param name="Number">From 1, within the role.</param>
/// <param name="Key">Names it within the stack: the role alone, or role and number where there are several.</param>
/// <param name="Address">Static private address.</param>
public sealed record StackMachine(Role Role, int Number, string Key, string Address)
{
    /// <summary>Every machine of a stack.</summary>
    /// <param name="address">Of a machine, by role and number.</param>
    public static IEnumerable<StackMachine> Of(Spec spec, Func<Role, int, string> address) => RoleCatalog.RolesOf(spec).SelectMany(role =>
    {
        var count = role.Count(spec);
        return Enumerable.Range(1, count).Select(number =>
            new StackMachine(role, number, KeyOf(role.Name, number, count), address(role, number)));
    });

    /// <summary>One alone has the role's name: stacks that run are called so.</summary>
    public static string KeyOf(string role, int number, int count) => count == 1 ? role : $"{role}-{number}";
}
