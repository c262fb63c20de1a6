using System.Text.RegularExpressions;
using Baker.Tests.Support;
using GraphQL;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;

namespace Baker.Tests.Stack.Duo;

/// <summary>The GraphQL that a GitLab VM sends, and GitLab's schema to hold it against.</summary>
internal static partial class DuoDocuments
{
    public static string Text { get; } = Checkout.Read("templates", "machine", "gitlab", "configure", "duo.graphql");

    /// <summary>Every operation by its name, cut as the VM cuts the file.</summary>
    public static IReadOnlyDictionary<string, string> ByName { get; } = Beginning().Split(Text).Where(t => t.Length > 0).ToDictionary(t => Name().Match(t).Groups[1].Value);

    /// <summary>What a schema of GitLab's says against an operation with these variables; empty: nothing.</summary>
    public static async Task<string[]> ComplaintsAsync(string schema, string text, Inputs variables)
    {
        var document = Parser.Parse(text);
        var result = await new DocumentValidator().ValidateAsync(new ValidationOptions
        {
            Schema = GitLabSchema.Of(schema),
            Document = document,
            Operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single(),
            Rules = DocumentValidator.CoreRules,
            Variables = variables,
        });
        return [.. result.Errors.Select(e => e.Message)];
    }

    [GeneratedRegex(@"^(?=\w)", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@" (\w+)")]
    private static partial Regex Name();
}
