using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The pretended account, for a stack whose GitLab has more user-data than EC2 takes: its own certificate with its chain is in the spec.</summary>
public sealed class AwsBundleAccount : AwsFakeAccount
{
    private static readonly string Large = Checkout.Read("examples", "aws.yaml").Replace(
        "tls: { letsencrypt: { email: ops@example.com } }",
        $"tls:\n    certificate:\n      key: {{ aws_parameter: /duo/tls-key }}\n      cert: |\n{Noise.Certificates(4, 8)}", StringComparison.Ordinal);

    public AwsBundleAccount() => Ssm.Parameters["/duo/tls-key"] = ("key", "SecureString", []);

    public override string Spec => Large;

    /// <summary>Another bundle too.</summary>
    public override string ChangedSpec => base.ChangedSpec + "duo: { seats: [root, ops] }\n";
}
