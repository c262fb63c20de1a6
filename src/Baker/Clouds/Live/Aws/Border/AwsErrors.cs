using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>What the codes of AWS's answers mean for a launch.</summary>
internal static class AwsErrors
{
    // Refused before anything was done: the same request may follow at once.
    private static readonly HashSet<string> Throttles =
    [
        "RequestLimitExceeded", "EC2ThrottledException", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
        "RequestThrottledException", "TooManyRequestsException", "TooManyUpdates", "SlowDown", "PriorRequestNotComplete",
        "BandwidthLimitExceeded", "SnapshotCreationPerVolumeRateExceeded",
    ];

    private static readonly HashSet<string> SignedOut =
    [
        "AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException", "RequestExpired",
        "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidAccessKeyId", "MissingAuthenticationToken", "IncompleteSignature",
    ];

    private static readonly HashSet<string> NoRoom =
        ["InsufficientInstanceCapacity", "Server.InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity",
            "Unsupported", "Server.InsufficientHostCapacity"];

    private static readonly HashSet<string> Occupied =
        ["InvalidIPAddress.InUse", "InvalidGroup.Duplicate", "InvalidSubnet.Conflict", "Resource.AlreadyAssociated",
            "ParameterAlreadyExists", "ParameterAlreadyExistsException"];

    // Something else has to end first; it does so by itself.
    private static readonly HashSet<string> Lingering =
    [
        "DependencyViolation", "InvalidIPAddress.InUse", "InvalidNetworkInterface.InUse", "InvalidParameterValue.InUse", "VolumeInUse",
        "ResourceInUse",
        "IncorrectState", "IncorrectInstanceState", "InvalidAttachment.InUse",
    ];

    public static string Code(Exception e) => e switch
    {
        AmazonServiceException { ErrorCode: { } code } => code,
        CloudException { InnerException: { } inner } => Code(inner),
        _ => "",
    };

    public static bool IsNotFound(Exception e) => Code(e) is { Length: > 0 } code
        && (code.EndsWith("NotFound", StringComparison.Ordinal)
            || code is "ParameterNotFoundException" or "InvalidResourceId" or "InvalidAllocationID.NotFound"
            or "InvalidAssociationID.NotFound");

    // DeleteNetworkInterface has no code of its own for an interface that a machine still holds.
    public static bool IsLingering(Exception e) =>
        Lingering.Contains(Code(e)) || (Code(e) == "InvalidParameterValue"
        && e.Message.Contains("currently in use", StringComparison.Ordinal));

    public static bool IsThrottle(Exception e) => Throttles.Contains(Code(e));

    /// <summary>True when nobody knows whether the request has been carried out.</summary>
    public static bool IsUncertain(Exception e) => e switch
    {
        // No room is said with a 500 too.
        AmazonServiceException service => (int)service.StatusCode >= 500 && !IsThrottle(e) && !NoRoom.Contains(Code(e)),
        HttpRequestException or IOException or TimeoutException => true,
        // The SDK's word for a request that took too long.
        TaskCanceledException => true,
        _ => false,
    };

    public static CloudException Translate(string doing, Exception e) => e switch
    {
        AmazonServiceException service when string.IsNullOrEmpty(service.ErrorCode) => new CloudException(
            CloudFailure.Unreachable, doing, $"HTTP {(int)service.StatusCode}: {Words(service.Message)}", null, e),
        AmazonServiceException service => new CloudException(
            Kind(service.ErrorCode), doing, $"{service.ErrorCode}: {Words(service.Message)}", Advice(service.ErrorCode), e),
        HttpRequestException or IOException or TimeoutException or TaskCanceledException => new CloudException(
            CloudFailure.Unreachable, doing, e.Message, "is there a way to the internet, and is the region written right?", e),
        _ => new CloudException(CloudFailure.NotSignedIn, doing, Words(e.Message),
            e.Message.Contains("SSO", StringComparison.Ordinal) ? SsoAdvice : SignInAdvice, e),
    };

    public static CloudFailure Kind(string code) =>
        SignedOut.Contains(code) ? CloudFailure.NotSignedIn
        : code is "UnauthorizedOperation" or "AccessDenied" or "AccessDeniedException" or "Blocked" or "OptInRequired"
            ? CloudFailure.Denied
        : NoRoom.Contains(code) ? CloudFailure.NoCapacity
        : Occupied.Contains(code) ? CloudFailure.Taken
        : Throttles.Contains(code) ? CloudFailure.Unreachable
        : code.EndsWith("LimitExceeded", StringComparison.Ordinal) || code.EndsWith("LimitExceededException", StringComparison.Ordinal)
            ? CloudFailure.Quota
        : CloudFailure.Refused;

    private const string SsoAdvice = "`aws sso login` signs in; add --profile where cloud.aws.profile or AWS_PROFILE names one";

    public const string SignInAdvice = "sign in with `aws sso login` or `aws configure`, or set AWS_ACCESS_KEY_ID and "
        + "AWS_SECRET_ACCESS_KEY";

    private static string? Advice(string code) => Kind(code) switch
    {
        CloudFailure.NotSignedIn => SignInAdvice,
        CloudFailure.Denied when code == "OptInRequired" => "the account has not opted in to this region or product",
        CloudFailure.Denied => "policy/launch.json, which `baker render` writes, has everything that Baker calls; docs/aws.md says more",
        CloudFailure.Quota when code == "VcpuLimitExceeded" =>
            "the limit counts virtual CPUs, 4 for a g4dn.xlarge, and new accounts often have 0 for G machines: ask for more under Service "
                + "Quotas, EC2, \"Running On-Demand G and VT instances\"",
        CloudFailure.Quota when code == "AddressLimitExceeded" =>
            "release an Elastic IP that nobody needs, or ask for more under Service Quotas, EC2, \"EC2-VPC Elastic IPs\"",
        CloudFailure.Quota when code == "VpcLimitExceeded" =>
            "delete a VPC that nobody needs, or ask for more under Service Quotas, VPC, \"VPCs per Region\"",
        CloudFailure.Quota => "ask for more under Service Quotas",
        _ => null,
    };

    /// <summary>Refusals carry a long encoded part that only its owner can decode.</summary>
    private static string Words(string text)
    {
        var encoded = text.IndexOf(" Encoded authorization failure message:", StringComparison.Ordinal);
        return (encoded < 0 ? text : text[..encoded]).Trim().ReplaceLineEndings(" ");
    }
}
