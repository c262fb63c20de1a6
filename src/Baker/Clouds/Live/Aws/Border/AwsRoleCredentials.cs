using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>
/// Credentials of a role that a profile assumes, asked for with those of the profile it names as its source. The SDK's own ask through a
/// client
/// that a program has to give it beforehand, without knowing the source: what they then send is not signed.
/// </summary>
/// <param name="profile">Its name, for people.</param>
/// <param name="role">As the SDK read it from the profile.</param>
/// <param name="source">Who may assume the role.</param>
internal sealed class AwsRoleCredentials(
    string profile, AssumeRoleAWSCredentials role, AWSCredentials source, AmazonSecurityTokenServiceConfig sts) : RefreshingAWSCredentials
{
    /// <summary>The same credentials, with every role among them, also that of a source, asked for in this way.</summary>
    public static AWSCredentials Of(string profile, AWSCredentials found, AmazonSecurityTokenServiceConfig sts) =>
        found is AssumeRoleAWSCredentials role ? new AwsRoleCredentials(profile, role, Of(profile, role.SourceCredentials, sts), sts)
            : found;

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    /// <exception cref="CloudException">The role asks for a code of a device.</exception>
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        if (role.Options.MfaSerialNumber is { Length: > 0 } device)
            throw new CloudException(CloudFailure.NotSignedIn, $"assuming the role of the profile {profile}",
                $"it asks for a code of {device}", $"eval \"$(aws configure export-credentials --profile {profile} --format env)\" asks "
                + "for the code; without a profile Baker then uses what that gives");
        using var client = new AmazonSecurityTokenServiceClient(source, sts);
        AwsErrors.Mark(client);
        var answer = await client.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = role.RoleArn,
            RoleSessionName = role.RoleSessionName,
            ExternalId = role.Options.ExternalId,
            DurationSeconds = role.Options.DurationSeconds,
            SourceIdentity = role.Options.SourceIdentity,
        });
        return new CredentialsRefreshState(new ImmutableCredentials(
            answer.Credentials.AccessKeyId, answer.Credentials.SecretAccessKey, answer.Credentials.SessionToken),
            answer.Credentials.Expiration!.Value);
    }
}
