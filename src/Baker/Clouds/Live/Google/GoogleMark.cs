namespace Baker.Clouds.Live.Google;

/// <summary>How what belongs to a stack is found again: by labels, and by the description where there are none.</summary>
internal static class GoogleMark
{
    public const string Id = "baker-id";

    public const string Stack = "baker-stack";

    /// <summary>Which disk it is: <c>boot</c> or <c>data</c>.</summary>
    public const string Disk = "baker-disk";

    /// <summary>Which group a machine or image is of.</summary>
    public const string Group = "baker-role";

    /// <summary>On a secret that came from a file: <see cref="GivenSecret.Mark"/>.</summary>
    public const string Given = "baker-given";

    /// <summary>A label's value has 63 characters.</summary>
    public static readonly TagMemory Memory = new("baker-tags", 10);

    public static SortedDictionary<string, string> Labels(StackOwner owner, params (string Key, string Value)[] more)
    {
        var labels = new SortedDictionary<string, string>(
            Memory.With(owner.Tags), StringComparer.Ordinal)
        { [Id] = owner.Id, [Stack] = owner.Stack };
        foreach (var (key, value) in more)
            labels[key] = value;
        return labels;
    }

    public static string Description(StackOwner owner) => $"{Start(owner.Id)} stack {owner.Stack} of {owner.Host}";

    /// <param name="more">What else there is to know of the thing.</param>
    public static string Description(StackOwner owner, string more) => $"{Description(owner)}; {more}";

    /// <summary>What <see cref="Description(StackOwner, string)"/> was given; null: nothing.</summary>
    public static string? More(string? description, StackOwner owner) =>
        description?.StartsWith($"{Description(owner)}; ", StringComparison.Ordinal) == true
            ? description[(Description(owner).Length + 2)..] : null;

    public static string Filter(StackOwner owner) => $"labels.{Id}={owner.Id}";

    public static bool IsOurs(string? description, StackOwner owner) =>
        description?.StartsWith(Start(owner.Id), StringComparison.Ordinal) == true;

    public static bool IsOurs(IReadOnlyDictionary<string, string>? labels, StackOwner owner) => labels?.GetValueOrDefault(Id) == owner.Id;

    /// <summary>What is told about a thing that has our name and another owner.</summary>
    /// <param name="kind">Google's word for it.</param>
    public static CloudException Taken(string doing, string kind, string path, string? description,
        IReadOnlyDictionary<string, string>? labels = null)
    {
        var owner = description?.StartsWith("baker:id=", StringComparison.Ordinal) == true ? $"it belongs to another stack ({description})"
            : labels?.GetValueOrDefault(Stack) is { } stack ? $"it belongs to another stack ({stack}, {labels.GetValueOrDefault(Id)})"
            : "it was not made by Baker";
        return new CloudException(CloudFailure.Taken, doing, $"the {kind} {path} is there and {owner}",
            "choose another `name` for this stack, or remove it yourself");
    }

    private static string Start(string id) => $"baker:id={id};";
}
