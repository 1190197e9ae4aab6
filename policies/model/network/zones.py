"""Which zones subnets are in.

A subnet states its zone by name (us-east-1a) or by id (use1-az1), and which name belongs to which
id differs between accounts: two subnets are compared only in words that both use. Where a subnet
states neither, AWS chooses one of the region's Availability Zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ..answers import Answer, CannotTell, No, Yes
from ..places import is_availability_zone
from ..references import ReferenceList
from ..resource import Resource
from ..values import Known, is_set, known_or_none

_FORMS = ("availabilityZone", "availabilityZoneId")
_OPEN_CHOICE = CannotTell("which subnets it is in is not known")


def zone_of(subnet: Resource) -> str | None:
    """The zone's name or, where only that is known, its id."""
    known = (known_or_none(subnet.text(form)) for form in _FORMS)
    return next((zone for zone in known if zone is not None), None)


def share_a_zone(one: Resource, other: Resource) -> bool | None:
    """Whether two subnets are in one zone; None where that cannot be told."""
    for form in _FORMS:
        said, also = one.text(form), other.text(form)
        if isinstance(said, Known) and isinstance(also, Known):
            return said == also
    return None


def with_zones(owner: Resource, subnets: Sequence[Resource]) -> tuple[tuple[str, ...], ...]:
    """Subnets of a resource with their zones, as the chains of a message."""
    return tuple(
        (owner.label, each.label, zone_of(each) or "a zone that AWS chooses") for each in subnets
    )


def is_local(subnet: Resource) -> bool:
    """Whether it is certainly in a Local Zone or a Wavelength Zone."""
    zone = zone_of(subnet)
    return zone is not None and not is_availability_zone(zone)


def is_apart(subnet: Resource) -> bool:
    """Whether it is in a Local Zone, a Wavelength Zone or on an Outpost, where AWS asks for one
    subnet only."""
    return not subnet.is_opaque and (is_set(subnet.text("outpostArn")) or is_local(subnet))


def cover_two_zones(where: ReferenceList) -> Answer:
    """Whether the subnets cover two Availability Zones at least, or need not."""
    if any(map(is_apart, where.certain)):
        return Yes()
    if any(share_a_zone(*pair) is False for pair in combinations(where.certain, 2)):
        return Yes()
    if where.outside:
        return CannotTell(f"its subnet {where.outside[0].why}")
    if where.strangers or any(map(is_apart, where.pool)):
        return _OPEN_CHOICE
    subnets = where.possible
    if where.places is not None and len(where.certain) + where.places < 2:
        unread = [subnet for subnet in subnets if _may_be_apart(subnet)]
        return _zone_unknown(unread[0]) if unread else No()
    if where.places is None and len(subnets) == 1:
        return _OPEN_CHOICE  # Such a list is rather looked up by means of that one subnet.
    if all(share_a_zone(subnets[0], other) for other in subnets):
        return No()
    if where.places is not None and any(
        share_a_zone(*pair) is False for pair in combinations(subnets, 2)
    ):
        return Yes()  # Nobody picks several subnets of one zone out of those of several.
    return _each_in_its_own(where)


def use_each_zone_once(where: ReferenceList) -> Answer:
    """Whether no two of the subnets are in one zone."""
    if doubled(where):
        return No()
    if where.outside:
        return CannotTell(f"its subnet {where.outside[0].why}")
    return _OPEN_CHOICE if where.strangers else _each_in_its_own(where)


def doubled(where: ReferenceList) -> tuple[Resource, ...]:
    """The subnets that share their zone with another one, if two of the list certainly do."""
    return where.surely_clashing(lambda one, other: share_a_zone(one, other) is True)


def may_be_doubled(where: ReferenceList) -> bool:
    """Whether two of the subnets that may be meant are certainly in one zone."""
    return any(share_a_zone(*pair) for pair in combinations(where.possible, 2))


def _each_in_its_own(where: ReferenceList) -> Answer:
    """Yes if every two of the possible subnets are in different zones. A list of unknown length is
    taken to hold all that it is derived from: nobody lists several subnets to use one."""
    pairs = list(combinations(where.possible, 2))
    for pair in pairs:
        if share_a_zone(*pair) is None:
            unread = [subnet for subnet in pair if zone_of(subnet) is None]
            if unread:
                return _zone_unknown(unread[0])
            return CannotTell("some of its subnets state zone names and others zone ids")
    return _OPEN_CHOICE if any(share_a_zone(*pair) for pair in pairs) else Yes()


def _may_be_apart(subnet: Resource) -> bool:
    """Whether its zone is stated, in a way that cannot be read."""
    return zone_of(subnet) is None and any(is_set(subnet.text(form)) for form in _FORMS)


def _zone_unknown(subnet: Resource) -> CannotTell:
    if any(is_set(subnet.text(form)) for form in _FORMS):
        return CannotTell(f"the zone of {subnet.label} is not known")
    return CannotTell(
        f"{subnet.label} names no zone, so AWS chooses one, which may be that of another subnet"
    )
