using System.Text.RegularExpressions;
using Baker.Tests.Support;
using GraphQL.Types;

namespace Baker.Tests.Stack.Duo;

/// <summary>
/// GitLab's GraphQL schema as far as Duo needs it, one file of the oracles per version. A first line <c># over FILE</c> names the schema that a
/// file differs from: what it defines stands in place of the definition of that name there. The lab's GitLab reads the same files.
/// </summary>
internal static partial class GitLabSchema
{
    /// <summary>That of the version which is the default of a spec.</summary>
    public const string Default = "19.4";

    private const string Prefix = "gitlab-duo-";

    private static readonly string Folder = Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "oracles");

    private static readonly Dictionary<string, Lazy<ISchema>> All = Names().ToDictionary(name => name, name => new Lazy<ISchema>(() => Read(name)));

    /// <summary>Versions; where one is known in part, both ways: <c>19.0-required</c>.</summary>
    public static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, $"{Prefix}*.graphql").Select(path => Path.GetFileNameWithoutExtension(path)[Prefix.Length..]).Order();

    public static string PathOf(string name) => Path.Combine(Folder, $"{Prefix}{name}.graphql");

    public static ISchema Of(string name) => All[name].Value;

    /// <summary>The members of an enumeration, or the fields of an input.</summary>
    public static IEnumerable<string> Members(string name, string type) => Of(name).AllTypes[type] switch
    {
        EnumerationGraphType values => values.Values.Select(v => v.Name),
        IComplexGraphType input => input.Fields.Select(f => f.Name),
        _ => throw new InvalidOperationException($"{type} has no members"),
    };

    private static Schema Read(string name)
    {
        var text = string.Join('\n', Definitions($"{Prefix}{name}.graphql").Values);
        var schema = Schema.For(text);
        foreach (Match scalar in Scalar().Matches(text))
            schema.RegisterType(new AnyScalar { Name = scalar.Groups[1].Value });
        // GitLab's server knows the argument; the specification has it since 2021.
        schema.Features.DeprecationOfInputValues = true;
        schema.Initialize();
        return schema;
    }

    private static Dictionary<string, string> Definitions(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        var all = Over().Match(text) is { Success: true } over ? Definitions(over.Groups[1].Value) : [];
        foreach (var definition in Beginning().Split(text).Skip(1))
            all[Name().Match(definition).Groups[1].Value] = definition;
        return all;
    }

    /// <summary>A scalar of GitLab's: nothing but its name counts here.</summary>
    private sealed class AnyScalar : ScalarGraphType
    {
        public override object? ParseValue(object? value) => value;
    }

    [GeneratedRegex(@"\A# over (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Over();

    [GeneratedRegex(@"^(?=(?:type|input|enum|scalar) )", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\A\w+ (\w+)")]
    private static partial Regex Name();

    [GeneratedRegex(@"^scalar (\w+)", RegexOptions.Multiline)]
    private static partial Regex Scalar();
}
