using System.Text.RegularExpressions;
using Baker.Tests.Support;
using GraphQL;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;

namespace Baker.Tests.Duo;

/// <summary>The GraphQL that a GitLab VM sends, and GitLab's schema to hold it against.</summary>
internal static partial class DuoDocuments
{
    private static readonly Lazy<ISchema> GitLab = new(() =>
    {
        var text = Checkout.Read("tests", "Baker.Tests", "Fixtures", "oracles", "gitlab-duo-18.9.graphql");
        var schema = Schema.For(text);
        foreach (Match scalar in Scalar().Matches(text))
            schema.RegisterType(new AnyScalar { Name = scalar.Groups[1].Value });
        schema.Initialize();
        return schema;
    });

    public static string Text { get; } = Checkout.Read("templates", "machine", "gitlab", "configure", "duo.graphql");

    /// <summary>Every operation by its name, cut as the VM cuts the file.</summary>
    public static IReadOnlyDictionary<string, string> ByName { get; } = Beginning().Split(Text).Where(t => t.Length > 0).ToDictionary(t => Name().Match(t).Groups[1].Value);

    /// <summary>What GitLab's schema says against an operation with these variables; empty: nothing.</summary>
    public static async Task<string[]> ComplaintsAsync(string text, Inputs variables)
    {
        var document = Parser.Parse(text);
        var result = await new DocumentValidator().ValidateAsync(new ValidationOptions
        {
            Schema = GitLab.Value,
            Document = document,
            Operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single(),
            Rules = DocumentValidator.CoreRules,
            Variables = variables,
        });
        return [.. result.Errors.Select(e => e.Message)];
    }

    /// <summary>A scalar of GitLab's: nothing but its name counts here.</summary>
    private sealed class AnyScalar : ScalarGraphType
    {
        public override object? ParseValue(object? value) => value;
    }

    [GeneratedRegex(@"^(?=\w)", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@" (\w+)")]
    private static partial Regex Name();

    [GeneratedRegex(@"^scalar (\w+)", RegexOptions.Multiline)]
    private static partial Regex Scalar();
}
