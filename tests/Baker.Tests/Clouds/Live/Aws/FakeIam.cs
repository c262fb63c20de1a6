using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>A role or an instance profile.</summary>
internal sealed record IamEntity(string Kind, string Name, string Path, DateTimeOffset Made)
{
    public string Arn => $"arn:aws:iam::{IamRequests.Account}:{Kind}{Path}{Name}";

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a role: who may take it.</summary>
    public string Trust { get; set; } = "{}";

    /// <summary>Of a role: its inline policies.</summary>
    public SortedDictionary<string, string> Policies { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a role: ARNs of what is attached.</summary>
    public SortedSet<string> Attached { get; } = new(StringComparer.Ordinal);

    public string? Boundary { get; set; }

    /// <summary>Of a profile: the name of its role, which is one at most.</summary>
    public string? Role { get; set; }
}

/// <summary>
/// IAM as far as roles of machines go, as strict as its API reference (2010-05-08) says: names are one whatever their case and path, a profile has one
/// role, what holds something is not deleted (DeleteConflict), tags have 50 at most, and what was just made is not known everywhere yet: IAM User
/// Guide, "Changes that I make are not always immediately visible". Requests and answers by the vendor's model (botocore 1.43.11).
/// </summary>
internal sealed partial class FakeIam(TimeProvider time)
{
    /// <summary>Until what was made is found by the next question.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, IamEntity> _entities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What IAM decides in a simulation; null: the caller may not ask.</summary>
    public string? Decision { get; set; } = "allowed";

    /// <summary>How long after it was made EC2 knows a profile: Terraform's provider has seen 10 seconds (ec2_instance.go).</summary>
    public static TimeSpan LagOfEc2 { get; } = TimeSpan.FromSeconds(10);

    public IEnumerable<IamEntity> All => _entities.Values;

    /// <summary>What somebody has made by hand: a profile with a role of its name.</summary>
    public void Plant(string name, string path = "/", bool hasRole = true)
    {
        Add(new IamEntity("role", name, path, DateTimeOffset.MinValue));
        Add(new IamEntity("instance-profile", name, path, DateTimeOffset.MinValue)).Role = hasRole ? name : null;
    }

    /// <summary>Nobody has made anything.</summary>
    public void Forget() => _entities.Clear();

    /// <summary>One line each.</summary>
    public IEnumerable<string> Lines() => All.OrderBy(e => e.Arn, StringComparer.Ordinal).Select(e =>
        $"{e.Kind} {e.Path}{e.Name} {e.Role}{string.Join(',', e.Policies.Select(p => p.Key + p.Value))} {(e.Kind == "role" ? e.Trust : "")} {e.Boundary} {string.Join(',', e.Attached)} {string.Join(',', e.Tags)}".TrimEnd());

    public IamEntity? Role(string name) => _entities.GetValueOrDefault($"role {name}");

    public IamEntity? Profile(string name) => _entities.GetValueOrDefault($"instance-profile {name}");

    public void Remove(IamEntity entity) => _entities.Remove($"{entity.Kind} {entity.Name}");

    /// <summary>The ARN of the role that a machine with the profile takes; null: EC2 does not know the profile, or it has none.</summary>
    public string? RoleOf(string profile) => Profile(profile)?.Role is { } role ? Role(role)?.Arn : null;

    /// <summary>Whether EC2 takes the profile, in EC2's own words: Terraform's provider, ec2_instance.go; null: it does.</summary>
    public Ec2Refusal? RefusedByEc2(string profile)
    {
        if (Profile(profile) is not { } there || time.GetUtcNow() - there.Made < LagOfEc2)
            return new Ec2Refusal("InvalidParameterValue", $"Value ({profile}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name");
        return there.Role is null ? new Ec2Refusal("InvalidParameterValue", $"IAM Instance Profile \"{there.Arn}\" has no associated IAM Roles") : null;
    }

    public string Answer(string action, Dictionary<string, string> form)
    {
        IamModel.Vendor.Check(action, form);
        var (role, profile) = (form.GetValueOrDefault("RoleName"), form.GetValueOrDefault("InstanceProfileName"));
        return action switch
        {
            "GetRole" => Written(new XElement("Role", About(Seen("role", role!)))),
            "GetInstanceProfile" => Written(new XElement("InstanceProfile", About(Seen("instance-profile", profile!)))),
            "CreateRole" => Written(new XElement("Role", About(CreateRole(form)))),
            "CreateInstanceProfile" => Written(new XElement("InstanceProfile", About(Create("instance-profile", profile!, form)))),
            "GetRolePolicy" => Written(new XElement("RoleName", role), new XElement("PolicyName", form["PolicyName"]),
                new XElement("PolicyDocument", Uri.EscapeDataString(Seen("role", role!).Policies.GetValueOrDefault(form["PolicyName"])
                    ?? throw Missing($"The role policy with name {form["PolicyName"]} cannot be found.")))),
            "ListRolePolicies" => Paged("PolicyNames", Seen("role", role!).Policies.Keys.Select(n => new XElement("member", n)), form),
            "ListAttachedRolePolicies" => Paged("AttachedPolicies", Seen("role", role!).Attached.Select(a => new XElement("member", new XElement("PolicyName", a.Split('/')[^1]), new XElement("PolicyArn", a))), form),
            "SimulatePrincipalPolicy" => Simulated(form["PolicySourceArn"], form["ActionNames.member.1"], form["ResourceArns.member.1"]),
            _ => Changed(),
        };

        string Changed()
        {
            var of = Seen(role is not null && action != "AddRoleToInstanceProfile" && action != "RemoveRoleFromInstanceProfile" ? "role" : "instance-profile", profile ?? role!);
            switch (action)
            {
                case "PutRolePolicy":
                    of.Policies[form["PolicyName"]] = Document(form["PolicyDocument"]);
                    break;
                case "UpdateAssumeRolePolicy":
                    of.Trust = Document(form["PolicyDocument"]);
                    break;
                case "PutRolePermissionsBoundary":
                    of.Boundary = form["PermissionsBoundary"];
                    break;
                case "DeleteRolePermissionsBoundary":
                    of.Boundary = null;
                    break;
                case "AddRoleToInstanceProfile":
                    Seen("role", role!);
                    of.Role = of.Role is null ? role : throw new Ec2Refusal("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409);
                    break;
                case "RemoveRoleFromInstanceProfile":
                    of.Role = of.Role == role ? null : throw Missing($"Role {role} in Instance Profile {profile} cannot be found.");
                    break;
                case "TagRole" or "TagInstanceProfile":
                    Tag(of, form);
                    break;
                case "UntagRole" or "UntagInstanceProfile":
                    foreach (var key in form.Where(f => f.Key.StartsWith("TagKeys.", StringComparison.Ordinal)).Select(f => f.Value))
                        of.Tags.Remove(key);
                    break;
                case "DeleteRolePolicy":
                    if (!of.Policies.Remove(form["PolicyName"]))
                        throw Missing($"The role policy with name {form["PolicyName"]} cannot be found.");
                    break;
                case "DetachRolePolicy":
                    if (!of.Attached.Remove(form["PolicyArn"]))
                        throw Missing($"Policy {form["PolicyArn"]} was not found.");
                    break;
                case "DeleteInstanceProfile":
                    if (of.Role is not null)
                        throw new Ec2Refusal("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409);
                    Remove(of);
                    break;
                case "DeleteRole":
                    if (of.Policies.Count > 0 || of.Attached.Count > 0)
                        throw new Ec2Refusal("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
                    if (All.Any(e => e.Kind == "instance-profile" && e.Role == role))
                        throw new Ec2Refusal("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409);
                    Remove(of);
                    break;
                default:
                    throw new Ec2Refusal("InvalidAction", action);
            }
            return Written();
        }

        string Written(params XElement[] content) => IamModel.Vendor.Written(action, content);

        string Paged(string list, IEnumerable<XElement> all, Dictionary<string, string> asked)
        {
            // In pages of one, so that whoever reads the first alone is found out.
            var (from, rest) = (int.Parse(asked.GetValueOrDefault("Marker", "0"), System.Globalization.CultureInfo.InvariantCulture), all.ToArray());
            var isMore = rest.Length > from + 1;
            return Written([new XElement(list, rest.Skip(from).Take(1)), new XElement("IsTruncated", isMore ? "true" : "false"), .. isMore ? new[] { new XElement("Marker", from + 1) } : []]);
        }
    }

    private IamEntity CreateRole(Dictionary<string, string> form)
    {
        var made = Create("role", form["RoleName"], form);
        (made.Trust, made.Boundary) = (Document(form["AssumeRolePolicyDocument"]), form.GetValueOrDefault("PermissionsBoundary"));
        return made;
    }

    private IamEntity Create(string kind, string name, Dictionary<string, string> form)
    {
        if (_entities.ContainsKey($"{kind} {name}"))
            throw new Ec2Refusal("EntityAlreadyExists", kind == "role" ? $"Role with name {name} already exists." : $"Instance Profile {name} already exists.", 409);
        var made = new IamEntity(kind, name, form.GetValueOrDefault("Path", "/"), time.GetUtcNow());
        Tag(made, form);
        return Add(made);
    }

    private IamEntity Add(IamEntity entity) => _entities[$"{entity.Kind} {entity.Name}"] = entity;

    private static void Tag(IamEntity of, Dictionary<string, string> form)
    {
        foreach (var (key, value) in form.Where(f => TagKey().IsMatch(f.Key)).Select(f => (f.Value, form[f.Key[..^3] + "Value"])))
            of.Tags[key] = value;
        if (of.Tags.Count > 50)
            throw new Ec2Refusal("LimitExceeded", "Cannot exceed quota for TagsPerRole: 50", 409);
    }

    private IamEntity Seen(string kind, string name) => _entities.TryGetValue($"{kind} {name}", out var there) && (there.Made == DateTimeOffset.MinValue || time.GetUtcNow() - there.Made >= Spreading)
        ? there : throw Missing(kind == "role" ? $"The role with name {name} cannot be found." : $"Instance Profile {name} cannot be found.");

    private object[] About(IamEntity entity)
    {
        var word = entity.Kind == "role" ? "Role" : "InstanceProfile";
        return
        [
            new XElement("Path", entity.Path), new XElement($"{word}Name", entity.Name), new XElement($"{word}Id", "AROAFAKEFAKEFAKEFAKE"), new XElement("Arn", entity.Arn), new XElement("CreateDate", "2026-01-01T00:00:00Z"),
            .. entity.Kind == "role" ? new object[] { new XElement("AssumeRolePolicyDocument", Uri.EscapeDataString(entity.Trust)) }
                : [new XElement("Roles", entity.Role is { } role && Role(role) is { } there ? new XElement("member", About(there).Where(e => e is XElement { Name.LocalName: not ("Tags" or "PermissionsBoundary") })) : null)],
            .. entity.Boundary is { } boundary ? new[] { new XElement("PermissionsBoundary", new XElement("PermissionsBoundaryType", "Policy"), new XElement("PermissionsBoundaryArn", boundary)) } : [],
            .. entity.Tags.Count == 0 ? Array.Empty<object>() : [new XElement("Tags", entity.Tags.Select(t => new XElement("member", new XElement("Key", t.Key), new XElement("Value", t.Value))))],
        ];
    }

    private string Simulated(string role, string action, string resource)
    {
        if (!All.Any(e => e.Arn == role))
            throw Missing($"{role} cannot be found.");
        return Decision is null ? throw new Ec2Refusal("AccessDenied", "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: iam:SimulatePrincipalPolicy", 403)
            : IamModel.Vendor.Written("SimulatePrincipalPolicy", new XElement("IsTruncated", "false"), new XElement("EvaluationResults", new XElement("member", new XElement("EvalActionName", action), new XElement("EvalResourceName", resource), new XElement("EvalDecision", Decision))));
    }

    /// <summary>IAM reads documents: JSON, with its own words.</summary>
    private static string Document(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)!["Version"] == "2012-10-17" && JsonNode.Parse(text)!["Statement"] is JsonArray { Count: > 0 } ? text : throw new Ec2Refusal("MalformedPolicyDocument", "Syntax errors in policy.");
        }
        catch (JsonException)
        {
            throw new Ec2Refusal("MalformedPolicyDocument", "This policy contains invalid Json");
        }
    }

    private static Ec2Refusal Missing(string message) => new("NoSuchEntity", message, 404);

    [GeneratedRegex(@"\ATags\.member\.[0-9]+\.Key\z")]
    private static partial Regex TagKey();
}
