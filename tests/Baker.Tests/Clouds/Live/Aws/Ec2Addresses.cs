using System.Net;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Public addresses, network interfaces and NAT gateways of the pretended region.</summary>
internal sealed class Ec2Addresses(Ec2Store store)
{
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["state"] = "State",
        ["nat-gateway-id"] = "NatGatewayId",
        ["network-interface-id"] = "NetworkInterfaceId",
        ["subnet-id"] = "SubnetId",
        ["addresses.private-ip-address"] = "PrivateIpAddress",
        ["attachment.instance-id"] = "Attachment.InstanceId",
        ["attachment.device-index"] = "Attachment.DeviceIndex",
    };

    private readonly Dictionary<string, Ec2Thing> _tokens = [];

    /// <summary>
    /// Addresses of NAT gateways that are gone: EC2 answers AuthFailure for seconds to who releases one, without an association to see (reports: kops 938
    /// and 1604, genevieve/leftovers 33).
    /// </summary>
    private readonly HashSet<string> _held = [];

    /// <summary>What accounts begin with.</summary>
    public int AddressLimit { get; set; } = 5;

    /// <summary>How long a NAT gateway takes.</summary>
    public TimeSpan NatComes { get; } = TimeSpan.FromMinutes(2);

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("AllocateAddress", Allocate), ("ReleaseAddress", Release), ("AssociateAddress", Associate), ("DisassociateAddress", Disassociate),
        ("DescribeAddresses", r => new() { ["Addresses"] = store.Find("elastic-ip", r, "AllocationIds", "InvalidAllocationID.NotFound", Filters) }),
        ("CreateNetworkInterface", CreateInterface), ("ModifyNetworkInterfaceAttribute", ModifyInterface), ("DeleteNetworkInterface", DeleteInterface),
        ("DescribeNetworkInterfaces", r => new() { ["NetworkInterfaces"] = store.Find("network-interface", r, "NetworkInterfaceIds", "InvalidNetworkInterfaceID.NotFound", Filters) }),
        ("CreateNatGateway", CreateNat), ("DeleteNatGateway", DeleteNat),
        ("DescribeNatGateways", r => new() { ["NatGateways"] = store.Find("natgateway", r, "NatGatewayIds", "NatGatewayNotFound", Filters, "Filter") }),
    ];

    private JsonObject Allocate(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        if (store.All.Count(t => t.Kind == "elastic-ip") >= AddressLimit)
            throw new Ec2Refusal("AddressLimitExceeded", "The maximum number of addresses has been reached.");
        var id = store.NewId("eipalloc");
        var ip = $"198.51.100.{store.All.Count(t => t.Kind == "elastic-ip") + 1}";
        store.Add("elastic-ip", id, new JsonObject { ["AllocationId"] = id, ["PublicIp"] = ip, ["Domain"] = "vpc" }, request);
        return new JsonObject { ["AllocationId"] = id, ["PublicIp"] = ip, ["Domain"] = "vpc" };
    }

    private JsonObject Release(JsonObject request)
    {
        var address = Address(request);
        if (address.Text("AssociationId") is not null)
            throw new Ec2Refusal("InvalidIPAddress.InUse", $"Address {address.Text("PublicIp")} is in use.");
        if (_held.Contains(address.Id))
            throw new Ec2Refusal("AuthFailure", "You do not have permission to access the specified resource.");
        store.Remove(address);
        return [];
    }

    private JsonObject Associate(JsonObject request)
    {
        var (address, nic) = (Address(request), Interface((string)request["NetworkInterfaceId"]!));
        if (address.Text("NetworkInterfaceId") == nic.Id)
            return new JsonObject { ["AssociationId"] = address.Text("AssociationId") };
        if (address.Text("AssociationId") is not null && (bool?)request["AllowReassociation"] != true)
            throw new Ec2Refusal("Resource.AlreadyAssociated", $"resource {address.Id} is already associated with associate-id {address.Text("AssociationId")}");
        // The address that was there is parted and stays the account's (EC2 API reference, AssociateAddress).
        if (store.All.FirstOrDefault(t => t.Kind == "elastic-ip" && t.Text("NetworkInterfaceId") == nic.Id) is { } before)
            Part(before);
        return new JsonObject { ["AssociationId"] = Join(address, nic) };
    }

    private string Join(Ec2Thing address, Ec2Thing nic)
    {
        var id = store.NewId("eipassoc");
        (address.Body["AssociationId"], address.Body["NetworkInterfaceId"]) = (id, nic.Id);
        nic.Body["Association"] = new JsonObject { ["AllocationId"] = address.Id, ["AssociationId"] = id, ["PublicIp"] = address.Text("PublicIp") };
        return id;
    }

    private JsonObject Disassociate(JsonObject request)
    {
        var id = (string)request["AssociationId"]!;
        var address = store.All.FirstOrDefault(t => t.Kind == "elastic-ip" && t.Text("AssociationId") == id)
            ?? throw new Ec2Refusal("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");
        if (store.All.Any(t => t.Kind == "natgateway" && t.Text("State") is not "deleted" && t.Body["NatGatewayAddresses"]!.ToJsonString().Contains(address.Id, StringComparison.Ordinal)))
            throw new Ec2Refusal("AuthFailure", "You do not have permission to access the specified resource.");
        Part(address);
        return [];
    }

    private void Part(Ec2Thing address)
    {
        if (store.All.FirstOrDefault(t => t.Id == address.Text("NetworkInterfaceId")) is { } nic)
            nic.Body.Remove("Association");
        address.Body.Remove("AssociationId");
        address.Body.Remove("NetworkInterfaceId");
    }

    /// <summary>
    /// One attribute a call (EC2 API reference 2016-11-15, ModifyNetworkInterfaceAttribute: "you can specify only one attribute at a time"). The codes
    /// are of EC2's list of errors; which of them the real one takes here is not known.
    /// </summary>
    private JsonObject ModifyInterface(JsonObject request)
    {
        var nic = Interface((string)request["NetworkInterfaceId"]!);
        if (request.Count != 2)
            throw new Ec2Refusal("InvalidParameterCombination", "Fields for multiple attribute types specified");
        var groups = request["Groups"]!.AsArray().Select(g => store.Get("security-group", (string)g!, "InvalidGroup.NotFound")).ToArray();
        if (groups.Any(g => g.Text("VpcId") != nic.Text("VpcId")))
            throw new Ec2Refusal("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
        nic.Body["Groups"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject { ["GroupId"] = g.Id })]);
        return [];
    }

    private JsonObject CreateInterface(JsonObject request)
    {
        var token = (string?)request["ClientToken"] ?? throw new Ec2Refusal("MissingParameter", "a creation without a token cannot be repeated");
        if (_tokens.TryGetValue(token, out var before))
            return new JsonObject { ["NetworkInterface"] = before.Body.DeepClone() };
        var subnet = store.Get("subnet", (string)request["SubnetId"]!, "InvalidSubnetID.NotFound");
        foreach (var group in request["Groups"]!.AsArray())
            store.Get("security-group", (string)group!, "InvalidGroup.NotFound");
        var nic = NewInterface(subnet, (string)request["PrivateIpAddress"]!, request["Groups"]!.AsArray().Select(g => (string)g!), request);
        nic.Body["Description"] = request["Description"]?.DeepClone();
        _tokens[token] = nic;
        return new JsonObject { ["NetworkInterface"] = nic.Body.DeepClone() };
    }

    private Ec2Thing NewInterface(Ec2Thing subnet, string ip, IEnumerable<string> groups, JsonObject request)
    {
        if (!IPNetwork.Parse(subnet.Text("CidrBlock")!).Contains(IPAddress.Parse(ip)))
            throw new Ec2Refusal("InvalidParameterValue", $"Address {ip} does not fall within the subnet's address range");
        if (store.All.FirstOrDefault(t => t.Kind == "network-interface" && t.Text("SubnetId") == subnet.Id && t.Text("PrivateIpAddress") == ip) is { } user)
            throw new Ec2Refusal("InvalidIPAddress.InUse", $"Address {ip} is in use by {user.Id}.");
        var nic = store.Add("network-interface", store.NewId("eni"), new JsonObject
        {
            ["SubnetId"] = subnet.Id,
            ["VpcId"] = subnet.Text("VpcId"),
            ["PrivateIpAddress"] = ip,
            ["Status"] = "available",
            ["AvailabilityZone"] = subnet.Text("AvailabilityZone"),
            ["Groups"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject { ["GroupId"] = g })]),
        }, request);
        nic.Body["NetworkInterfaceId"] = nic.Id;
        return nic;
    }

    private JsonObject DeleteInterface(JsonObject request)
    {
        var nic = Interface((string)request["NetworkInterfaceId"]!);
        if (nic.Text("Status") != "available")
            throw new Ec2Refusal("InvalidParameterValue", $"Network interface '{nic.Id}' is currently in use.");
        if (store.All.FirstOrDefault(t => t.Kind == "elastic-ip" && t.Text("NetworkInterfaceId") == nic.Id) is { } address)
            Part(address);
        store.Remove(nic);
        return [];
    }

    private JsonObject CreateNat(JsonObject request)
    {
        var token = (string?)request["ClientToken"] ?? throw new Ec2Refusal("MissingParameter", "a creation without a token cannot be repeated");
        if (_tokens.TryGetValue(token, out var before))
            return new JsonObject { ["NatGateway"] = before.Body.DeepClone() };
        var (subnet, address) = (store.Get("subnet", (string)request["SubnetId"]!, "InvalidSubnetID.NotFound"), Address(request));
        if (address.Text("AssociationId") is not null)
            throw new Ec2Refusal("Resource.AlreadyAssociated", $"Elastic IP address [{address.Id}] is already associated");
        var nic = NewInterface(subnet, (string)request["PrivateIpAddress"]!, [], []);
        nic.Body["Status"] = "in-use";
        var nat = store.Add("natgateway", store.NewId("nat"), new JsonObject
        {
            ["SubnetId"] = subnet.Id,
            ["VpcId"] = subnet.Text("VpcId"),
            ["State"] = "pending",
            ["NatGatewayAddresses"] = new JsonArray(new JsonObject { ["AllocationId"] = address.Id, ["NetworkInterfaceId"] = nic.Id, ["PrivateIp"] = nic.Text("PrivateIpAddress") }),
        }, request);
        nat.Body["NatGatewayId"] = nat.Id;
        Join(address, nic);
        store.Later(NatComes, () =>
        {
            if (nat.Text("State") == "pending")
                nat.Body["State"] = "available";
        });
        _tokens[token] = nat;
        return new JsonObject { ["NatGateway"] = nat.Body.DeepClone() };
    }

    private JsonObject DeleteNat(JsonObject request)
    {
        var nat = store.Get("natgateway", (string)request["NatGatewayId"]!, "NatGatewayNotFound");
        if (nat.Text("State") is "deleting" or "deleted")
            return new JsonObject { ["NatGatewayId"] = nat.Id };
        nat.Body["State"] = "deleting";
        store.Later(TimeSpan.FromSeconds(50), () =>
        {
            nat.Body["State"] = "deleted";
            var address = (string)nat.Body["NatGatewayAddresses"]![0]!["AllocationId"]!;
            Part(store.All.First(t => t.Id == address));
            _held.Add(address);
            store.Later(TimeSpan.FromSeconds(12), () => _held.Remove(address));
            // Its interface stays a little longer, and nobody can delete that.
            store.Later(TimeSpan.FromSeconds(20), () => store.Remove(store.All.First(t => t.Id == (string)nat.Body["NatGatewayAddresses"]![0]!["NetworkInterfaceId"]!)));
            store.Later(TimeSpan.FromHours(1), () => store.Remove(nat));
        });
        return new JsonObject { ["NatGatewayId"] = nat.Id };
    }

    private Ec2Thing Address(JsonObject request) => store.Get("elastic-ip", (string)request["AllocationId"]!, "InvalidAllocationID.NotFound");

    private Ec2Thing Interface(string id) => store.Get("network-interface", id, "InvalidNetworkInterfaceID.NotFound");
}
