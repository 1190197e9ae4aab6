"""Failover records of Route 53, and which of them belong together.

The provider appends the zone's name to a record's name that does not end with it
(terraform-provider-aws, `expandRecordName`): in the zone example.org, `www` and `www.example.org.`
are one name, and no name is the zone's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from .. import values
from ..references import Outside, ReferenceIndex, same, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown
from ..vocabulary import RECORD
from .zone_names import normalise


class Records:
    """The records of a stack, by their zones."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def _failover(self) -> Sequence[Resource]:
        """The records that have, or may have, a part in a failover."""
        return [
            each for each in self._stack.of(RECORD) if not isinstance(failover_role(each), Absent)
        ]

    @cached_property
    def _by_zone(self) -> ReferenceIndex[Resource]:
        homes = ((self._stack.reference(each, "zoneId"), each) for each in self._failover)
        # aws-native names the zone by its name, if it likes: that may be any.
        return ReferenceIndex(
            (Outside() if isinstance(home, Absent) else home, each) for home, each in homes
        )

    def beside(self, record: Resource) -> Iterator[Resource]:
        """The other failover records that may be in the record's zone."""
        zone = target(self._stack.reference(record, "zoneId"))
        found = self._failover if zone is None else [r for r, _ in self._by_zone.of(zone)]
        return (each for each in found if each is not record)


def failover_role(record: Resource) -> Reading[str]:
    """PRIMARY or SECONDARY; absent where the record has no failover policy."""
    policies = record.items("failoverRoutingPolicies")
    if not isinstance(policies, Known):
        return policies
    for policy in policies.value:  # One is all that is allowed.
        return values.text(values.field(policy, "type"))
    return Absent()


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


def full_name(stack: Stack, record: Resource) -> Reading[str]:
    """The record's name with that of its zone, as far as both are known."""
    name = _name(record)
    zone = _zone_name(stack, record)
    if isinstance(name, Known) and isinstance(zone, Known):
        return Known(_expanded(name.value, zone.value))
    return name


def are_of_one_set(stack: Stack, one: Resource, other: Resource) -> bool | None:
    """Whether two records have the same zone, name and type; None where that cannot be told."""
    return _all(
        (_same_zone(stack, one, other), _same_name(stack, one, other), _same_type(one, other))
    )


def _same_zone(stack: Stack, one: Resource, other: Resource) -> bool | None:
    homes = [stack.reference(each, "zoneId") for each in (one, other)]
    if all(isinstance(home, Absent) for home in homes):
        # aws-native names the zone by its name, if it likes.
        names = [each.text("hostedZoneName") for each in (one, other)]
        return _equal(*(Known(normalise(n.value)) if isinstance(n, Known) else n for n in names))
    return same(*homes)


def _same_type(one: Resource, other: Resource) -> bool | None:
    return _equal(one.text("type"), other.text("type"))


def _same_name(stack: Stack, one: Resource, other: Resource) -> bool | None:
    """Of two records in one zone."""
    said, also = _name(one), _name(other)
    if not isinstance(said, Known) or not isinstance(also, Known):
        return None
    if said == also:
        return True
    zone = _zone_name(stack, one)
    if isinstance(zone, Known):
        return _expanded(said.value, zone.value) == _expanded(also.value, zone.value)
    shorter, longer = sorted((said.value, also.value), key=len)
    # The longer one may be the shorter one with the zone's name, whatever that is.
    return None if not shorter or longer.startswith(f"{shorter}.") else False


def _name(record: Resource) -> Reading[str]:
    said = record.text("name")
    if isinstance(said, Unknown):
        return said
    return Known(normalise(said.value) if isinstance(said, Known) else "")


def _zone_name(stack: Stack, record: Resource) -> Reading[str]:
    zone = target(stack.reference(record, "zoneId"))
    said = record.text("hostedZoneName") if zone is None else zone.text("name")
    return Known(normalise(said.value)) if isinstance(said, Known) else Unknown()


def _expanded(name: str, zone: str) -> str:
    if name.endswith(zone):
        return name
    return f"{name}.{zone}" if name else zone


def _equal(one: Reading[str], other: Reading[str]) -> bool | None:
    if isinstance(one, Known) and isinstance(other, Known):
        return one == other
    return None


def _all(answers: Iterable[bool | None]) -> bool | None:
    """Whether all hold: one that does not settles it, whatever is not known of the others."""
    found = set(answers)
    if False in found:
        return False
    return None if None in found else True
