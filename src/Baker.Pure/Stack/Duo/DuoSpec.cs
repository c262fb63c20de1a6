using System.Collections.Immutable;
using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Roles;

namespace Baker.Stack.Duo;

/// <summary>How GitLab Duo is wired to the model; null wherever the spec says nothing.</summary>
/// <param name="Model">One of those that the model server is to have.</param>
/// <param name="Family">GitLab's name for the kind of model.</param>
/// <param name="Name">What the model is called in GitLab.</param>
/// <param name="Seats">User names that get a Duo seat; none where GitLab's own administrators see to it.</param>
public sealed record DuoSpec(
    ModelName? Model, string? Family, string? Name, ImmutableArray<string>? Features, ImmutableArray<string>? Seats, bool? OnlySelfHosted,
        bool AcceptTestingTerms)
{
    public static DuoSpec From(SpecMap map) => new(
        map.Text("model") is { } model ? ModelName.Parse(model) : null, map.Text("family"), map.Text("name"), map.Texts("features"),
        map.Text("seats") is DuoShape.FromGitLab ? [] : map.Texts("seats"), map.Flag("only_self_hosted"),
        map.Flag("accept_testing_terms") ?? false);
}

/// <summary>
/// The keys under <c>duo</c>. Families: GitLab's GraphQL schema, 19.4, without <c>embedding</c>, which serves none of the features.
/// </summary>
public static class DuoShape
{
    /// <summary>In place of the list of seats.</summary>
    internal const string FromGitLab = "from_gitlab";

    public static readonly ImmutableArray<string> Families =
        ["claude_3", "codegemma", "codellama", "codestral", "deepseekcoder", "gemini", "general", "gpt", "llama3", "mistral", "mixtral",
            "qwen"];

    // A digest pins what is pulled; afterwards a model is called by its name.
    private static readonly TextFormat Model = ModelName.Format with
    {
        Problem = text => ModelName.Format.Problem(text)
            ?? (text.Contains('@', StringComparison.Ordinal) ? "write it without the digest" : null),
    };

    private static readonly string Models = string.Join(" or ", RoleCatalog.ModelServers.Select(s => s.ModelsKey));

    public static readonly MapShape Shape = new("how GitLab Duo uses the model",
        new Key("model", new TextShape($"one of {Models}", Model), Default: $"the first of {Models}"),
        new Key("family", new WordShape("GitLab's name for the kind of model", Families), Default: "by model"),
        new Key("name", new TextShape("what the model is called in GitLab", TextFormats.Label), Default: "model and place"),
        new Key("features", new ListShape("features that use the model", new WordShape("a feature", DuoFeatures.All), 1,
            DuoFeatures.All.Length), Default: "[code_completions, code_generations, duo_chat]"),
        new Key("seats", new EitherShape("users that get a Duo seat, where the licence has any",
            new WordShape("leave seats to those who administer GitLab", FromGitLab),
            new ListShape("users that get a Duo seat", new TextShape("a user name", TextFormats.UserName), 1, 1000)), Default: "[root]"),
        new Key("only_self_hosted", new FlagShape("disable every feature that is not listed, so that no code leaves the site"),
            Default: "true"),
        new Key("accept_testing_terms", new FlagShape("accept the GitLab Testing Agreement, which beta models need"), Default: "false"));
}
