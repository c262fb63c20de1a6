"""Makes a VPC with two subnets, their routes, a NAT gateway and a public address, as somebody had it before Baker came; prints the ids as JSON."""
import json

import boto3

ec2 = boto3.client("ec2")


def table(vpc, subnet, **target):
    made = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=made, DestinationCidrBlock="0.0.0.0/0", **target)
    ec2.associate_route_table(RouteTableId=made, SubnetId=subnet)


vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
zone = ec2.describe_availability_zones()["AvailabilityZones"][-1]["ZoneName"]
public, private = (
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"] for number in range(2)
)
gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
nat = ec2.create_nat_gateway(SubnetId=public, AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"])["NatGateway"]["NatGatewayId"]
table(vpc, public, GatewayId=gateway)
table(vpc, private, NatGatewayId=nat)
address = ec2.allocate_address(Domain="vpc")["AllocationId"]
print(json.dumps({"vpc": vpc, "public": public, "private": private, "zone": zone, "address": address}))
