using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Shapes;

namespace Baker.Stack.Identities;

/// <summary>Who makes the identity of a VM that needs one and has none of the user's own.</summary>
public enum IdentityChoice
{
    /// <summary>A launch.</summary>
    Auto,

    /// <summary>People.</summary>
    None,
}

/// <param name="Boundary">The permissions boundary of what a launch makes; null: none.</param>
public sealed record IdentitySpec(IdentityChoice Use, string? Boundary = null)
{
    public static IdentitySpec From(SpecNode? node) => node is SpecMap limited
        ? new IdentitySpec(IdentityChoice.Auto, limited.Text("boundary"))
        : new IdentitySpec(node is SpecText { Text: "none" } ? IdentityChoice.None : IdentityChoice.Auto);
}

/// <summary>The key <c>identity</c>: a word, or a launch's work within a limit.</summary>
public static class IdentityShape
{
    private const string Summary = "who makes the identity of a VM that needs one and has none of yours";

    private static readonly TextFormat Boundary = new("a permissions boundary", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 300 ? "write one word" : null);

    public static readonly EitherShape Shape = new(Summary, new WordShape(Summary, "auto", "none"),
        new MapShape("launch makes it, within a limit (aws)",
            new Key("boundary", new TextShape("ARN of the policy that is its permissions boundary", Boundary), Required: true)));
}

/// <summary>Rules of <c>identity</c>.</summary>
public static class IdentityRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        if (spec.Identity is not { } identity)
            return;
        var cloud = spec.Cloud.Facts;
        if (cloud.IdentityKey is null)
            bag.AddAtKey("identity", IdentityMessages.OnDesk());
        else if (identity.Boundary is not { } boundary)
            return;
        else if (!cloud.HasBoundaries)
            bag.AddAtKey("identity.boundary", IdentityMessages.NoBoundary(cloud.Title));
        else if (cloud.IdProblem(CloudId.Boundary, boundary) is { } why)
            bag.Add("identity.boundary", CloudMessages.BadId(boundary, $"a permissions boundary on {cloud.Title}", why));
    }
}
