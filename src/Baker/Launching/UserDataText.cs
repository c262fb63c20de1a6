using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Baker.Launching;

/// <summary>A change of user-data in words.</summary>
public static class UserDataText
{
    /// <summary>A longer value is told by its length and its digest.</summary>
    private const int Longest = 100;

    /// <summary>One line each.</summary>
    public static IEnumerable<string> Of(UserDataChange change)
    {
        foreach (var value in change.Values)
        {
            foreach (var (member, old, @new) in Parts(value))
                yield return $"{Title(value, member)}: {Shown(old)} → {Shown(@new)}";
        }
        if (!change.Scripts.IsEmpty)
            yield return $"other scripts: {string.Join(", ", change.Scripts)}";
        if (!change.Steps.IsEmpty)
            yield return $"done again: {string.Join(", ", change.Steps)}";
        else if (change.Values.IsEmpty && change.Scripts.IsEmpty)
            yield return "nothing that a VM is told differs: it gets the user-data of this Baker";
    }

    /// <summary>By the key of the spec, where the value is that key's own; else by its name, with the keys that decide it.</summary>
    private static string Title(ValueChange value, string member) => value.Keys switch
    {
        [] => $"{value.Name}{member} (from Baker itself)",
        [var key] when member.Length == 0 && key.Replace('.', '_').EndsWith(value.Name, StringComparison.Ordinal) => key,
        _ => $"{value.Name}{member} (from {string.Join(" or ", value.Keys)})",
    };

    /// <summary>Objects of JSON are compared member by member.</summary>
    private static IEnumerable<(string Member, string? Old, string? New)> Parts(ValueChange value)
    {
        if (Members(value.Old) is not { } old || Members(value.New) is not { } @new)
            return [("", value.Old, value.New)];
        return old.Keys.Union(@new.Keys).Where(k => old.GetValueOrDefault(k) != @new.GetValueOrDefault(k))
            .Select(k => ($".{k}", old.GetValueOrDefault(k), @new.GetValueOrDefault(k)));
    }

    private static Dictionary<string, string>? Members(string? text)
    {
        if (text?.StartsWith('{') != true)
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shown(string? value)
    {
        if (value is null or "")
            return "none";
        return value.Length <= Longest && !value.Contains('\n', StringComparison.Ordinal) ? value
            : $"{value.Length} characters (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..12]}…)";
    }
}
