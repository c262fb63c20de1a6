using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// How a policy names the spec's key: by its ARN, or by the alias that it has. A policy's Resource takes no alias for a key, but
/// <c>kms:ResourceAliases</c> does. <c>kms:ViaService</c> leaves the key to that service alone.
/// </summary>
internal static partial class AwsKeyRights
{
    public static AwsStatement Of(string? sid, string region, string kmsKey, ImmutableArray<string> actions, string service,
        params ReadOnlySpan<AwsCondition> more)
    {
        var partition = AwsPartition.Of(region);
        var here = kmsKey.StartsWith("arn:", StringComparison.Ordinal) ? kmsKey[..(kmsKey.LastIndexOf(':') + 1)]
            : $"arn:{partition.Name}:kms:{region}:*:";
        var alias = Alias().Match(kmsKey) is { Success: true } found ? found.Value : null;
        var id = kmsKey[(kmsKey.LastIndexOfAny([':', '/']) + 1)..];
        return new AwsStatement(sid, actions, [alias is null ? $"{here}key/{id}" : $"{here}key/*"],
            [
                AwsCondition.Is("kms:ViaService", [.. partition.Services(service, region)]),
                .. alias is null ? [] : new[] { new AwsCondition("ForAnyValue:StringEquals", "kms:ResourceAliases", [alias]) },
                .. more,
            ]);
    }

    /// <summary>What EC2 needs of the key to encrypt disks in somebody's name.</summary>
    public static IEnumerable<AwsStatement> OfDisks(string region, string kmsKey) =>
    [
        Of("EncryptDisks", region, kmsKey,
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"], "ec2"),
        Of("LendTheKeyToDisks", region, kmsKey, ["kms:CreateGrant"], "ec2",
            new AwsCondition("Bool", "kms:GrantIsForAWSResource", ["true"])),
    ];

    [GeneratedRegex(@"\balias/.*\z")]
    private static partial Regex Alias();
}
