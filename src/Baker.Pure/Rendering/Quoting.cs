using System.Buffers;
using System.Globalization;
using System.Text;
using Baker.Diagnostics;

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
        var body = value.EndsWith('\n') ? value.AsSpan(..^1) : value;
        if (body.Length == 0 || body[0] is ' ' or '\n' or '\t' || body[^1] == '\n' || HasUnprintable(body)
            || Printable.HasLoneSurrogate(body))
            return Yaml(value);
        var block = new StringBuilder(value.Length + 256).Append(value.EndsWith('\n') ? "|" : "|-");
        foreach (var line in body.Split('\n'))
            block.Append('\n').Append(' ', body[line].IsEmpty ? 0 : indent).Append(body[line]);
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

    /// <summary>
    /// Plain text in Markdown, table cells included: one line, no blanks at its ends. An address that stands for itself stays a link.
    /// </summary>
    public static string Markdown(string value)
    {
        var line = OneLine(value).Trim();
        // A list, a rule or the underline of a heading begins with these.
        var first = line.Length > 0 && line[0] is '-' or '+' or '=' ? 0 : NumberMark(line);
        if (first < 0 && !line.AsSpan().ContainsAny(MarkdownSigns))
            return line;
        var text = new StringBuilder(line.Length + 8);
        for (var i = 0; i < line.Length; i++)
        {
            // Inside a link that Markdown sees by itself, backslashes would be shown: no links beside them.
            if (MarkdownSigns.Contains(line[i]) || i == first || BeginsLink(line, i))
                text.Append('\\');
            text.Append(line[i]);
        }
        return text.ToString();
    }

    /// <summary>Code in Markdown, table cells included: one line, no blanks at its ends.</summary>
    public static string Code(string value)
    {
        var line = OneLine(value).Trim();
        if (line.Length == 0)
            return "";
        // Between backticks nothing can be escaped, and in a table a bar ends the cell even there.
        return !line.Contains('`', StringComparison.Ordinal) && !line.Contains('|', StringComparison.Ordinal) ? $"`{line}`"
            : $"<code>{string.Concat(line.Select(c =>
                char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c) ? $"{c}" : $"&#{(int)c};"))}</code>";
    }

    /// <summary>A quoted label in a Mermaid diagram.</summary>
    public static string Mermaid(string value) =>
        $"\"{OneLine(value).Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<", "#lt;", StringComparison.Ordinal)}\"";

    /// <summary>A bare word: Baker's own identifiers, which need no quotes in any language.</summary>
    /// <exception cref="ArgumentException">The value is not such a word.</exception>
    public static string Word(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? value : throw new ArgumentException("not a bare word", nameof(value));

    private static readonly SearchValues<char> MarkdownSigns = SearchValues.Create(@"\`*_[]<>|#&~");

    // Of a numbered list, where the point or bracket behind its number stands; -1 when the line begins with none.
    private static int NumberMark(ReadOnlySpan<char> line) =>
        line.IndexOfAnyExceptInRange('0', '9') is var mark and > 0 && line[mark] is '.' or ')'
            && (mark + 1 == line.Length || line[mark + 1] == ' ') ? mark : -1;

    // https://…, mailto:…, www.…
    private static bool BeginsLink(string line, int at) =>
        (line[at] == ':' && at > 0 && char.IsAsciiLetter(line[at - 1]) && !line[(at + 1)..].StartsWith(' '))
            || (line[at] == '.' && line[..at].EndsWith("www", StringComparison.OrdinalIgnoreCase));

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
    private static bool MustEscape(char c) =>
        c < ' ' || c is >= '\u007f' and <= '\u009f' or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff';

    private static bool HasUnprintable(ReadOnlySpan<char> text)
    {
        // What is plain ASCII, and that is nearly all, is passed over many characters at a time.
        for (int odd; (odd = text.IndexOfAnyExceptInRange(' ', '~')) >= 0; text = text[(odd + 1)..])
        {
            if (text[odd] is not ('\n' or '\t') && MustEscape(text[odd]))
                return true;
        }
        return false;
    }
}
