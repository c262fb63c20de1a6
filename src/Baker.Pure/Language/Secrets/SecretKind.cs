namespace Baker.Language.Secrets;

/// <summary>Where a secret is kept. The names are those of the spec and of the references that a VM resolves.</summary>
public enum SecretKind
{
    /// <summary>A SecureString in AWS Systems Manager's Parameter Store.</summary>
    AwsParameter,

    /// <summary>A secret in Google's Secret Manager.</summary>
    GcpSecret,

    /// <summary>A file beside the spec, delivered on a second read-only disk; local cloud only.</summary>
    LocalFile,

    /// <summary>A file that somebody puts on the VM.</summary>
    VmFile,

    /// <summary>Made by <c>baker launch</c> and stored in the cloud's own secret store.</summary>
    Generate,
}
