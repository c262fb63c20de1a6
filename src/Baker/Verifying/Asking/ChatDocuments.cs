using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Baker.Embedded;

namespace Baker.Verifying.Asking;

/// <summary>The GraphQL that asks a question, by the name of its operation.</summary>
public static partial class ChatDocuments
{
    private static readonly Lazy<FrozenDictionary<string, string>> All = new(() =>
        Beginning().Split(EmbeddedFiles.Read("verify/chat.graphql"))
        .Where(text => text.Length > 0).ToFrozenDictionary(text => Name().Match(text).Groups[1].Value, StringComparer.Ordinal));

    public static IEnumerable<string> Names => All.Value.Keys;

    public static string Of(string operation) => All.Value[operation];

    [GeneratedRegex(@"^(?=\w)", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@" (\w+)")]
    private static partial Regex Name();
}
