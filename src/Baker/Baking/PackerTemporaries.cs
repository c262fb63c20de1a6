using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>
/// What Packer says that it makes for the time of a build, and takes away again: it can be named without asking a cloud, and what Packer
/// makes in IAM is found in no other way. Words: packer-plugin-amazon 1.8.2, common/step_*.go.
/// </summary>
internal sealed class PackerTemporaries
{
    public const string Profile = "instance profile", Role = "role";

    private static readonly ImmutableArray<(string Kind, string Made, string Removed)> Kinds =
    [
        ("key pair", "Creating temporary keypair: ", "Deleting temporary keypair..."),
        ("security group", "Creating temporary security group for this instance: ", "Deleting temporary security group..."),
        (Profile, "Creating temporary instance profile for this instance: ", "Deleting temporary instance profile..."),
        (Role, "Creating temporary role for this instance: ", "Deleting temporary role..."),
        ("builder", "Instance ID: ", "Terminating the source AWS instance..."),
    ];

    private readonly List<Resource> _left = [];

    private string? _going;

    public ImmutableArray<Resource> Left => [.. _left];

    /// <param name="isError">Packer, or a program in the builder, has said it as an error.</param>
    /// <returns>True when <see cref="Left"/> is another one now.</returns>
    public bool Hear(string text, bool isError)
    {
        var before = _left.Count;
        // Said before it is tried: an error after it means that the thing is still there.
        if (_going is { } going && !isError)
            _left.RemoveAll(r => r.Kind == going);
        _going = null;
        foreach (var (kind, made, removed) in isError ? [] : Kinds)
        {
            if (text.StartsWith(made, StringComparison.Ordinal) && _left.All(r => r.Kind != kind))
                _left.Add(new Resource(kind, text[made.Length..], text[made.Length..]));
            else if (text == removed)
                _going = kind;
        }
        return _left.Count != before;
    }
}
