using Baker.Stack;
using Baker.Stack.Roles;

namespace Baker.Rendering;

/// <summary>The values by which an image is made.</summary>
internal static class ImageValues
{
    /// <summary>An image is nobody's VM yet: what configures is empty, so that scripts find every name they read.</summary>
    public static IEnumerable<VmValue> Of(MachinePlan machine) =>
        machine.Values.Select(v => v.Scope == ValueScope.Configure ? v with { Value = "" } : v)
            .Append(VmValue.Configure("digest", "", ""));
}
