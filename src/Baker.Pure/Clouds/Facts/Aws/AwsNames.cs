namespace Baker.Clouds.Facts.Aws;

/// <summary>Names on AWS that a policy is written with and the live cloud looks for.</summary>
internal static class AwsNames
{
    /// <summary>The tag by which everything of a stack is found again.</summary>
    public const string IdTag = "baker:id";

    /// <summary>The parameter that is a stack's lock.</summary>
    public static string Lock(string stack, string id) => $"/baker/{stack}/lock-{id}";

    /// <summary>The tag of all that a bake makes. An image and its snapshots keep it.</summary>
    public const string BakeTag = "baker:bake";
}
