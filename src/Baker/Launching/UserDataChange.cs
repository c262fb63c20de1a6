using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Rendering;
using Baker.Stack.Roles;

namespace Baker.Launching;

/// <summary>A value of a VM that becomes another.</summary>
/// <param name="Keys">As <see cref="VmValue.Keys"/>, one by one; empty: Baker itself decides it.</param>
/// <param name="Old">Null: an earlier Baker did not know it.</param>
/// <param name="New">Null: this Baker knows it no more.</param>
public sealed record ValueChange(string Name, ImmutableArray<string> Keys, string? Old, string? New);

/// <summary>What other user-data means to a VM. Pure.</summary>
/// <param name="Scripts">Files of another Baker, by name.</param>
/// <param name="Steps">Steps that were done once and are done again.</param>
public sealed partial record UserDataChange(
    ImmutableArray<ValueChange> Values, ImmutableArray<string> Scripts, ImmutableArray<string> Steps)
{
    /// <summary>Changes with every change of others, and tells nothing by itself.</summary>
    private static readonly string[] Digests = ["digest", "bundle"];

    /// <param name="values">Of the new user-data, with the keys that they come from.</param>
    public static UserDataChange Between(UserDataContent before, UserDataContent after, ImmutableArray<VmValue> values)
    {
        var changed = ImmutableArray.CreateBuilder<ValueChange>();
        var known = values.Select(v => v.Name);
        foreach (var name in known.Concat(before.Values.Keys.Order(StringComparer.Ordinal)).Distinct().Except(Digests))
        {
            var (old, @new) = (before.Values.GetValueOrDefault(name), after.Values.GetValueOrDefault(name));
            if (old != @new)
                changed.Add(new ValueChange(name, KeysOf(values, name), old, @new));
        }
        var scripts = before.Scripts.Keys.Union(after.Scripts.Keys)
            .Where(n => before.Scripts.GetValueOrDefault(n) != after.Scripts.GetValueOrDefault(n))
            .Order(StringComparer.Ordinal).ToImmutableArray();
        var names = changed.Select(c => c.Name).ToHashSet();
        var steps = Once(after).Where(s => s.Inputs.Any(i => i.StartsWith('@') ? scripts.Contains(i[1..]) : names.Contains(i))
            || Function(before, s.Name) != Function(after, s.Name)).Select(s => s.Name);
        return new UserDataChange(changed.ToImmutable(), scripts, [.. steps]);
    }

    private static ImmutableArray<string> KeysOf(ImmutableArray<VmValue> values, string name) =>
        [.. (values.FirstOrDefault(v => v.Name == name)?.Keys ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The steps that are done once, with what their results depend on: other values, <c>@</c> files, or themselves.</summary>
    private static IEnumerable<(string Name, string[] Inputs)> Once(UserDataContent content) =>
        from script in content.Scripts.Values.Order(StringComparer.Ordinal)
        from Match step in Step().Matches(script)
        select (step.Groups["name"].Value, step.Groups["inputs"].Value.Split((char[])[' ', '\\', '\n', '\t'],
            StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Up to what follows it, without indentation: a machine takes no other for another function.</summary>
    private static string? Function(UserDataContent content, string name)
    {
        var begin = $"\n{name}() {{";
        foreach (var script in content.Scripts.Values)
        {
            if (script.IndexOf(begin, StringComparison.Ordinal) is not (var at and >= 0))
                continue;
            var next = Beginning().Match(script, at + begin.Length);
            return string.Join('\n', script[at..(next.Success ? next.Index : script.Length)].Split('\n').Select(l => l.TrimStart('\t')));
        }
        return null;
    }

    [GeneratedRegex(@"^(step |[A-Za-z_-]+\(\) \{)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Beginning();

    [GeneratedRegex("""^step once (?<name>[a-z0-9-]+) [0-9]+( "(?<inputs>[^"]*)")?$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
