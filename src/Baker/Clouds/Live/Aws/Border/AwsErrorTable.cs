using System.Collections.Immutable;
using Baker.Embedded;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>What an answer of AWS means; the words are those of <c>tables/aws-errors.txt</c>, which explains each.</summary>
internal enum AwsErrorClass
{
    Input,
    Throttled,
    Broken,
    Missing,
    Propagating,
    PropagatingIam,
    Lingering,
    Already,
    Taken,
    Capacity,
    Quota,
    Right,
    Organisation,
    SignedOut,
    Account,
}

/// <summary>One line of the table.</summary>
/// <param name="Action">As the API names it; <c>*</c>: any.</param>
/// <param name="Code">With a star at its beginning: every code that ends so.</param>
/// <param name="Words">Part of the message; empty: any message.</param>
internal sealed record AwsErrorRow(string Action, string Code, string Words, AwsErrorClass Class, string Source)
{
    public bool Fits(string action, string code, string message) =>
        (Action == "*" || Action == action)
        && (Code[0] == '*' ? code.EndsWith(Code[1..], StringComparison.Ordinal) : code == Code)
        && message.Contains(Words, StringComparison.Ordinal);
}

/// <summary>The one place that knows what AWS's codes mean.</summary>
internal static class AwsErrorTable
{
    private const string Columns = "action | code | words | class | source";

    private static readonly Lazy<ImmutableArray<AwsErrorRow>> Lines = new(Read);

    public static ImmutableArray<AwsErrorRow> Rows => Lines.Value;

    public static AwsErrorClass Of(string action, string code, string message)
    {
        // A start that fails later names whose fault it was.
        var name = code[(code.StartsWith("Server.", StringComparison.Ordinal) || code.StartsWith("Client.", StringComparison.Ordinal)
            ? "Server.".Length : 0)..];
        return Rows.FirstOrDefault(r => r.Fits(action, name, message))?.Class ?? AwsErrorClass.Input;
    }

    private static ImmutableArray<AwsErrorRow> Read() =>
    [
        .. EmbeddedFiles.Read("tables/aws-errors.txt").Split('\n').SkipWhile(l => l != Columns).Skip(1).Where(l => l.Length > 0)
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .Select(c => new AwsErrorRow(c[0], c[1], c[2], Enum.Parse<AwsErrorClass>(
                c[3].Replace("-", "", StringComparison.Ordinal), ignoreCase: true), c[4])),
    ];
}
