using System.Globalization;

namespace Baker.Baking;

/// <summary>One line of <c>packer -machine-readable</c>: time, target, type and data, with commas between them.</summary>
/// <param name="Target">The build it is about; empty: all of Packer.</param>
/// <param name="Type"><c>ui</c>, <c>artifact</c>, <c>error</c>, …</param>
internal sealed record PackerLine(string Target, string Type, string[] Data)
{
    // Packer's own escapes, packer/ui.go.
    private const string Comma = "%!(PACKER_COMMA)";

    /// <summary>What is said to people: <c>say</c>, <c>message</c> or <c>error</c>; null: the line is for programs.</summary>
    public string? Kind => Type == "ui" && Data.Length > 1 ? Data[0] : null;

    /// <summary>What is said, without the name of the build before it; may have several lines.</summary>
    public string Text => string.Join('\n', string.Join(',', Data.Skip(1)).Split('\n').Select(Bare)).Trim();

    /// <returns>Null when the line is not of this form; programs that Packer starts may write others.</returns>
    public static PackerLine? Parse(string line)
    {
        var parts = line.Split(',');
        return parts.Length < 3 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
            : new PackerLine(parts[1], parts[2], [.. parts.Skip(3).Select(Plain)]);
    }

    private static string Plain(string text) =>
        text.Replace(Comma, ",", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
            .Replace("\\n", "\n", StringComparison.Ordinal);

    // "==> gitlab.amazon-ebs.gitlab: Stopping…", "    gitlab.amazon-ebs.gitlab: a line of a script".
    private static string Bare(string line)
    {
        var text = line.TrimEnd();
        var start = text.TrimStart().StartsWith("==> ", StringComparison.Ordinal) ? text.TrimStart()[4..] : text.TrimStart();
        // An empty line has lost the blank behind the colon.
        var colon = $"{start} ".IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && !start[..colon].Contains(' ', StringComparison.Ordinal) && start[..colon]
            .Contains('.', StringComparison.Ordinal) ? start[(colon + 1)..].TrimStart() : start;
    }
}
