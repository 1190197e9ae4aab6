"""What one record of Route 53 says.

The provider appends the zone's name to a record's name that does not end with it, as plain text
(terraform-provider-aws, `expandRecordName`): in the zone example.org, `www` and `www.example.org.`
are one name, and no name is the zone's own. CloudFormation, and so aws-native, takes the name as it
is.
"""

from __future__ import annotations

from enum import Enum

from .. import values
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown
from .zone_names import normalise


class Routing(Enum):
    """How Route 53 chooses among the records of one name and type; the words are AWS's."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    WEIGHTED = "weighted"
    LATENCY = "latency"
    GEOLOCATION = "geolocation"
    GEOPROXIMITY = "geoproximity"
    IP_BASED = "IP-based"
    MULTIVALUE = "multivalue answer"


POLICIES = {
    "failoverRoutingPolicies": Routing.FAILOVER,
    "weightedRoutingPolicies": Routing.WEIGHTED,
    "latencyRoutingPolicies": Routing.LATENCY,
    "geolocationRoutingPolicies": Routing.GEOLOCATION,
    "geoproximityRoutingPolicy": Routing.GEOPROXIMITY,
    "cidrRoutingPolicy": Routing.IP_BASED,
}
"""The properties that give a record a routing policy; it has one of them at most."""


def routing(record: Resource) -> Reading[Routing]:
    """The record's routing policy: simple where it has none."""
    doubt: Unknown | None = None
    for name, policy in POLICIES.items():
        match record.items(name):
            case Known(blocks) if blocks:
                return Known(policy)
            case Unknown() as unknown:
                doubt = unknown
    match record.flag("multivalueAnswerRoutingPolicy"):
        case Known(True):
            return Known(Routing.MULTIVALUE)
        case Unknown() as unknown:
            doubt = unknown
    return doubt or Known(Routing.SIMPLE)


def policy_value(record: Resource, policy: str, name: str) -> Reading[str]:
    """What the block of a routing policy says: the `region` of `latencyRoutingPolicies`."""
    blocks = record.items(policy)
    if not isinstance(blocks, Known):
        return blocks
    for block in blocks.value:  # One is all that is allowed.
        return values.text(values.field(block, name))
    return Absent()


def failover_role(record: Resource) -> Reading[str]:
    """PRIMARY or SECONDARY; absent where the record has no failover policy."""
    return policy_value(record, "failoverRoutingPolicies", "type")


def alias_value(record: Resource, name: str) -> Reading[str]:
    """What an alias record says of its target, its `name` or `zoneId`; absent for a record that is
    no alias."""
    return policy_value(record, "aliases", name)


def follows_target_health(record: Resource) -> Reading[bool]:
    """Whether an alias record takes over the health of what it points to; absent for a record that
    is no alias."""
    aliases = record.items("aliases")
    if not isinstance(aliases, Known):
        return aliases
    for alias in aliases.value:  # One is all that is allowed.
        if not alias:
            return Unknown("not stated")
        said = values.flag(values.field(alias, "evaluateTargetHealth"))
        return Known(False) if isinstance(said, Absent) else said
    return Absent()


def is_alias(record: Resource) -> bool | None:
    """Whether the record points to an AWS resource or another record; None where nobody knows."""
    aliases = record.items("aliases")
    if isinstance(aliases, Unknown):
        return None
    return isinstance(aliases, Known) and bool(aliases.value)


def own_name(record: Resource) -> Reading[str]:
    """The name as the record says it, in one form; empty for the zone's own."""
    said = record.text("name")
    if isinstance(said, Unknown):
        return said
    return Known(normalise(said.value) if isinstance(said, Known) else "")


def zone_name(stack: Stack, record: Resource) -> Reading[str]:
    """The name of the record's zone, where the stack tells it."""
    zone = target(stack.reference(record, "zoneId"))
    said = record.text("hostedZoneName") if zone is None else zone.text("name")
    return Known(normalise(said.value)) if isinstance(said, Known) else Unknown()


def full_name(stack: Stack, record: Resource) -> Reading[str]:
    """The record's name with that of its zone, as far as both are known."""
    name, zone = own_name(record), zone_name(stack, record)
    if isinstance(name, Known) and isinstance(zone, Known):
        return Known(expanded(record, name.value, zone.value))
    return name


def expanded(record: Resource, name: str, zone: str) -> str:
    """The name that is asked for when the record has this one, in a zone of this name."""
    if record.is_native or name.endswith(zone):
        return name
    return f"{name}.{zone}" if name else zone


def is_in_zone(name: str, zone: str) -> bool:
    """Whether a full name is the zone's or below it, label by label."""
    return name == zone or name.endswith(f".{zone}")
