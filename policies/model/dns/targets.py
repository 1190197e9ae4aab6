"""What a record answers with: whether two answer with the same, and whether the target of an alias
is in the hosted zone that the alias says.

Each AWS service keeps the names of its endpoints in hosted zones of its own: one for each region
and type of load balancer, one for all of CloudFront, one for all of Global Accelerator. An alias
says both, and Route 53 refuses one whose name is not in the zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..values import UNKNOWN, Known, Reading, Unknown, known_or_none
from ..vocabulary import HOSTED_ZONE, LOAD_BALANCER
from .records import alias_value, is_in_zone
from .zone_names import normalise

_CLASSIC: Final = "aws:elb/loadBalancer:LoadBalancer"
_ZONES: Final[Mapping[str, str]] = {
    LOAD_BALANCER: "zoneId",
    _CLASSIC: "zoneId",
    "aws:cloudfront/distribution:Distribution": "hostedZoneId",
    "aws:globalaccelerator/accelerator:Accelerator": "hostedZoneId",
}
"""What an alias may point to, and the property that holds the zone of its name."""

_CONSTANT: Final[Mapping[str, str]] = {
    "cloudfront.net": "Z2FDTNDATAQYW2",
    "awsglobalaccelerator.com": "Z2BJ6XQ5FK7U4H",
}
"""Zones that are the same everywhere: AWS, "AliasTarget" in the Route 53 API reference
(2026-04-08)."""


class Elsewhere(NamedTuple):
    """The alias names a target and a zone that it is not in. `said` is the zone, `right` the
    target's own, both as a message calls them."""

    name: str
    said: str
    right: str


Verdict: TypeAlias = Elsewhere | Unknown | None


def zone_of_target(stack: Stack, record: Resource) -> Verdict:
    """Elsewhere where the alias's name is certainly not in its zone, Unknown where the two may be
    of different targets, None where nothing speaks against it."""
    name, zone_id = alias_value(record, "name"), alias_value(record, "zoneId")
    if isinstance(name, Unknown) and isinstance(zone_id, Unknown):
        return _of_several(stack, record)
    if not isinstance(name, Known):
        return None
    plain = _plain(name)
    said = _said_zone(stack, record, zone_id)
    right = _right_zone(stack, plain)
    if isinstance(said, str) and right is not None and said != right:
        return Elsewhere(plain, said, right)
    if isinstance(said, Resource):
        called = known_or_none(said.text("name"))
        if right is not None or (called and not is_in_zone(plain, normalise(called))):
            return Elsewhere(plain, said.label, right or "another zone")
    return None


def _said_zone(stack: Stack, record: Resource, zone_id: Reading[str]) -> Resource | str | None:
    """The zone that the alias says: a hosted zone of the stack, or an id."""
    own = target(stack.resolve(record, "aliases", zone_id, HOSTED_ZONE))
    if isinstance(zone_id, Known):
        return own or zone_id.value
    # It comes from the zone only where it comes from nothing else.
    return own if own is not None and record.depends_on("aliases") == (own.urn,) else None


def _right_zone(stack: Stack, name: str) -> str | None:
    """The id of the zone that a target's name is in, where it is known."""
    for suffix, constant in _CONSTANT.items():
        if name.endswith(f".{suffix}"):
            return constant
    owners = stack.identified(name, *_ZONES)
    zones = {known_or_none(each.text(_ZONES[each.kind])) for each in owners}
    return zones.pop() if len(zones) == 1 else None


def _of_several(stack: Stack, record: Resource) -> Unknown | None:
    """An alias that is derived from targets in different zones may mix them up."""
    urns = record.depends_on("aliases") or ()
    found = [each for each in stack.of(*_ZONES) if each.urn in urns]
    zones = {_zone_key(each): each for each in found}
    if len(zones) < 2 or None in zones:
        return None
    one, other = sorted(zones.values(), key=lambda each: each.urn)[:2]
    return Unknown(
        f"its alias is derived from {one.label} and {other.label}, whose names are in different "
        "zones: whether its name and its zoneId are of one of them is not known"
    )


def _zone_key(endpoint: Resource) -> tuple[str, str, str] | None:
    """What tells the zone of one target from that of another; None where it is not known.

    Classic and application load balancers of a region share a zone (tables of the provider)."""
    if endpoint.kind not in (LOAD_BALANCER, _CLASSIC):
        return ("", "", endpoint.kind)
    region, kind = endpoint.region, endpoint.text("loadBalancerType")
    if not isinstance(region, Known) or isinstance(kind, Unknown):
        return None
    is_network = endpoint.kind == LOAD_BALANCER and known_or_none(kind) == "network"
    return (region.value, "network" if is_network else "application", "")


def share_a_target(one: Resource, other: Resource) -> bool:
    """Whether two records certainly answer with the same: equal values that are known, or aliases
    of which each is derived from the same one resource, which has one name."""
    match one.items("records"), other.items("records"):
        case Known(said), Known(also) if said and also:
            return UNKNOWN not in said and set(map(str, said)) == set(map(str, also))
    match alias_value(one, "name"), alias_value(other, "name"):
        case Known() as name, Known() as also_named:
            return _plain(name) == _plain(also_named)
        case Unknown(), Unknown():
            source = one.depends_on("aliases") or ()
            return len(source) == 1 and source == other.depends_on("aliases")
    return False


def _plain(name: Known[str]) -> str:
    return normalise(name.value).removeprefix("dualstack.")
