using System.Collections.Immutable;

namespace Baker.Stack.Roles;

/// <summary>A change of a VM that waits for another's.</summary>
/// <param name="Role">Whose VM changes first.</param>
/// <param name="Beginning">The step with which that begins where it has been up before.</param>
/// <param name="Last">It has changed when it is at one of these steps, or ready.</param>
public sealed record ChangeOrder(string Role, string Beginning, ImmutableArray<string> Last);
