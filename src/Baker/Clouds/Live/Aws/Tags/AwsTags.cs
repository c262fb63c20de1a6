using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;

namespace Baker.Clouds.Live.Aws.Tags;

/// <summary>The tags by which everything is found again.</summary>
internal static class AwsTags
{
    public const string Id = AwsNames.IdTag;

    /// <summary>Of the user-data that a machine has. It is set last: a machine without it is not finished.</summary>
    public const string Digest = "baker:digest";

    /// <summary>
    /// On a machine: the version that its user-data asks for. It is set before that is changed, so that a run which is cut off in between
    /// is gone on with.
    /// </summary>
    public const string Release = "baker:release";

    /// <summary>On a machine and on a baked image: what it is in the stack.</summary>
    public const string Role = "baker:role";

    /// <summary>On a baked image: the fingerprint of what went into it.</summary>
    public const string Fingerprint = "baker:fingerprint";

    /// <summary>On a secret that came from a file: <see cref="GivenSecret.Mark"/>.</summary>
    public const string Given = "baker:given";

    /// <summary>A value has 256 characters, and the spec 40 tags at most.</summary>
    public static readonly TagMemory Memory = new("baker:tags", 40);

    public static IEnumerable<(string Key, string Value)> Of(StackOwner owner, string name) =>
        Memory.With(owner.Tags).Select(t => (t.Key, t.Value))
            .Concat([("Name", name), (Id, owner.Id), ("baker:stack", owner.Stack), ("baker:host", owner.Host)]);

    public static TagSpecification For(StackOwner owner, ResourceType type, string name,
        params ReadOnlySpan<(string Key, string Value)> more) =>
        new() { ResourceType = type, Tags = [.. Of(owner, name).Concat(more.ToArray()).Select(t => new Tag(t.Key, t.Value))] };

    /// <summary>Finds what belongs to the stack, or the one thing of a name.</summary>
    public static List<Filter> Mine(StackOwner owner, string? name = null, params ReadOnlySpan<Filter> more) =>
        [new Filter($"tag:{Id}", [owner.Id]), .. name is null ? [] : new[] { new Filter("tag:Name", [name]) }, .. more];

    public static string Name(IEnumerable<Tag>? tags) => Value(tags, "Name") ?? "";

    public static string? Value(IEnumerable<Tag>? tags, string key) => tags?.FirstOrDefault(t => t.Key == key)?.Value;

    public static bool IsMine(IEnumerable<Tag>? tags, StackOwner owner) => Value(tags, Id) == owner.Id;

    /// <summary>The only one; none; or a refusal that lists them.</summary>
    public static T? Single<T>(string doing, IReadOnlyList<T> found, Func<T, string> id)
        where T : class => found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw new CloudException(CloudFailure.Taken, doing,
                $"there are {found.Count} of the same name and stack: {string.Join(", ", found.Select(id))}",
                "remove those that are not needed"),
        };
}
