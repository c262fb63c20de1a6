using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>Values whose grammar is one regular expression.</summary>
public static partial class TextFormats
{
    /// <summary>
    /// Prefix of every resource name; Compute Engine's 63 characters less the longest suffix and a random part leave ample room at 20.
    /// </summary>
    public static readonly TextFormat StackName = TextFormat.Matching("a stack name", StackNamePattern(),
        "begin with a small letter, go on with small letters, digits and hyphens, end in a letter or digit; at most 20 characters", 20);

    public static readonly TextFormat Email = TextFormat.Matching(
        "an e-mail address", EmailPattern(), "write it as name@example.com", 254);

    /// <summary>Names that people read: single line, no control characters (those are refused in every value).</summary>
    public static readonly TextFormat Label = TextFormat.Matching("a name", LabelPattern(), "write one line that is not blank", 128);

    /// <summary>A sentence for whoever reviews something.</summary>
    public static readonly TextFormat Reason = TextFormat.Matching("a reason", LabelPattern(), "write one line that is not blank", 200);

    public static readonly TextFormat Version = TextFormat.Matching(
        "a version", VersionPattern(), "write three numbers, such as 19.4.4", 20);

    public static readonly TextFormat VersionOrMinor = TextFormat.Matching(
        "a version", VersionOrMinorPattern(), "write three numbers, such as 19.4.8, or a minor alone, such as \"19.4\"", 20);

    public static readonly TextFormat Sha256 = TextFormat.Matching(
        "a SHA-256 sum", Sha256Pattern(), "write 64 hexadecimal digits in lower case");

    /// <summary>Of an OpenPGP key, version 4: what gpg prints, without its spaces.</summary>
    public static readonly TextFormat Fingerprint = TextFormat.Matching(
        "a fingerprint", FingerprintPattern(), "write 40 hexadecimal digits in upper case, without spaces");

    public static readonly TextFormat SshKey = TextFormat.Matching("an SSH public key", SshKeyPattern(),
        "paste the line from a .pub file, such as `ssh-ed25519 AAAA… name`", 8192);

    public static readonly TextFormat UserName = TextFormat.Matching("a GitLab user name", UserNamePattern(),
        "letters, digits, `.`, `_` and `-`, beginning with a letter, digit or `_`");

    [GeneratedRegex(@"\A[a-z]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex StackNamePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._%+-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+\z")]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"\A[^\s\n]([^\n]*[^\s\n])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\z")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3}))?\z")]
    private static partial Regex VersionOrMinorPattern();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256Pattern();

    [GeneratedRegex(@"\A[0-9A-F]{40}\z")]
    private static partial Regex FingerprintPattern();

    [GeneratedRegex(@"\A(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) (?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})( [^\n]*)?\z")]
    private static partial Regex SshKeyPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*\z")]
    private static partial Regex UserNamePattern();
}
