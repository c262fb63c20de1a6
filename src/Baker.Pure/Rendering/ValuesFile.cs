using System.Collections.Immutable;
using System.Text;
using Baker.Stack.Roles;

namespace Baker.Rendering;

/// <summary>
/// The file through which values reach the machine scripts: one shell assignment per value and nothing else, so that whatever
/// splits a line into shell words reads it as a shell does (Ruby's Shellwords, Python's shlex). Neither of them knows comments.
/// </summary>
public static class ValuesFile
{
    public static string Write(IEnumerable<VmValue> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
            text.Append(value.Name).Append('=').Append(Quoting.Shell(value.Value)).Append('\n');
        return text.ToString();
    }

    /// <returns>What <see cref="Write"/> was given; null for any other text.</returns>
    public static ImmutableDictionary<string, string>? Read(string text)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0 || text[at..equals] is not { Length: > 0 } name || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                return null;
            var value = new StringBuilder();
            // Words in single quotes, and between two of them a quote behind a backslash.
            for (at = equals + 1; at < text.Length && text[at] == '\'';)
            {
                var end = text.IndexOf('\'', at + 1);
                if (end < 0)
                    return null;
                value.Append(text, at + 1, end - at - 1);
                at = end + 1;
                if (string.CompareOrdinal(text, at, @"\'", 0, 2) == 0)
                {
                    value.Append('\'');
                    at += 2;
                }
            }
            if (at >= text.Length || text[at++] != '\n')
                return null;
            values[name] = value.ToString();
        }
        return values.ToImmutable();
    }
}
