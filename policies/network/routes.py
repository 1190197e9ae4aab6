"""Routes that EC2 takes: one to a destination in a table, none into the VPC itself.

A table has a local route for each range of its VPC. A route to such a range, or to a part of it,
can lead to a network interface, a NAT gateway or the endpoint of a Gateway Load Balancer only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final

from ..model import Model
from ..model.inputs import Block, alike
from ..model.network.addresses import ipv4_range, vpc_ranges
from ..model.network.peering import peer, requester
from ..model.network.route_lists import TARGETS
from ..model.network.route_tables import Table
from ..model.network.routes import Route
from ..model.network.wiring import have_other_targets
from ..model.references import OneOf, Outside, Reference, Target, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth, some
from ..model.values import Known
from ..model.vocabulary import DEFAULT_ROUTE_TABLE, ROUTE, ROUTE_TABLE
from ..refusal import Refusal
from ..rule import Evidence, Outcome, Violation

_GATEWAYS: Final = {
    "gatewayId": ("igw-", "vgw-"),
    "transitGatewayId": ("tgw-",),
    "vpcPeeringConnectionId": ("pcx-",),
    "egressOnlyGatewayId": ("eigw-",),
}
"""The targets that a route into the VPC cannot have, with the beginnings of their ids."""

_DESTINATIONS: Final = ("cidrBlock", "ipv6CidrBlock", "destinationPrefixListId")
_TARGETS: Final = (
    *("carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "instanceId"),
    *("localGatewayId", "natGatewayId", "networkInterfaceId", "odbNetworkArn"),
    *("transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"),
)
"""What a route inside a table may name (pulumi-aws 6 and 7)."""


def _lead_apart(one: Block, other: Block) -> Truth:
    """Whether two routes of a table have one destination and certainly different targets. Of two
    that are equal, the provider keeps one."""
    is_one_place = some(alike(one.text(name), other.text(name)) for name in _DESTINATIONS)
    return is_one_place & some(_differ(one, other, name) for name in _TARGETS)


def _differ(one: Block, other: Block, name: str) -> Truth:
    mine, its = one.sets(name), other.sets(name)
    alone = (mine & ~its) | (its & ~mine)
    return alone | (mine & its & ~alike(one.text(name), other.text(name)))


def _sets_none(route: Block, names: Sequence[str]) -> Truth:
    return ~some(route.sets(name) for name in names)


REFUSED: Final = (
    Refusal(
        id="route-without-destination",
        kinds=(ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
        says="has a route without a destination (cidrBlock, ipv6CidrBlock or "
        "destinationPrefixListId)",
        when=lambda table: table.some("routes", lambda route: _sets_none(route, _DESTINATIONS)),
        evidence=Evidence(
            "the provider answers: creating route: one of `cidr_block, ipv6_cidr_block, "
            "destination_prefix_list_id` must be specified",
            "the provider, when it creates the table; public deployment logs",
            "2026-11-26",
        ),
        fix="Give the route a destination, for example cidrBlock 0.0.0.0/0.",
        refused={"routes": [{"gatewayId": "igw-1"}]},
        accepted=(
            {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]},
            {"routes": [{"destinationPrefixListId": "pl-1", "gatewayId": "igw-1"}]},
            {"routes": []},
        ),
        whatever=("routes.gatewayId",),
    ),
    Refusal(
        id="routes-with-one-destination",
        kinds=(ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
        says="has two routes with one destination and different targets",
        when=lambda table: table.some_two("routes", _lead_apart),
        evidence=Evidence(
            "CreateRoute answers RouteAlreadyExists: The route identified by ... already exists.",
            "CreateRoute, public deployment logs (of routes that are resources of their own)",
            "2026-11-26",
        ),
        fix="Keep one of the two routes.",
        refused={
            "routes": [
                {"cidrBlock": "10.9.0.0/16", "gatewayId": "igw-1"},
                {"cidrBlock": "10.9.0.0/16", "natGatewayId": "nat-1"},
            ]
        },
        accepted=(
            {
                "routes": [
                    {"cidrBlock": "10.9.0.0/16", "gatewayId": "igw-1"},
                    {"cidrBlock": "10.9.0.0/16", "gatewayId": "igw-1"},
                ]
            },
            {
                "routes": [
                    {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
                    {"ipv6CidrBlock": "::/0", "gatewayId": "igw-1"},
                ]
            },
        ),
        whatever=("routes.0.gatewayId", "routes.1.natGatewayId"),
    ),
    Refusal(
        id="route-without-target",
        kinds=(ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
        says="has a route without a target",
        when=lambda table: table.some("routes", lambda route: _sets_none(route, _TARGETS)),
        evidence=Evidence(
            "the provider answers: creating route: one of `egress_only_gateway_id, gateway_id, "
            "..., network_interface_id` must be specified",
            "https://github.com/hashicorp/terraform/issues/27957",
            "2021-03-02",
        ),
        fix="Give the route a target, for example gatewayId or natGatewayId.",
        refused={"routes": [{"cidrBlock": "0.0.0.0/0"}]},
        accepted=(
            {"routes": [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"}]},
            {"routes": [{"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}]},
        ),
        whatever=("routes.cidrBlock",),
    ),
)


def once_in_its_table(route: Resource, model: Model) -> Iterator[Outcome]:
    """A table has one route to a destination. Two with one target are refused where one waits for
    the other: the provider looks before it creates. Else `network-risks` tells of them."""
    for other in model.wiring.routes.before(route):
        if is_refused_beside(route, other, model.stack):
            yield Violation(
                route,
                f"{route.label} has the same destination as {other.label} in the same route table.",
                effect="CreateRoute answers RouteAlreadyExists: The route identified by ... "
                "already exists.",
                fix="Keep one of the two routes.",
                parties=(other,),
            )
            return


def is_refused_beside(route: Resource, other: Resource, stack: Stack) -> bool:
    """Whether EC2 or the provider certainly refuses one of two routes to one destination."""
    return (
        have_other_targets(stack, route, other) is True
        or other.urn in stack.waits_for(route)
        or route.urn in stack.waits_for(other)
    )


def in_reach(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A gateway is no way to addresses of the VPC itself. `owner` is a route, or a table with the
    routes that are written inside."""
    stack, network = model.stack, model.network()
    table = network.tables.of(owner)
    if not isinstance(table, Table):
        return
    home = target(table.vpc)
    if home is None:
        return
    for route in network.routes.routes_of(table):
        destination = ipv4_range(route.destination)
        if route.owner is not owner or not isinstance(destination, Known):
            continue
        mine = _range_of(stack, home, destination.value)
        if mine and _leads_away(stack, route) and not _is_told_of_peering(stack, route):
            yield Violation(
                owner,
                f"{owner.label} routes addresses of its own VPC out of it:",
                chains=((owner.label, str(destination.value), f"{home.label} has {mine}"),),
                effect=f"CreateRoute answers InvalidParameterValue: The destination CIDR block "
                f"{destination.value} is equal to or more specific than one of this VPC's CIDR "
                "blocks. This route can target only an interface or an instance.",
                fix="Set the destination to the range of the other network; if both networks "
                "have the same range, change one of them.",
                parties=(home,),
            )
            return


def _range_of(stack: Stack, vpc: Resource, network: IPv4Network) -> IPv4Network | None:
    """The range of the VPC that holds these addresses."""
    ranges = (each.network for each in vpc_ranges(stack, vpc).known)
    return next((each for each in ranges if network.subnet_of(each)), None)


def _leads_away(stack: Stack, route: Route) -> bool:
    """Whether the target is certainly a gateway, a transit gateway or a peering."""
    return any(
        _is_one_of_these(_named(stack, route, name), prefixes)
        for name, prefixes in _GATEWAYS.items()
    )


def _is_one_of_these(named: Reference, prefixes: tuple[str, ...]) -> bool:
    match named:
        case Target() | OneOf():
            return True
        case Outside(str(literal)):
            return literal.startswith(prefixes)
    return False


def _named(stack: Stack, route: Route, name: str) -> Reference:
    """What a property of the route names."""
    if name == "gatewayId":
        return route.gateway
    where = name if route.owner.kind == ROUTE else "routes"
    return stack.resolve(route.owner, where, route.target(name), *TARGETS[name])


def _is_told_of_peering(stack: Stack, route: Route) -> bool:
    """Whether the route leads to a peering of two VPCs whose ranges overlap: that is told."""
    peering = target(_named(stack, route, "vpcPeeringConnectionId"))
    if peering is None:
        return False
    sides = [target(side(stack, peering)) for side in (requester, peer)]
    ranges = [vpc_ranges(stack, side).known if side else () for side in sides]
    return any(mine.network.overlaps(theirs.network) for mine in ranges[0] for theirs in ranges[1])
