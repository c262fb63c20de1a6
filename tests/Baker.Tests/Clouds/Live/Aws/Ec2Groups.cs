using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Security groups of the pretended region.</summary>
internal sealed partial class Ec2Groups(Ec2Store store)
{
    private static readonly Dictionary<string, string> Filters = new() { ["vpc-id"] = "VpcId", ["group-name"] = "GroupName", ["group-id"] = "GroupId" };

    private static readonly string[] PeerLists = ["IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"];

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("CreateSecurityGroup", Create), ("DeleteSecurityGroup", Delete),
        ("DescribeSecurityGroups", r => new() { ["SecurityGroups"] = store.Find("security-group", r, "GroupIds", "InvalidGroup.NotFound", Filters) }),
        ("AuthorizeSecurityGroupIngress", r => Add(r, "IpPermissions")), ("AuthorizeSecurityGroupEgress", r => Add(r, "IpPermissionsEgress")),
        ("RevokeSecurityGroupIngress", r => Revoke(r, "IpPermissions")), ("RevokeSecurityGroupEgress", r => Revoke(r, "IpPermissionsEgress")),
    ];

    private JsonObject Create(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var (vpc, name) = (store.Get("vpc", (string)request["VpcId"]!, "InvalidVpcID.NotFound"), (string)request["GroupName"]!);
        if (store.All.Any(t => t.Kind == "security-group" && t.Text("VpcId") == vpc.Id && t.Text("GroupName") == name))
            throw new Ec2Refusal("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc.Id}'");
        var group = store.Add("security-group", store.NewId("sg"), new JsonObject
        {
            ["GroupName"] = name,
            ["Description"] = request["Description"]!.DeepClone(),
            ["VpcId"] = vpc.Id,
            ["IpPermissions"] = new JsonArray(),
            ["IpPermissionsEgress"] = new JsonArray(new JsonObject { ["IpProtocol"] = "-1", ["IpRanges"] = new JsonArray(new JsonObject { ["CidrIp"] = "0.0.0.0/0" }) }),
        }, request);
        group.Body["GroupId"] = group.Id;
        return new JsonObject { ["GroupId"] = group.Id };
    }

    private JsonObject Delete(JsonObject request)
    {
        var group = Group(request);
        if (store.All.FirstOrDefault(t => t != group && (t.Kind == "security-group" && t.Body.ToJsonString().Contains(group.Id, StringComparison.Ordinal)
            || t.Kind == "network-interface" && t.Body["Groups"]!.ToJsonString().Contains(group.Id, StringComparison.Ordinal))) is { } user)
            throw new Ec2Refusal("DependencyViolation", $"resource {group.Id} has a dependent object {user.Id}");
        store.Remove(group);
        return [];
    }

    private JsonObject Add(JsonObject request, string direction)
    {
        var (group, rules) = (Group(request), Rules(request).ToArray());
        foreach (var pair in rules.SelectMany(r => r["UserIdGroupPairs"]?.AsArray() ?? []))
            store.Get("security-group", (string)pair!["GroupId"]!, "InvalidGroup.NotFound");
        var list = group.Body[direction]!.AsArray();
        foreach (var text in rules.SelectMany(Peers).Select(p => (string?)p["Description"]).OfType<string>())
        {
            if (!Description().IsMatch(text))
                throw new Ec2Refusal("InvalidParameterValue", $"Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*");
        }
        if (rules.FirstOrDefault(r => list.Any(l => IsSame(l, r))) is { } twice)
            throw new Ec2Refusal("InvalidPermission.Duplicate", $"the specified rule \"{twice.ToJsonString()}\" already exists");
        foreach (var rule in rules)
            list.Add(rule);
        return new JsonObject { ["Return"] = true };
    }

    private JsonObject Revoke(JsonObject request, string direction)
    {
        var list = Group(request).Body[direction]!.AsArray();
        foreach (var rule in Rules(request).ToArray())
        {
            if (!list.Remove(list.FirstOrDefault(l => IsSame(l, rule)) ?? throw new Ec2Refusal("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")))
                throw new InvalidOperationException("a rule that was found is gone");
        }
        return new JsonObject { ["Return"] = true };
    }

    /// <summary>Rules are told apart by protocol, ports and peer; a description makes no other one, and who revokes need not say it (API reference of both actions).</summary>
    private static bool IsSame(JsonNode? one, JsonNode other) => JsonNode.DeepEquals(Plain(one!), Plain(other));

    private static JsonNode Plain(JsonNode rule)
    {
        var plain = rule.DeepClone();
        foreach (var peer in Peers(plain))
            peer.Remove("Description");
        return plain;
    }

    private static IEnumerable<JsonObject> Peers(JsonNode rule) => PeerLists.SelectMany(p => rule[p]?.AsArray() ?? []).Select(p => p!.AsObject());

    private Ec2Thing Group(JsonObject request) => store.Get("security-group", (string)request["GroupId"]!, "InvalidGroup.NotFound");

    /// <summary>One rule per range or group.</summary>
    private static IEnumerable<JsonObject> Rules(JsonObject request)
    {
        foreach (var permission in request["IpPermissions"]!.AsArray())
        {
            foreach (var peers in PeerLists)
            {
                foreach (var peer in permission![peers]?.AsArray() ?? [])
                {
                    var rule = new JsonObject { ["IpProtocol"] = permission["IpProtocol"]!.DeepClone() };
                    foreach (var port in new[] { "FromPort", "ToPort" }.Where(p => permission[p] is not null))
                        rule[port] = permission[port]!.DeepClone();
                    rule[peers] = new JsonArray(peer!.DeepClone());
                    yield return rule;
                }
            }
        }
    }

    // As EC2's API reference has it for IpRange.
    [GeneratedRegex(@"\A[a-zA-Z0-9. _:/()#,@\[\]+=&;{}!$*-]{0,255}\z")]
    private static partial Regex Description();
}
