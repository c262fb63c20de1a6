using System.Globalization;
using System.Text;

namespace Baker.Rendering;

/// <summary>
/// Turns a value into a token of the language it lands in, whatever the value is. Every expression of every template ends in
/// one of these; a test walks the templates' syntax trees to prove it.
/// </summary>
public static class Quoting
{
    /// <summary>A double-quoted scalar, which is also a JSON string.</summary>
    public static string Yaml(string value) => Escape(value);

    /// <summary>
    /// A literal block, its lines indented by <paramref name="indent"/> blanks, so that people can read the file inside the
    /// file; or a double-quoted scalar where a block could not carry the text exactly.
    /// </summary>
    public static string YamlBlock(string value, int indent)
    {
        var body = value.EndsWith('\n') ? value[..^1] : value;
        if (body.Length == 0 || body[0] is ' ' or '\n' or '\t' || body.EndsWith('\n') || body.Any(c => c != '\n' && c != '\t' && MustEscape(c)) || HasLoneSurrogate(body))
            return Yaml(value);
        var margin = new string(' ', indent);
        var block = new StringBuilder(value.Length + 256).Append(value.EndsWith('\n') ? "|" : "|-");
        foreach (var line in body.Split('\n'))
            block.Append('\n').Append(line.Length == 0 ? "" : margin).Append(line);
        return block.ToString();
    }

    /// <summary>A word of a POSIX shell.</summary>
    /// <exception cref="ArgumentException">The value holds a NUL, which no shell can carry; specs cannot either.</exception>
    public static string Shell(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("a shell word cannot hold NUL", nameof(value))
        : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>
    /// A string of HashiCorp's language, in which <c>${</c> and <c>%{</c> would begin a template. Packer reads what comes out
    /// once more as a template of Go, in which <c>{{</c> would begin an action: there the two braces come out of an action.
    /// </summary>
    public static string Hcl(string value) => Escape(value.Replace("{{", "{{`{{`}}", StringComparison.Ordinal))
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    /// <summary>Plain text in Markdown, table cells included.</summary>
    public static string Markdown(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in OneLine(value))
        {
            if (@"\`*_[]<>|#".Contains(c, StringComparison.Ordinal))
                text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>A code span in Markdown; the fence is longer than any run of backticks inside.</summary>
    public static string Code(string value)
    {
        var line = OneLine(value).Replace("|", "\\|", StringComparison.Ordinal);
        var run = 0;
        var longest = 0;
        foreach (var c in line)
            longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
        var fence = new string('`', longest + 1);
        return longest > 0 ? $"{fence} {line} {fence}" : line.Length == 0 ? "" : $"`{line}`";
    }

    /// <summary>A quoted label in a Mermaid diagram.</summary>
    public static string Mermaid(string value) =>
        $"\"{OneLine(value).Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal)}\"";

    /// <summary>A bare word: Baker's own identifiers, which need no quotes in any language.</summary>
    /// <exception cref="ArgumentException">The value is not such a word.</exception>
    public static string Word(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? value : throw new ArgumentException("not a bare word", nameof(value));

    private static string OneLine(string value) => string.Create(value.Length, value, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
    });

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 8).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                text.Append(c).Append(value[++i]);
            else if (char.IsSurrogate(c))
                text.Append("\\ufffd");
            else if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t')
                text.Append(c switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else if (MustEscape(c))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        return text.Append('"').ToString();
    }

    // What YAML 1.1 does not count as printable, or counts as a line break.
    private static bool MustEscape(char c) => c < ' ' || c is >= '\u007f' and <= '\u009f' or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff';

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], i + 1 < text.Length ? text[i + 1] : ' '))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }
        return false;
    }
}
