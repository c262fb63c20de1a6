"""Python reads this as moto starts: three matters in which moto 5.2 is not like AWS, put right."""
import base64

from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.responses import instances
from moto.ec2.utils import generic_filter

parse = instances.parse_user_data
run = instances.InstanceResponse.run_instances
describe = NatGatewayBackend.describe_nat_gateways


def run_instances(self):
    """A machine starts with the protection against termination that it was asked to have; moto forgets it."""
    answer = run(self)
    for instance in answer.result.instances:
        instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
    return answer


def describe_nat_gateways(self, filters, nat_gateway_ids):
    """Filters by tag count; moto overlooks them, and shows everybody's gateways to whoever looks for their own."""
    tags = {name: values for name, values in (filters or {}).items() if name.startswith("tag")}
    return generic_filter(tags, describe(self, filters, nat_gateway_ids))


# New user-data of a machine that is there: moto's reader has decoded it already, and moto refuses what is left.
instances.parse_user_data = lambda value: parse(base64.b64encode(value).decode() if isinstance(value, bytes) else value)
instances.InstanceResponse.run_instances = run_instances
NatGatewayBackend.describe_nat_gateways = describe_nat_gateways
