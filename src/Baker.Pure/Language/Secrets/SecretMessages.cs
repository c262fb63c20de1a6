using Baker.Diagnostics;

namespace Baker.Language.Secrets;

/// <summary>
/// What can be said about secrets. None of these sentences repeats what was written, and each names the references that the stack's cloud
/// takes.
/// </summary>
public static class SecretMessages
{
    public static Message Literal(string key, bool mayGenerate, string forms) =>
        Message.Error("BKR701", $"\"{key}\" is a secret and was written into the spec; artifacts and version control would carry it on",
            $"change it where it came from, then refer to it: {forms}{(mayGenerate ? ", or the word generate" : "")}");

    public static Message NotAReference(string key, string forms) =>
        Message.Error("BKR707", $"\"{key}\" must be a reference to a secret", $"write {forms}");

    public static Message PrivateKey() =>
        Message.Error("BKR708", "a private key was written into the spec; artifacts and version control would carry it on",
            "only public text belongs here; replace that key where it is in use");

    /// <param name="kind">With its article.</param>
    /// <param name="forms">Null where no secret belongs.</param>
    public static Message Known(string kind, string? forms) =>
        Message.Error("BKR709", $"this looks like {kind}; artifacts and version control would carry it on",
            $"revoke it where it came from{(forms is null ? "" : $"; where a secret belongs, refer to it: {forms}")}");

    public static Message UserInfo() =>
        Message.Error("BKR702", "the URL carries a user name or password; artifacts and version control would carry it on",
            "write the URL without `user:password@`");

    public static Message WrongCloud(string kind, string cloud, IEnumerable<string> usable) =>
        Message.Error("BKR703", $"{kind} cannot be read by a VM on {cloud}", $"usable there: {string.Join(", ", usable)}");

    public static Message NeedsIdentity(string key, string vm, string section, IEnumerable<string> secrets) =>
        Message.Error("BKR704", $"{vm} fetches {string.Join(" and ", secrets)} itself and needs an identity that may read it",
            $"add `{key}:` under {section}; the review page has the policy and the commands. Without `identity: none` a launch makes one");

    public static Message CannotGenerate(string key, string forms) =>
        Message.Error("BKR705", $"\"{key}\" cannot be generated: it comes from somebody else", $"refer to it: {forms}");

    public static Message NotACertificate(string key, string forms) =>
        Message.Error("BKR706", $"\"{key}\" is neither PEM certificates nor a reference",
            $"paste the certificates (-----BEGIN CERTIFICATE-----…), or refer to them: {forms}");
}
