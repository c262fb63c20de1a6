using System.Net;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>VPCs, subnets, gateways and routes of the pretended region.</summary>
internal sealed class Ec2Network(Ec2Store store)
{
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["vpc-id"] = "VpcId",
        ["subnet-id"] = "SubnetId",
        ["cidr"] = "CidrBlock",
        ["state"] = "State",
    };

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("CreateVpc", CreateVpc), ("DeleteVpc", DeleteVpc), ("DescribeVpcs", r => new() { ["Vpcs"] = store.Find("vpc", r, "VpcIds", "InvalidVpcID.NotFound", Filters) }),
        ("CreateSubnet", CreateSubnet), ("DeleteSubnet", DeleteSubnet),
        ("DescribeSubnets", r => new() { ["Subnets"] = store.Find("subnet", r, "SubnetIds", "InvalidSubnetID.NotFound", Filters) }),
        ("CreateInternetGateway", CreateGateway), ("AttachInternetGateway", AttachGateway), ("DetachInternetGateway", DetachGateway), ("DeleteInternetGateway", DeleteGateway),
        ("DescribeInternetGateways", r => new() { ["InternetGateways"] = store.Find("internet-gateway", r, "InternetGatewayIds", "InvalidInternetGatewayID.NotFound", Filters) }),
        ("CreateRouteTable", CreateTable), ("DeleteRouteTable", DeleteTable), ("AssociateRouteTable", Associate), ("DisassociateRouteTable", Disassociate),
        ("CreateRoute", r => Route(r, isNew: true)), ("DeleteRoute", DeleteRoute), ("ReplaceRoute", r => Route(r, isNew: false)),
        ("DescribeRouteTables", r => new() { ["RouteTables"] = store.Find("route-table", r, "RouteTableIds", "InvalidRouteTableID.NotFound", Filters) }),
    ];

    private JsonObject CreateVpc(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        if (store.All.Count(t => t.Kind == "vpc") >= 5)
            throw new Ec2Refusal("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
        var vpc = store.Add("vpc", store.NewId("vpc"), new JsonObject { ["CidrBlock"] = request["CidrBlock"]!.DeepClone(), ["State"] = "pending" }, request);
        vpc.Body["VpcId"] = vpc.Id;
        store.Later(TimeSpan.FromSeconds(2), () => vpc.Body["State"] = "available");
        return new JsonObject { ["Vpc"] = vpc.Body.DeepClone() };
    }

    private JsonObject DeleteVpc(JsonObject request)
    {
        var vpc = Vpc(request);
        if (store.All.FirstOrDefault(t => t.Kind is "subnet" or "route-table" or "security-group" or "network-interface" && t.Text("VpcId") == vpc.Id
            || t.Kind == "internet-gateway" && Attachments(t).Any(a => (string)a!["VpcId"]! == vpc.Id)) is { } held)
            throw new Ec2Refusal("DependencyViolation", $"The vpc '{vpc.Id}' has dependencies and cannot be deleted: {held.Id}");
        store.Remove(vpc);
        return [];
    }

    private JsonObject CreateSubnet(JsonObject request)
    {
        var (vpc, cidr) = (Vpc(request), IPNetwork.Parse((string)request["CidrBlock"]!));
        if (vpc.Text("State") != "available")
            throw new Ec2Refusal("InvalidVpcState", $"{vpc.Id} is {vpc.Text("State")}");
        if (store.All.Any(t => t.Kind == "subnet" && t.Text("VpcId") == vpc.Id && IPNetwork.Parse(t.Text("CidrBlock")!) is var other && (other.Contains(cidr.BaseAddress) || cidr.Contains(other.BaseAddress))))
            throw new Ec2Refusal("InvalidSubnet.Conflict", $"The CIDR '{cidr}' conflicts with another subnet");
        var subnet = store.Add("subnet", store.NewId("subnet"), new JsonObject
        {
            ["VpcId"] = vpc.Id,
            ["CidrBlock"] = cidr.ToString(),
            ["AvailabilityZone"] = request["AvailabilityZone"]!.DeepClone(),
            ["State"] = "available",
        }, request);
        subnet.Body["SubnetId"] = subnet.Id;
        return new JsonObject { ["Subnet"] = subnet.Body.DeepClone() };
    }

    private JsonObject DeleteSubnet(JsonObject request)
    {
        var subnet = store.Get("subnet", (string)request["SubnetId"]!, "InvalidSubnetID.NotFound");
        if (store.All.FirstOrDefault(t => t.Kind == "network-interface" && t.Text("SubnetId") == subnet.Id) is { } held)
            throw new Ec2Refusal("DependencyViolation", $"The subnet '{subnet.Id}' has dependencies and cannot be deleted: {held.Id}");
        foreach (var table in store.All.Where(t => t.Kind == "route-table"))
            table.Body["Associations"] = new JsonArray([.. table.Body["Associations"]!.AsArray().Where(a => a!["SubnetId"]?.ToString() != subnet.Id).Select(a => a!.DeepClone())]);
        store.Remove(subnet);
        return [];
    }

    private JsonObject CreateGateway(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var gateway = store.Add("internet-gateway", store.NewId("igw"), new JsonObject { ["Attachments"] = new JsonArray() }, request);
        gateway.Body["InternetGatewayId"] = gateway.Id;
        return new JsonObject { ["InternetGateway"] = gateway.Body.DeepClone() };
    }

    private JsonObject AttachGateway(JsonObject request)
    {
        var (gateway, vpc) = (Gateway(request), Vpc(request));
        if (Attachments(gateway).Count > 0)
            throw new Ec2Refusal("Resource.AlreadyAssociated", $"resource {gateway.Id} is already attached to network {Attachments(gateway)[0]!["VpcId"]}");
        Attachments(gateway).Add(new JsonObject { ["State"] = "available", ["VpcId"] = vpc.Id });
        return [];
    }

    private JsonObject DetachGateway(JsonObject request)
    {
        var (gateway, vpc) = (Gateway(request), Vpc(request));
        if (!Attachments(gateway).Any(a => (string)a!["VpcId"]! == vpc.Id))
            throw new Ec2Refusal("Gateway.NotAttached", $"resource {gateway.Id} is not attached to network {vpc.Id}");
        if (store.All.Any(t => t.Kind == "network-interface" && t.Text("VpcId") == vpc.Id && t.Text("Association.AllocationId") is not null))
            throw new Ec2Refusal("DependencyViolation", $"Network {vpc.Id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.");
        gateway.Body["Attachments"] = new JsonArray();
        return [];
    }

    private JsonObject DeleteGateway(JsonObject request)
    {
        var gateway = Gateway(request);
        if (Attachments(gateway).Count > 0)
            throw new Ec2Refusal("DependencyViolation", $"The internetGateway '{gateway.Id}' has dependencies and cannot be deleted.");
        store.Remove(gateway);
        return [];
    }

    private JsonObject CreateTable(JsonObject request)
    {
        var vpc = Vpc(request);
        var table = store.Add("route-table", store.NewId("rtb"), new JsonObject
        {
            ["VpcId"] = vpc.Id,
            ["Associations"] = new JsonArray(),
            ["Routes"] = new JsonArray(new JsonObject { ["DestinationCidrBlock"] = vpc.Text("CidrBlock"), ["GatewayId"] = "local", ["State"] = "active" }),
        }, request);
        table.Body["RouteTableId"] = table.Id;
        return new JsonObject { ["RouteTable"] = table.Body.DeepClone() };
    }

    private JsonObject DeleteTable(JsonObject request)
    {
        var table = Table(request);
        if (table.Body["Associations"]!.AsArray().Count > 0)
            throw new Ec2Refusal("DependencyViolation", $"The routeTable '{table.Id}' has dependencies and cannot be deleted.");
        store.Remove(table);
        return [];
    }

    private JsonObject Associate(JsonObject request)
    {
        var (table, subnet) = (Table(request), store.Get("subnet", (string)request["SubnetId"]!, "InvalidSubnetID.NotFound"));
        if (store.All.Any(t => t.Kind == "route-table" && t.Body["Associations"]!.AsArray().Any(a => (string)a!["SubnetId"]! == subnet.Id)))
            throw new Ec2Refusal("Resource.AlreadyAssociated", $"the specified association for route table {table.Id} conflicts with an existing association");
        var id = store.NewId("rtbassoc");
        table.Body["Associations"]!.AsArray().Add(new JsonObject { ["RouteTableAssociationId"] = id, ["RouteTableId"] = table.Id, ["SubnetId"] = subnet.Id, ["Main"] = false });
        return new JsonObject { ["AssociationId"] = id };
    }

    private JsonObject Disassociate(JsonObject request)
    {
        var id = (string)request["AssociationId"]!;
        var table = store.All.FirstOrDefault(t => t.Kind == "route-table" && t.Body["Associations"]!.AsArray().Any(a => (string)a!["RouteTableAssociationId"]! == id))
            ?? throw new Ec2Refusal("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");
        var list = table.Body["Associations"]!.AsArray();
        list.Remove(list.First(a => (string)a!["RouteTableAssociationId"]! == id));
        return [];
    }

    private JsonObject Route(JsonObject request, bool isNew)
    {
        var (table, to) = (Table(request), (string)request["DestinationCidrBlock"]!);
        if (request["GatewayId"] is { } gateway)
            store.Get("internet-gateway", (string)gateway!, "InvalidInternetGatewayID.NotFound");
        if (request["NatGatewayId"] is { } nat && store.Get("natgateway", (string)nat!, "InvalidNatGatewayID.NotFound").Text("State") != "available")
            throw new Ec2Refusal("InvalidNatGatewayID.NotFound", $"The natGateway ID '{nat}' does not exist");
        var routes = table.Body["Routes"]!.AsArray();
        var there = routes.FirstOrDefault(r => (string)r!["DestinationCidrBlock"]! == to);
        if (isNew && there is not null)
            throw new Ec2Refusal("RouteAlreadyExists", $"The route identified by {to} already exists.");
        if (!isNew && there is null)
            throw new Ec2Refusal("InvalidParameterValue", $"There is no route defined for '{to}' in the route table.");
        routes.Remove(there);
        var route = new JsonObject { ["DestinationCidrBlock"] = to, ["State"] = "active" };
        foreach (var target in new[] { "GatewayId", "NatGatewayId" }.Where(request.ContainsKey))
            route[target] = request[target]!.DeepClone();
        routes.Add(route);
        return isNew ? new JsonObject { ["Return"] = true } : [];
    }

    private JsonObject DeleteRoute(JsonObject request)
    {
        var (routes, to) = (Table(request).Body["Routes"]!.AsArray(), (string)request["DestinationCidrBlock"]!);
        routes.Remove(routes.FirstOrDefault(r => (string)r!["DestinationCidrBlock"]! == to) ?? throw new Ec2Refusal("InvalidRoute.NotFound", $"no route with destination-cidr-block {to} in route table"));
        return [];
    }

    private static JsonArray Attachments(Ec2Thing gateway) => gateway.Body["Attachments"]!.AsArray();

    private Ec2Thing Vpc(JsonObject request) => store.Get("vpc", (string)request["VpcId"]!, "InvalidVpcID.NotFound");

    private Ec2Thing Gateway(JsonObject request) => store.Get("internet-gateway", (string)request["InternetGatewayId"]!, "InvalidInternetGatewayID.NotFound");

    private Ec2Thing Table(JsonObject request) => store.Get("route-table", (string)request["RouteTableId"]!, "InvalidRouteTableID.NotFound");
}
