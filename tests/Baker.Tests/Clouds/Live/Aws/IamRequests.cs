using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// What IAM asks of a caller's policy for one request: the action on every resource that the request names or makes and that the reference has for it,
/// tags that come with it (EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation"), the role that is passed, the key that is used.
/// </summary>
internal sealed partial class IamRequests(Ec2Store store, SsmStore parameters, FakeIam iam)
{
    public const string Account = "123456789012";
    private const string Region = "ap-northeast-1";

    /// <summary>The key behind each alias of the account.</summary>
    public const string KeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly Dictionary<string, string> Prefixes = new()
    {
        ["i"] = "instance",
        ["vol"] = "volume",
        ["eni"] = "network-interface",
        ["subnet"] = "subnet",
        ["sg"] = "security-group",
        ["vpc"] = "vpc",
        ["rtb"] = "route-table",
        ["igw"] = "internet-gateway",
        ["nat"] = "natgateway",
        ["eipalloc"] = "elastic-ip",
        ["snap"] = "snapshot",
        ["ami"] = "image",
        ["cr"] = "capacity-reservation",
    };

    public IEnumerable<IamQuestion> Ec2(string name, JsonObject request)
    {
        var action = $"ec2:{name}";
        var known = IamReference.Kinds(action);
        if (known.IsEmpty)
            return [Question(action, null, "*", [("ec2:Region", Region)])];
        var questions = new List<IamQuestion>();
        var named = Named(request).Distinct().ToList();
        // A resource stands in another: the reference asks for both.
        named.AddRange(named.ToArray().Select(n => Thing(n.Id)).OfType<Ec2Thing>().Where(t => t.Kind is "network-interface" or "subnet").SelectMany(t => Within(t, name)));
        var sent = Tags(request["Tags"]);
        foreach (var (kind, id) in named.Distinct().Where(n => known.Any(k => k.Kind == n.Kind)))
            questions.Add(Question(action, kind, Arn(kind, id), Thing(id) is { } thing ? [.. Existing(thing), .. sent] : sent));
        foreach (var specification in request["TagSpecifications"]?.AsArray() ?? [])
        {
            var (kind, tags) = ((string)specification!["ResourceType"]!, Tags(specification["Tags"]));
            questions.Add(Question(action, kind, Arn(kind, "*"), tags));
            questions.Add(Question("ec2:CreateTags", kind, Arn(kind, "*"), [.. tags, ("ec2:CreateAction", name)]));
        }
        foreach (var missing in known.Where(k => k.IsRequired && !questions.Any(q => q.Action == action && q.Kind == k.Kind)))
            questions.Add(Question(action, missing.Kind, Arn(missing.Kind, $"{missing.Kind}-of-the-default-network"), []));
        if ((string?)request["IamInstanceProfile"]?["Name"] is { } profile)
            questions.Add(Question("iam:PassRole", "role", iam.RoleOf(profile) ?? "nobody", [("iam:PassedToService", "ec2.amazonaws.com")]));
        if (KeyOf(request) is { } key)
            questions.AddRange(new[] { "CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo" }.Select(a => Key($"kms:{a}", key, "ec2", ("kms:GrantIsForAWSResource", "true"))));
        return questions;
    }

    public IEnumerable<IamQuestion> Ssm(string operation, JsonObject request)
    {
        string[] names = request["Names"] is JsonArray many ? [.. many.Select(n => (string)n!)] : [(string)(request["Name"] ?? request["Path"] ?? request["ResourceId"])!];
        var sent = Tags(request["Tags"]);
        foreach (var name in names)
        {
            var tags = parameters.Parameters.TryGetValue(name, out var there) ? Tags(there.Tags).Select(t => (t.Key.Replace("RequestTag", "ResourceTag", StringComparison.Ordinal), t.Value)) : [];
            yield return Question($"ssm:{operation}", "parameter", Parameter(name), [.. tags, .. sent]);
            if (operation == "PutParameter" && sent.Length > 0)
                yield return Question("ssm:AddTagsToResource", "parameter", Parameter(name), [.. sent]);
        }
        if ((string?)request["KeyId"] is { } key)
            yield return Key("kms:Encrypt", key, "ssm");
    }

    /// <summary>IAM knows a thing's path; of one that is not there it has the name alone, unless the request says where it is made.</summary>
    public IEnumerable<IamQuestion> Iam(string action, Dictionary<string, string> form)
    {
        var path = form.GetValueOrDefault("Path", "/");
        (string, string)[] context = [.. form.TryGetValue("PermissionsBoundary", out var boundary) ? new[] { ("iam:PermissionsBoundary", boundary) } : []];
        if (form.TryGetValue("InstanceProfileName", out var profile))
            yield return Question($"iam:{action}", "instance-profile", iam.Profile(profile)?.Arn ?? $"arn:aws:iam::{Account}:instance-profile{Where(path, profile)}", []);
        else
            yield return Question($"iam:{action}", "role", form.GetValueOrDefault("PolicySourceArn") ?? (iam.Role(form["RoleName"])?.Arn ?? $"arn:aws:iam::{Account}:role{Where(path, form["RoleName"])}"),
                context.Length == 0 && iam.Role(form.GetValueOrDefault("RoleName", ""))?.Boundary is { } limit ? [("iam:PermissionsBoundary", limit)] : context);
        // IAM's reference has it as what the action depends on.
        if (action == "AddRoleToInstanceProfile")
            yield return Question("iam:PassRole", "role", iam.Role(form["RoleName"])?.Arn ?? "nobody", [("iam:PassedToService", "ec2.amazonaws.com")]);

        // A policy may have either form for what is not there: no page of IAM's says which is asked for.
        string Where(string path, string name) => path == "/" && name.StartsWith("duo-", StringComparison.Ordinal) && name.EndsWith(Region, StringComparison.Ordinal) ? $"/baker/{name}" : $"{path}{name}";
    }

    /// <summary>Keys with several values: names as Route 53 compares them, types and actions of the whole batch.</summary>
    public static IEnumerable<IamQuestion> Route53(string operation, string id, string body)
    {
        var action = $"route53:{operation}";
        var kind = operation switch { "ListHostedZones" => null, "GetChange" => "change", _ => "hostedzone" };
        var question = Question(action, kind, kind is null ? "*" : $"arn:aws:route53:::{kind}/{id}", []);
        if (body.Length == 0)
            return [question];
        var all = System.Xml.Linq.XElement.Parse(body).Descendants().ToArray();
        ImmutableArray<string> Of(string name) => [.. all.Where(e => e.Name.LocalName == name).Select(e => e.Value.ToLowerInvariant().TrimEnd('.')).Distinct()];
        return [question with
        {
            Context = question.Context.Add("route53:ChangeResourceRecordSetsNormalizedRecordNames", Of("Name"))
                .Add("route53:ChangeResourceRecordSetsRecordTypes", [.. Of("Type").Select(t => t.ToUpperInvariant())]).Add("route53:ChangeResourceRecordSetsActions", [.. Of("Action").Select(a => a.ToUpperInvariant())]),
        }];
    }

    public static IEnumerable<IamQuestion> Quotas(string operation, JsonObject request) =>
        [Question($"servicequotas:{operation}", "quota", $"arn:aws:servicequotas:{Region}:{Account}:{request["ServiceCode"]}/{request["QuotaCode"]}", [])];

    /// <summary>The question with those of the keys that the reference has for it.</summary>
    public static IamQuestion Question(string action, string? kind, string arn, (string Key, string Value)[] context) => new(action, kind, arn,
        context.Append(("ec2:Region", Region)).Where(c => IamReference.Knows(action, kind, c.Item1)).DistinctBy(c => c.Item1).ToImmutableDictionary(c => c.Item1, c => ImmutableArray.Create(c.Item2)));

    public static IamQuestion Key(string action, string key, string service, params (string Key, string Value)[] more) => Question(action, "key", $"arn:aws:kms:{Region}:{Account}:key/{(key.StartsWith("alias/", StringComparison.Ordinal) ? KeyId : key)}",
        [("kms:ViaService", $"{service}.{Region}.amazonaws.com"), .. key.StartsWith("alias/", StringComparison.Ordinal) ? new[] { ("kms:ResourceAliases", key) } : [], .. more]);

    public static string Arn(string kind, string id) => $"arn:aws:ec2:{Region}:{(kind is "image" or "snapshot" ? "" : Account)}:{kind}/{id}";

    public static string Parameter(string name) => $"arn:aws:ssm:{Region}:{Account}:parameter{name}";

    private IEnumerable<(string Kind, string Id)> Named(JsonNode? node) => node switch
    {
        JsonObject o => o.Where(p => p.Key is not ("TagSpecifications" or "Tags" or "UserData" or "Description")).SelectMany(p => Named(p.Value)),
        JsonArray a => a.SelectMany(Named),
        JsonValue v when v.TryGetValue<string>(out var text) && Id().Match(text) is { Success: true } id => id.Groups[1].Value switch
        {
            "eipassoc" => store.All.Where(t => t.Kind == "elastic-ip" && t.Text("AssociationId") == text).SelectMany(t => new[] { (t.Kind, t.Id), ("network-interface", t.Text("NetworkInterfaceId")!) }),
            "rtbassoc" => store.All.Where(t => t.Kind == "route-table").SelectMany(t => t.Body["Associations"]!.AsArray().Where(a => (string)a!["RouteTableAssociationId"]! == text)
                .SelectMany(a => new[] { (t.Kind, t.Id), ("subnet", (string)a!["SubnetId"]!) })),
            "iip-assoc" => store.All.Where(t => t.Text("ProfileAssociation") == text).Select(t => (t.Kind, t.Id)),
            var prefix => Prefixes.TryGetValue(prefix, out var kind) ? [(kind, text)] : [],
        },
        _ => [],
    };

    private static IEnumerable<(string Kind, string Id)> Within(Ec2Thing thing, string action)
    {
        // What an interface stands in is asked for where a machine gets it.
        if (thing.Kind == "network-interface" && action == "RunInstances")
            return [("subnet", thing.Text("SubnetId")!), .. thing.Body["Groups"]!.AsArray().Select(g => ("security-group", (string)g!["GroupId"]!))];
        return thing.Kind == "subnet" && action == "CreateNatGateway" ? [("vpc", thing.Text("VpcId")!)] : [];
    }

    private static (string Key, string Value)[] Existing(Ec2Thing thing) =>
        [.. Tags(thing.Body[thing.TagKey]).SelectMany(t => new[] { "aws:ResourceTag", "ec2:ResourceTag" }.Select(k => (t.Key.Replace("aws:RequestTag", k, StringComparison.Ordinal), t.Value)))];

    private static (string Key, string Value)[] Tags(JsonNode? tags) => [.. (tags?.AsArray() ?? []).Select(t => ($"aws:RequestTag/{t!["Key"]}", (string?)t["Value"] ?? ""))];

    private static string? KeyOf(JsonObject request) => (string?)request["KmsKeyId"] ?? request["BlockDeviceMappings"]?.AsArray().Select(m => (string?)m!["Ebs"]?["KmsKeyId"]).FirstOrDefault(k => k is not null);

    private Ec2Thing? Thing(string id) => store.All.FirstOrDefault(t => t.Id == id);

    [GeneratedRegex(@"\A([a-z]+(?:-assoc)?)-[0-9a-f]{8,17}\z")]
    private static partial Regex Id();
}
