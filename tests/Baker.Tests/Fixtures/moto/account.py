"""Prints, as JSON, everything of one region that a stack may have made, as boto3 sees it. Endpoint, region and keys come from the environment."""
import json

import boto3

ec2 = boto3.client("ec2")
ssm = boto3.client("ssm")


def every(operation, key, **arguments):
    return [thing for page in ec2.get_paginator(operation).paginate(**arguments) for thing in page[key]]


def attribute(instance, name):
    answer = ec2.describe_instance_attribute(InstanceId=instance["InstanceId"], Attribute=name)
    return next(value for key, value in answer.items() if key.lower() == name.lower()).get("Value")


def parameter(found):
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=found["Name"])["TagList"]
    value = ssm.get_parameter(Name=found["Name"], WithDecryption=True)["Parameter"]["Value"]
    return {**found, "Tags": tags, "Value": value}


instances = [i for r in every("describe_instances", "Reservations") for i in r["Instances"] if i["State"]["Name"] != "terminated"]
account = {
    "Vpcs": every("describe_vpcs", "Vpcs"),
    "Subnets": every("describe_subnets", "Subnets"),
    "InternetGateways": every("describe_internet_gateways", "InternetGateways"),
    "NatGateways": [n for n in every("describe_nat_gateways", "NatGateways") if n["State"] != "deleted"],
    "RouteTables": every("describe_route_tables", "RouteTables"),
    "SecurityGroups": every("describe_security_groups", "SecurityGroups"),
    "NetworkInterfaces": every("describe_network_interfaces", "NetworkInterfaces"),
    "Addresses": ec2.describe_addresses()["Addresses"],
    "Volumes": every("describe_volumes", "Volumes"),
    "Snapshots": every("describe_snapshots", "Snapshots", OwnerIds=["self"]),
    "Instances": [{**i, "UserData": attribute(i, "userData"), "Protected": attribute(i, "disableApiTermination")} for i in instances],
    "Parameters": [parameter(p) for page in ssm.get_paginator("describe_parameters").paginate() for p in page["Parameters"]],
}
print(json.dumps(account, default=str))
