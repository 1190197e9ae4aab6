"""What needs the names of a private hosted zone in a region that is left.

That its failover records lead there, or that a setting there holds one of its names, is certain.
That servers there have no private zone at all while the other region has one is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from ..model import Model
from ..model.answers import Yes
from ..model.dns.records import failover_role, full_name, is_alias
from ..model.dns.zone_names import normalise
from ..model.dns.zone_vpcs import regions_of
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.strangers import is_in_the_hands_of_others
from ..model.takeover.counterparts import names_a_role
from ..model.takeover.leaves import known_texts
from ..model.takeover.parts import EKS_CLUSTER, SERVING
from ..model.takeover.settings import TAKERS
from ..model.takeover.sources import sources
from ..model.values import Known, known_or_none
from ..model.vocabulary import (
    AUTO_SCALING_GROUP,
    ECS_SERVICE,
    HOSTED_ZONE,
    INSTANCE,
    LAMBDA_FUNCTION,
    RECORD,
)
from ..model.words import listed

_NAMESPACE: Final = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
_HOST: Final = r"[\w-]+(?:\.[\w-]+)+"
_SERVERS: Final = (INSTANCE, AUTO_SCALING_GROUP, ECS_SERVICE, EKS_CLUSTER, LAMBDA_FUNCTION)
"""What runs in a VPC and asks for names there; a function only where it is given one."""


class Need(NamedTuple):
    """The regions in which the names are needed, and why. `says` completes a sentence that begins
    with the zone; each chain leads from what needs the names."""

    regions: tuple[str, ...]
    says: str
    chains: tuple[tuple[str, ...], ...]
    parties: tuple[Resource, ...]


_Ask: TypeAlias = Callable[[Resource, Model, frozenset[str]], Need | None]


def need_of(zone: Resource, model: Model, regions: frozenset[str]) -> Need | None:
    """The first reason for which one of the regions needs the zone's names."""
    return next((need for ask in _ASKS if (need := ask(zone, model, regions))), None)


class _Way(NamedTuple):
    """What needs a name, how it comes to it, and where that is."""

    chain: tuple[str, ...]
    party: Resource
    region: str


def _need(ways: Sequence[_Way], says: str) -> Need | None:
    if not ways:
        return None
    regions = tuple(sorted({each.region for each in ways}))
    return Need(
        regions,
        says.format(regions=listed(regions)),
        chains=tuple(each.chain for each in ways),
        parties=tuple({each.party.urn: each.party for each in ways}.values()),
    )


def _led_to(zone: Resource, model: Model, regions: frozenset[str]) -> Need | None:
    """SECONDARY records lead to something there, and certainly to nothing elsewhere."""
    found: list[_Way] = []
    for record in _records(zone, model.stack):
        if failover_role(record) != Known("SECONDARY"):
            continue
        for name in ("aliases", "records"):
            ends = sources(model.stack, record, name, *SERVING)
            homes = {known_or_none(model.takeover.homes.of(each)) for each in ends}
            home = homes.pop() if len(homes) == 1 else None
            if home in regions:
                end = f"{ends[0].label} ({home})"
                found.append(_Way((record.label, "SECONDARY", end), ends[0], home))
    return _need(found, "its failover records lead to {regions}")


def _records(zone: Resource, stack: Stack) -> Sequence[Resource]:
    """The records that are certainly in the zone."""
    return [each for each, is_certain in stack.naming(zone, "zoneId", RECORD) if is_certain]


def _told_to(zone: Resource, model: Model, regions: frozenset[str]) -> Need | None:
    """A setting there holds the name of one of its records."""
    records = _records(zone, model.stack)
    by_name = {known_or_none(full_name(model.stack, each)): each for each in records}
    found = [
        _Way((taker.label, name, record.label), taker, home)
        for taker in (model.stack.of(*TAKERS) if records else ())
        if (home := known_or_none(model.takeover.homes.of(taker))) in regions
        for name in TAKERS[taker.kind]
        for record in _held(taker, name, records, by_name)
    ]
    return _need(found, "its names are used in {regions}")


def _held(
    taker: Resource,
    name: str,
    records: Sequence[Resource],
    by_name: Mapping[str | None, Resource],
) -> Sequence[Resource]:
    """The records that a property is derived from, or of which it holds the name."""
    urns = taker.depends_on(name) or ()
    hosts = {
        normalise(host) for text in known_texts(taker, name) for host in re.findall(_HOST, text)
    }
    named = {by_name[each].urn for each in hosts & by_name.keys()}
    return [each for each in records if each.urn in urns or each.urn in named]


def _served_from(zone: Resource, model: Model, regions: frozenset[str]) -> Need | None:
    """Servers run there, and no private zone answers them. A zone whose name says a region or a
    role is for that one alone, and plain addresses are of machines that are lost."""
    stack = model.stack
    domain = known_or_none(zone.text("name"))
    if domain is None or names_a_role(domain) or is_in_the_hands_of_others(stack, zone):
        return None
    if all(map(_holds_addresses, _records(zone, stack))):
        return None
    answered = model.once(_answered_by_any)
    if None in answered:
        return None
    found = [
        _Way((server.label, home, "no private zone"), server, home)
        for server in stack.of(*_SERVERS)
        if (home := known_or_none(server.region)) in regions
        and home not in answered
        and _is_in_a_vpc(server)
    ]
    return _need(found, "no private zone answers what runs in {regions}")


def _holds_addresses(record: Resource) -> bool:
    return record.text("type") in (Known("A"), Known("AAAA")) and is_alias(record) is False


def _answered_by_any(model: Model) -> frozenset[str | None]:
    """The regions in which a VPC has a private zone, its own or one of Cloud Map, which makes one
    for each private namespace; None among them for one that is unknown."""
    stack = model.stack
    own = (region for zone in stack.of(HOSTED_ZONE) for region in regions_of(stack, zone))
    of_cloud_map = (each.region for each in stack.of(_NAMESPACE))
    return frozenset(map(known_or_none, (*own, *of_cloud_map)))


def _is_in_a_vpc(server: Resource) -> bool:
    return server.kind != LAMBDA_FUNCTION or isinstance(server.declares("vpcConfig"), Yes)


_ASKS: Final[Sequence[_Ask]] = (_led_to, _told_to, _served_from)
