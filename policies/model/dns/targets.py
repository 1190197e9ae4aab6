"""What a record answers with: whether two answer with the same, and whether the target of an alias
is in the hosted zone that the alias says.

Each AWS service keeps the names of its endpoints in hosted zones of its own: one for each region
and type of load balancer, one for all of CloudFront, one for all of Global Accelerator. An alias
says both, and Route 53 refuses one whose name is not in the zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from ..inputs import Declared
from ..plain import NamedTuple
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import UNKNOWN, Known, Reading, Unknown, known_or_none
from ..vocabulary import (
    ACCELERATOR,
    CLASSIC_LOAD_BALANCER,
    DISTRIBUTION,
    HOSTED_ZONE,
    LOAD_BALANCER,
)
from .certificates import API_DOMAIN, HTTP_API_DOMAIN
from .endpoint_zones import (
    APPLICATION,
    NETWORK,
    is_endpoint_zone,
    may_be_in_an_older_one,
    zone_in,
    zone_of_name,
)
from .records import alias_value, is_in_zone
from .zone_names import normalise

_API: Final = "api"
_ZONES: Final[Mapping[str, str]] = {
    LOAD_BALANCER: "zoneId",
    CLASSIC_LOAD_BALANCER: "zoneId",
    DISTRIBUTION: "hostedZoneId",
    ACCELERATOR: "hostedZoneId",
    API_DOMAIN: "regionalZoneId",
    HTTP_API_DOMAIN: "hostedZoneId",
}
"""What an alias may point to, and the property that holds the zone of its name. That of an HTTP
API's domain name is inside of a block, and not read."""

_DOMAINS: Final[Mapping[str, str]] = {
    DISTRIBUTION: "cloudfront.net",
    ACCELERATOR: "awsglobalaccelerator.com",
}
"""The domains of endpoints that are of no region."""


class Elsewhere(NamedTuple):
    """The alias names a target and a zone that it is not in. `said` is the zone, `right` the
    target's own, both as a message calls them; `asked` is the target's domain name, or an ellipsis
    where it is not known yet."""

    name: str
    said: str
    right: str
    asked: str


Verdict: TypeAlias = Elsewhere | Unknown | None


def zone_of_target(stack: Stack, record: Resource) -> Verdict:
    """Elsewhere where the alias's name is certainly not in its zone, Unknown where the two may be
    of different targets, None where nothing speaks against it."""
    name, zone_id = alias_value(record, "name"), alias_value(record, "zoneId")
    if isinstance(name, Unknown) and isinstance(zone_id, Unknown):
        return _of_several(stack, record)
    hosted = target(stack.resolve(record, "aliases", zone_id, HOSTED_ZONE))
    source = _only_source(stack, record, hosted if isinstance(zone_id, Known) else None)
    said = _said_zone(record, zone_id, hosted, source)
    if isinstance(name, Known):
        return _of_name(stack, record, _plain(name), said)
    if isinstance(name, Unknown) and source is not None and said is not None:
        return _of_endpoint(record, source, said)
    return None


def _of_endpoint(record: Resource, source: Resource, said: Resource | str) -> Elsewhere | None:
    """What is wrong about the name of an endpoint that is not made yet, in the zone that the alias
    says. An id that is in no table, and not the record's own zone, may be of a new region."""
    right = _own_zone(source)
    if isinstance(said, Resource):
        return Elsewhere(source.label, said.label, _the_zone(right), "...")
    is_wrong = _is_zone_of(record, said) or (is_endpoint_zone(said) and right is not None)
    if is_wrong and right != said:
        return Elsewhere(source.label, said, _the_zone(right), "...")
    return None


def _the_zone(identity: str | None) -> str:
    return f"the zone {identity}" if identity else "another zone"


def _is_zone_of(record: Resource, zone: str) -> bool:
    return zone == _plain_id(known_or_none(record.text("zoneId")) or "")


def _of_name(
    stack: Stack, record: Resource, name: str, said: Resource | str | None
) -> Elsewhere | None:
    """What is wrong about a domain name that is known, in the zone that the alias says."""
    right = _right_zone(stack, name)
    if isinstance(said, str):
        is_wrong = right is not None and (
            _is_zone_of(record, said) or is_endpoint_zone(said) or not may_be_in_an_older_one(right)
        )
        return Elsewhere(name, said, _the_zone(right), name) if is_wrong and right != said else None
    if isinstance(said, Resource):
        zone = known_or_none(said.text("name"))
        if right is not None or (zone and not is_in_zone(name, normalise(zone))):
            return Elsewhere(name, said.label, _the_zone(right), name)
    return None


def _only_source(stack: Stack, record: Resource, known: Resource | None) -> Resource | None:
    """The endpoint that the alias is derived from, where that is all that it is derived from but
    for a hosted zone that is `known`: of that, everything is known."""
    own = known.urn if known is not None else None
    urns = [each for each in record.depends_on("aliases") or () if each != own]
    found = stack.get(urns[0]) if len(urns) == 1 else None
    return found if found is not None and found.kind in _ZONES else None


def _said_zone(
    record: Resource, zone_id: Reading[str], own: Resource | None, source: Resource | None
) -> Resource | str | None:
    """The zone that the alias says: `own`, a hosted zone of the stack, or an id."""
    if isinstance(zone_id, Known):
        return own or _plain_id(zone_id.value)
    if source is not None:
        return _own_zone(source)
    # It comes from the zone only where it comes from nothing else.
    return own if own is not None and record.depends_on("aliases") == (own.urn,) else None


def _right_zone(stack: Stack, name: str) -> str | None:
    """The id of the zone that a target's name is in, where it is known."""
    owners = stack.identified(name, *_ZONES)
    if not owners:
        return zone_of_name(name)
    zones = {known_or_none(each.text(_ZONES[each.kind])) or _own_zone(each) for each in owners}
    return zones.pop() if len(zones) == 1 else None


def _own_zone(endpoint: Resource) -> str | None:
    """The id of the zone that the endpoint's name will be in, as far as kind and region tell."""
    shown = known_or_none(endpoint.text(_ZONES[endpoint.kind]))
    key = _zone_key(endpoint)
    if shown is not None or key is None:
        return shown
    region, kind, _ = key
    return zone_in(kind, region) if region else zone_of_name(f"x.{_DOMAINS[endpoint.kind]}")


def _of_several(stack: Stack, record: Resource) -> Unknown | None:
    """An alias that is derived from targets in different zones, or from a target and a hosted zone,
    may mix them up."""
    urns = record.depends_on("aliases") or ()
    found = [each for each in stack.of(*_ZONES) if each.urn in urns]
    hosted = [each for each in stack.of(HOSTED_ZONE) if each.urn in urns]
    if found and hosted:
        return Unknown(
            f"its alias is derived from {found[0].label} and {hosted[0].label}: whether it takes "
            "its zoneId from the hosted zone, in which the name is not, is not known"
        )
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
    region = endpoint.region
    if endpoint.kind in (API_DOMAIN, HTTP_API_DOMAIN):
        if not isinstance(region, Known) or not _is_regional(endpoint):
            return None
        return (region.value, _API, "")
    if endpoint.kind not in (LOAD_BALANCER, CLASSIC_LOAD_BALANCER):
        return ("", "", endpoint.kind)
    kind = endpoint.text("loadBalancerType")
    if not isinstance(region, Known) or isinstance(kind, Unknown) or kind == Known("gateway"):
        return None
    is_network = endpoint.kind == LOAD_BALANCER and known_or_none(kind) == "network"
    return (region.value, NETWORK if is_network else APPLICATION, "")


def _is_regional(domain: Resource) -> bool:
    """Whether a domain name of API Gateway is certainly one of its region, as those of HTTP APIs
    are; without a type, CloudFront has it."""
    said = Declared(domain)
    name = "endpointConfiguration.types"  # A text in version 7 of the provider, a list in 6.
    says = said.says(name, "REGIONAL") | said.some_text(name, lambda each: each == "REGIONAL")
    return domain.kind == HTTP_API_DOMAIN or says is Truth.TRUE


def own_zone_target(stack: Stack, record: Resource) -> tuple[Resource, str] | None:
    """The zone of an alias and the full name in it that the alias points to, where that is
    certainly the alias's own zone; None of all other aliases."""
    home = target(stack.reference(record, "zoneId"))
    name, zone_id = alias_value(record, "name"), alias_value(record, "zoneId")
    zone = home.text("name") if home is not None else Unknown()
    if home is None or not isinstance(name, Known) or not isinstance(zone, Known):
        return None
    full = normalise(name.value)
    hosted = target(stack.resolve(record, "aliases", zone_id, HOSTED_ZONE))
    is_own = _said_zone(record, zone_id, hosted, None) is home
    return (home, full) if is_own and is_in_zone(full, normalise(zone.value)) else None


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


def _plain_id(zone: str) -> str:
    return zone.removeprefix("/hostedzone/")


def _plain(name: Known[str]) -> str:
    return normalise(name.value).removeprefix("dualstack.")
