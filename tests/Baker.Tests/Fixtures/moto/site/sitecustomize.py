"""Python reads this as moto starts: three matters in which moto 5.2 is not like AWS, put right."""
import base64
import random

from moto.core.responses import ActionResult
from moto.ec2.responses import instances

parse = instances.parse_user_data
run = instances.InstanceResponse.run_instances
reservations = {}


def run_instances(self):
    """A machine starts with the protection against termination that it was asked to have; moto forgets it."""
    answer = run(self)
    for instance in answer.result.instances:
        instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
    return answer


def mine(self):
    return reservations.setdefault((self.current_account, self.region), {})


def create_capacity_reservation(self):
    """moto has no capacity reservations. These keep nothing; they are there, and are listed, until they are cancelled."""
    made = {
        "CapacityReservationId": "cr-%017x" % random.getrandbits(64),
        "State": "active",
        "Tags": [tag for spec in self._get_param("TagSpecifications", []) for tag in spec["Tags"]],
    }
    for name in ("AvailabilityZone", "EndDate", "EndDateType", "InstanceMatchCriteria", "InstancePlatform", "InstanceType"):
        made[name] = self._get_param(name)
    mine(self)[made["CapacityReservationId"]] = made
    return ActionResult({"CapacityReservation": made})


def describe_capacity_reservations(self):
    ids = self._get_param("CapacityReservationIds", [])
    states = [value for named in self._get_param("Filters", []) if named["Name"] == "state" for value in named["Values"]]
    found = [r for r in mine(self).values() if (not ids or r["CapacityReservationId"] in ids) and (not states or r["State"] in states)]
    return ActionResult({"CapacityReservations": found})


def cancel_capacity_reservation(self):
    mine(self)[self._get_param("CapacityReservationId")]["State"] = "cancelled"
    return ActionResult({"Return": True})


def modify_instance_capacity_reservation_attributes(self):
    return ActionResult({"Return": True})


# New user-data of a machine that is there: moto's reader has decoded it already, and moto refuses what is left.
instances.parse_user_data = lambda value: parse(base64.b64encode(value).decode() if isinstance(value, bytes) else value)
for method in (
    run_instances,
    create_capacity_reservation,
    describe_capacity_reservations,
    cancel_capacity_reservation,
    modify_instance_capacity_reservation_attributes,
):
    setattr(instances.InstanceResponse, method.__name__, method)
