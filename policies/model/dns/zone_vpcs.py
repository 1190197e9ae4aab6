"""The regions whose VPCs a private hosted zone answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .. import values
from ..answers import Yes
from ..references import Outside, possible, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown
from ..vocabulary import HOSTED_ZONE, VPC, ZONE_ASSOCIATION

_SHARES: Final = (
    ("aws:route53/profilesResourceAssociation:ProfilesResourceAssociation", "resourceArn"),
    ("aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization", "zoneId"),
)
"""What lets others answer with the zone: a profile, which VPCs of any region may have, and a VPC of
another account, whose association is made there."""


def is_private(zone: Resource) -> bool:
    """Whether the program certainly gives the zone VPCs; which these are may be unknown."""
    return isinstance(zone.declares("vpcs"), Yes)


def is_shared_with_others(stack: Stack, zone: Resource) -> bool:
    """Whether the zone is, or may be, associated with VPCs by what this stack does not show."""
    return any(
        _may_name(stack, each, name, zone) for kind, name in _SHARES for each in stack.of(kind)
    )


def _may_name(stack: Stack, sharer: Resource, name: str, zone: Resource) -> bool:
    named = stack.reference(sharer, name, HOSTED_ZONE)
    is_derived = zone.urn in (sharer.depends_on(name) or ())
    return named == Outside() or zone in possible(named) or is_derived


def regions_of(stack: Stack, zone: Resource) -> Iterator[Reading[str]]:
    """The region of each VPC that the zone is associated with, by its own `vpcs` or beside it.

    A `vpcRegion` says it; without one, AWS looks in the region of the provider."""
    listed = zone.items("vpcs")
    if isinstance(listed, Known):
        for each in listed.value:
            said = values.text(values.field(each, "vpcRegion"))
            named = stack.resolve(zone, "vpcs", values.text(values.field(each, "vpcId")), VPC)
            yield _region(said, target(named), zone)
    elif not isinstance(listed, Absent):
        yield Unknown()
    for association, is_certain in stack.naming(zone, "zoneId", ZONE_ASSOCIATION):
        vpc = target(stack.reference(association, "vpcId"))
        found = _region(association.text("vpcRegion"), vpc, association)
        yield found if is_certain else Unknown()


def _region(said: Reading[str], vpc: Resource | None, asker: Resource) -> Reading[str]:
    if isinstance(said, Absent):
        return asker.region if vpc is None else vpc.region
    return said
