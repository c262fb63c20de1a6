using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Secrets;

/// <summary>The four ways to refer to a secret.</summary>
public static partial class SecretShapes
{
    public static readonly ImmutableArray<(string Name, SecretKind Kind, string Example)> Names =
    [
        ("aws_parameter", SecretKind.AwsParameter, "/path"), ("gcp_secret", SecretKind.GcpSecret, "name"),
        ("local_file", SecretKind.LocalFile, "./path"), ("vm_file", SecretKind.VmFile, "/path"),
    ];

    public static readonly ImmutableArray<Key> Kinds =
    [
        new("aws_parameter", new TextShape("name of a SecureString in SSM Parameter Store", Delicate(
            "a parameter name", Parameter(), "it begins with / and has parts of letters, digits, `.`, `_` and `-` between slashes", 1011))),
        new("gcp_secret", new TextShape("name of a secret in Secret Manager, or projects/…/secrets/…", Delicate(
            "a Secret Manager name", GcpName(), "write `my-secret` or `projects/my-project/secrets/my-secret`", 300))),
        new("local_file", new TextShape("a file on this machine, relative to the spec; local cloud only", Delicate(
            "a file path", FilePath(), "write a path such as `./secrets/license.txt`", 1024))),
        new("vm_file", new TextShape("a file that you put on the VM yourself", Delicate(
            "an absolute file path", VmPath(), "write a path that begins with /, such as `/root/license.txt`", 1024))),
    ];

    private static TextFormat Delicate(string name, Regex pattern, string otherwise, int most) =>
        TextFormat.Matching(name, pattern, otherwise, most) with { IsDelicate = true };

    /// <summary>The references that VMs can read: with a cloud's own store, or with any while nobody knows the cloud.</summary>
    public static string Forms(SecretKind? store)
    {
        var forms = Names.Where(n => store is null || n.Kind == store || n.Kind == SecretKind.VmFile).Select(n => $"{{ {n.Name}: {n.Example} }}").ToArray();
        return $"{string.Join(", ", forms[..^1])} or {forms[^1]}";
    }

    /// <summary>The spec's word for a kind.</summary>
    public static string Word(SecretKind kind) => kind == SecretKind.Generate ? "generate" : Names.First(n => n.Kind == kind).Name;

    [GeneratedRegex(@"\A(/[A-Za-z0-9_.-]+)+\z")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\A(projects/[a-z0-9:.-]+/secrets/)?[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex GcpName();

    [GeneratedRegex(@"\A[^\n:]+\z")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"\A/[^\n:]+\z")]
    private static partial Regex VmPath();
}
