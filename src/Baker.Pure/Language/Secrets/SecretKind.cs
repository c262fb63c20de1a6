using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Secrets;

/// <summary>Where a secret is kept. Each cloud brings its own; what holds everywhere stands here.</summary>
/// <param name="Name">The spec's word, and the beginning of the reference that a VM resolves.</param>
/// <param name="Example">What stands behind it, for people.</param>
/// <param name="Shape">What may stand behind it; null where nothing does.</param>
[JsonConverter(typeof(SecretKindJson))]
public sealed partial record SecretKind(string Name, string Example, TextShape? Shape)
{
    /// <summary>A file that somebody puts on the VM.</summary>
    public static readonly SecretKind VmFile = Of("vm_file", "/path", "a file that you put on the VM yourself",
        "an absolute file path", VmPath(), "write a path that begins with /, such as `/root/license.txt`", 1024);

    /// <summary>A variable of the process that launches: a pipeline has its secrets there.</summary>
    public static readonly SecretKind Variable = Of("env", "NAME", "an environment variable of `baker launch`, which stores its value",
        "the name of a variable", VariableName(), "write the name alone, such as `DUO_CODE`: no `$`, and no value", 255) with
    { IsGiven = true };

    /// <summary>Made by <c>baker launch</c> and stored in the cloud's own secret store.</summary>
    public static readonly SecretKind Generate = new("generate", "", null);

    /// <summary>It names what the user has where the launch runs, which stores it where the VMs read it.</summary>
    public bool IsGiven { get; init; }

    public Key Key => new(Name, Shape!);

    /// <param name="what">What the word names, for editors and the manual.</param>
    /// <param name="form">The grammar's name in a sentence.</param>
    public static SecretKind Of(string name, string example, string what, string form, Regex pattern, string otherwise, int most) =>
        new(name, example, new TextShape(what, TextFormat.Matching(form, pattern, otherwise, most) with { IsDelicate = true }));

    public bool Equals(SecretKind? other) => other?.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    [GeneratedRegex(@"\A/[^\n:]+\z")]
    private static partial Regex VmPath();

    /// <summary>POSIX.1-2008, Base Definitions, chapter 8: letters, digits and underscores, no digit first;
    /// others than the system's have small letters too.</summary>
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}

/// <summary>A kind in plan.json: its word as one, <c>AwsParameter</c>.</summary>
internal sealed class SecretKindJson : JsonConverter<SecretKind>
{
    public override void Write(Utf8JsonWriter writer, SecretKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Concat(value.Name.Split('_').Select(w => $"{char.ToUpperInvariant(w[0])}{w[1..]}")));

    public override SecretKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("a plan is written and never read");
}
