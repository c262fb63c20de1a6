using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// IAM's two questions, in the form of its model (2010-05-08, query protocol): botocore 1.43.11, iam/2010-05-08/service-2.json, GetInstanceProfile and
/// SimulatePrincipalPolicy.
/// </summary>
internal sealed class FakeIam
{
    public const string Namespace = "https://iam.amazonaws.com/doc/2010-05-08/";

    /// <summary>Profiles with their role; an empty one has none.</summary>
    public Dictionary<string, string> Profiles { get; } = new() { ["duo-gitlab"] = "arn:aws:iam::123456789012:role/duo-gitlab" };

    /// <summary>What IAM decides; null: the caller may not ask.</summary>
    public string? Decision { get; set; } = "allowed";

    public string Answer(string action, Dictionary<string, string> form)
    {
        Assert.Equal("2010-05-08", form["Version"]);
        return action switch
        {
            "GetInstanceProfile" => Profile(form["InstanceProfileName"]),
            "SimulatePrincipalPolicy" => Simulated(form["PolicySourceArn"], form["ActionNames.member.1"], form["ResourceArns.member.1"]),
            _ => throw new Ec2Refusal("InvalidAction", action),
        };
    }

    private string Profile(string name) => !Profiles.TryGetValue(name, out var role) ? throw new Ec2Refusal("NoSuchEntity", $"Instance Profile {name} cannot be found.", 404)
        : Envelope("GetInstanceProfile", $"""
            <InstanceProfile><Path>/</Path><InstanceProfileName>{name}</InstanceProfileName><InstanceProfileId>AIPA</InstanceProfileId><Arn>arn:aws:iam::123456789012:instance-profile/{name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate>
            <Roles>{(role.Length == 0 ? "" : $"<member><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA</RoleId><Arn>{role}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></member>")}</Roles></InstanceProfile>
            """);

    private string Simulated(string role, string action, string resource)
    {
        Assert.Contains(role, Profiles.Values);
        return Decision is null ? throw new Ec2Refusal("AccessDenied", "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: iam:SimulatePrincipalPolicy", 403)
            : Envelope("SimulatePrincipalPolicy", $"<IsTruncated>false</IsTruncated><EvaluationResults><member><EvalActionName>{action}</EvalActionName><EvalResourceName>{resource}</EvalResourceName><EvalDecision>{Decision}</EvalDecision></member></EvaluationResults>");
    }

    private static string Envelope(string action, string result) =>
        $"<{action}Response xmlns=\"{Namespace}\"><{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></{action}Response>";
}
