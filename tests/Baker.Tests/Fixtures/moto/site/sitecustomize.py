"""Python reads this as moto starts: two matters in which moto 5.2 is not like AWS, put right."""
import base64

from moto.ec2.responses import instances

parse = instances.parse_user_data
run = instances.InstanceResponse.run_instances


def run_instances(self):
    """A machine starts with the protection against termination that it was asked to have; moto forgets it."""
    answer = run(self)
    for instance in answer.result.instances:
        instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
    return answer


# New user-data of a machine that is there: moto's reader has decoded it already, and moto refuses what is left.
instances.parse_user_data = lambda value: parse(base64.b64encode(value).decode() if isinstance(value, bytes) else value)
instances.InstanceResponse.run_instances = run_instances
