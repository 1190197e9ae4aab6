"""What routes lead to: a gateway, an interface or an endpoint in the VPC of their own table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

from ..model import Model
from ..model.network.route_lists import led_to
from ..model.network.vpc_membership import named, vpcs_of
from ..model.plain import NamedTuple
from ..model.references import Reference, Target, as_list, identity, same, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import Absent
from ..model.vocabulary import (
    INTERNET_GATEWAY_ATTACHMENT,
    ROUTE,
    VPC,
    VPN_GATEWAY_ATTACHMENT,
)
from ..rule import Outcome, Violation

_Places: TypeAlias = Callable[[Resource, Stack], "tuple[Reference, ...]"]
"""The VPCs in which a gateway is, or may be."""

_ATTACHMENTS: Final = (
    ("internetGatewayId", INTERNET_GATEWAY_ATTACHMENT),
    ("vpnGatewayId", VPN_GATEWAY_ATTACHMENT),
)


def _attached_to(gateway: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a gateway is, or may be, attached to."""
    own = stack.reference(gateway, "vpcId")
    attachments = (
        stack.reference(attachment, "vpcId")
        for name, kind in _ATTACHMENTS
        for attachment, _ in stack.naming(gateway, name, kind)
    )
    return tuple(each for each in (own, *attachments) if not isinstance(each, Absent))


def _vpcs_of_interface(owner: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a network interface, or the one of an instance, may be in."""
    return vpcs_of(stack, as_list(stack.reference(owner, "subnetId")))


def _vpcs_of_nat(nat: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a NAT gateway may be in."""
    own = stack.reference(nat, "vpcId")
    if isinstance(own, Target):
        return (own,)
    return vpcs_of(stack, as_list(stack.reference(nat, "subnetId")))


class _Gateway(NamedTuple):
    """How AWS's answer calls what a property names, and where that is."""

    called: str
    places: _Places


_GATEWAYS: Final[Mapping[str, _Gateway]] = {
    "gatewayId": _Gateway("network gateway igw-...", _attached_to),
    "natGatewayId": _Gateway("interface interface-...", _vpcs_of_nat),
    "networkInterfaceId": _Gateway("interface eni-...", _vpcs_of_interface),
}


def leads_to_its_own_vpc(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A gateway is for routes of its own VPC. `owner` is a route, or a table with the routes that
    are written inside."""
    stack, home = model.stack, model.wiring.vpc_of_table(owner)
    if identity(home) is None:
        return
    for name, (called, places) in _GATEWAYS.items():
        wrong = led_to(stack, owner, name).surely_hit(
            partial(_is_elsewhere, stack, owner, home, places)
        )
        for gateway in wrong[:1]:
            yield Violation(
                owner,
                f"{owner.label} {'is' if owner.kind == ROUTE else 'has'} a route of {named(home)} "
                "to a gateway of another VPC:",
                chains=(
                    (owner.label, name, gateway.label, f"in {named(places(gateway, stack)[0])}"),
                ),
                effect="CreateRoute answers InvalidParameterValue: route table rtb-... and "
                f"{called} belong to different networks.",
                fix=f"Route to a gateway of {named(home)}.",
                parties=(gateway,),
            )


def _is_elsewhere(
    stack: Stack, owner: Resource, home: Reference, places: _Places, gateway: Resource
) -> bool:
    """Whether a gateway is certainly in other VPCs of the region only."""
    place = target(home) or owner
    others = () if gateway.shares_region_with(place) is False else places(gateway, stack)
    return bool(others) and all(same(other, home) is False for other in others)


def leads_to_an_endpoint_of_its_vpc(owner: Resource, model: Model) -> Iterator[Outcome]:
    """An endpoint or an egress-only gateway is for routes of its own VPC: as AWS documents it,
    nobody has shown its answer."""
    home = model.wiring.vpc_of_table(owner)
    for name in ("vpcEndpointId", "egressOnlyGatewayId"):
        for gateway in led_to(model.stack, owner, name).certain:
            there = model.stack.reference(gateway, "vpcId", VPC)
            if not are_apart(home, there):
                continue
            yield Violation(
                owner,
                f"{owner.label} has a target in another VPC:",
                chains=((owner.label, name, gateway.label, f"in {named(there)}"),),
                effect="CreateRoute accepts only an endpoint or gateway of the route table's own "
                "VPC.",
                fix=f"Use an endpoint or gateway of {named(home)}.",
                parties=(gateway,),
            )


def are_apart(one: Reference, other: Reference) -> bool:
    """Whether these are certainly two VPCs, and not of two regions: that is told elsewhere."""
    match one, other:
        case Target(here), Target(there):
            return here is not there and here.shares_region_with(there) is not False
    return same(one, other) is False
