namespace Baker.Clouds.Live.Aws.Border;

/// <summary>What a person can do about each class of AWS's errors.</summary>
internal static class AwsAdvice
{
    public const string SsoSignIn = "`aws sso login` signs in; add --profile where cloud.aws.profile or AWS_PROFILE names one";

    public const string SignIn = "sign in with `aws sso login` or `aws configure`, or set AWS_ACCESS_KEY_ID and "
        + "AWS_SECRET_ACCESS_KEY";

    /// <summary>For an answer without a code of AWS.</summary>
    public const string Foreign = "it may be a page of a proxy, or of a network where somebody has to sign in first; HTTPS_PROXY, "
        + "NO_PROXY and AWS_ENDPOINT_URL say who is asked";

    private const string Encoded = " Encoded authorization failure message:";

    public static CloudFailure Kind(AwsErrorClass kind) => kind switch
    {
        AwsErrorClass.SignedOut => CloudFailure.NotSignedIn,
        AwsErrorClass.Right or AwsErrorClass.Organisation or AwsErrorClass.Account => CloudFailure.Denied,
        AwsErrorClass.Capacity => CloudFailure.NoCapacity,
        AwsErrorClass.Taken => CloudFailure.Taken,
        AwsErrorClass.Throttled or AwsErrorClass.Broken => CloudFailure.Unreachable,
        AwsErrorClass.Quota => CloudFailure.Quota,
        _ => CloudFailure.Refused,
    };

    /// <returns>Null: the answer says it.</returns>
    public static string? Of(AwsErrorClass kind, string code, string message) => kind switch
    {
        AwsErrorClass.Throttled => "the account asks AWS too often just now: run it again in some minutes",
        AwsErrorClass.Broken => "that is AWS's own trouble: run it again; https://health.aws.amazon.com says what is known",
        AwsErrorClass.Propagating or AwsErrorClass.PropagatingIam =>
            "AWS does not know everywhere what was made a moment ago: run it again; when it stays so, the thing is not there",
        AwsErrorClass.Lingering => "something still holds it: run it again in some minutes",
        AwsErrorClass.Capacity => "AWS has none left there: try again later, or choose another zone, machine type or region",
        AwsErrorClass.Quota => Quota(code),
        AwsErrorClass.Right => code == "AuthFailure"
            ? "it may be of another account, or be shared with this one no more; docs/aws.md has the rights that Baker needs"
            : $"policy/launch.json, which `baker render` writes, has everything that Baker calls; docs/aws.md says more{Decode(message)}",
        AwsErrorClass.Organisation => "a policy of the organisation says no, and no policy of this account can change that: ask whoever "
            + $"manages the organisation, or use another account or region{Decode(message)}",
        AwsErrorClass.SignedOut => code is "RequestExpired" or "SignatureDoesNotMatch" or "InvalidSignatureException"
            ? $"{SignIn}; a clock of this machine that is wrong by minutes is refused like this too" : SignIn,
        AwsErrorClass.Account => Account(code, message),
        _ => null,
    };

    /// <summary>Of a refusal without its encoded part, which comes with the command that decodes it.</summary>
    public static string Words(string text)
    {
        var encoded = text.IndexOf(Encoded, StringComparison.Ordinal);
        return (encoded < 0 ? text : text[..encoded]).Trim().ReplaceLineEndings(" ");
    }

    private static string Decode(string message)
    {
        var encoded = message.IndexOf(Encoded, StringComparison.Ordinal);
        return encoded < 0 ? "" : "\n  which policy it was, this says to who may ask: aws sts decode-authorization-message --query "
            + $"DecodedMessage --output text --encoded-message {message[(encoded + Encoded.Length)..].Trim()}";
    }

    private static string Quota(string code) => code switch
    {
        "AddressLimitExceeded" =>
            "release an Elastic IP that nobody needs, or ask for more under Service Quotas, EC2, \"EC2-VPC Elastic IPs\"",
        "VpcLimitExceeded" => "delete a VPC that nobody needs, or ask for more under Service Quotas, VPC, \"VPCs per Region\"",
        _ => "ask for more under Service Quotas",
    };

    private static string Account(string code, string message) => code switch
    {
        "PendingVerification" =>
            "AWS looks at the account before its first machines in a region, for four hours at most: run it again then",
        "Blocked" => "AWS has blocked the account: only AWS Support, or aws-verification@amazon.com, can say why and lift it",
        "OptInRequired" or "RegionDisabledException" =>
            "the account has not opted in to this region or service: `aws account enable-region` or AWS's console does it",
        "VolumeModificationRateExceeded" => "EBS changes a volume once in six hours: run it again later",
        _ when message.Contains("Free Tier", StringComparison.Ordinal) || code == "FreeTierRestrictionError" =>
            "the account is on AWS's free plan, which has no machines of this size: upgrade its plan under Billing, Free Tier",
        _ => "AWS does not let this account do it yet: AWS Support knows why",
    };
}
