"""Which routes are in which table.

A route is written inside a table or is a resource of its own; the table of one of those may be
known, be one of several, or be any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import cycle
from typing import Final

from .. import values
from ..answers import No
from ..references import (
    OneOf,
    Outside,
    Reference,
    ReferenceIndex,
    ReferenceList,
    Target,
    as_list,
    possible,
    same,
    target,
)
from ..resource import Resource
from ..stack import Stack
from ..values import UNKNOWN, Absent, Known, Reading, Tree, Unknown
from ..vocabulary import (
    DEFAULT_ROUTE_TABLE,
    EGRESS_ONLY_GATEWAY,
    INSTANCE,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    PEERING,
    ROUTE,
    ROUTE_TABLE,
    TRANSIT_GATEWAY,
    VPC_ENDPOINT,
    VPN_GATEWAY,
)
from .gateways import Gateways
from .route_tables import Place, RouteTables, Table
from .routes import ResourceBlock, Route, read_route

TARGETS: Final = {
    "gatewayId": (INTERNET_GATEWAY, VPN_GATEWAY),
    "natGatewayId": (NAT_GATEWAY,),
    "vpcPeeringConnectionId": (PEERING,),
    "transitGatewayId": (TRANSIT_GATEWAY,),
    "vpcEndpointId": (VPC_ENDPOINT,),
    # An instance stands for its primary interface: it is its NAT, or another appliance.
    "networkInterfaceId": (NETWORK_INTERFACE, INSTANCE),
    "egressOnlyGatewayId": (EGRESS_ONLY_GATEWAY,),
}
"""What a route may lead to, by the property that says so."""


def led_to(stack: Stack, owner: Resource, name: str) -> ReferenceList:
    """What a route, or the routes that are written inside a table, lead to by this property. Of
    routes that cannot be read, nothing: they may lead elsewhere."""
    if owner.kind == ROUTE:
        return as_list(stack.reference(owner, name, *TARGETS[name]))
    if not isinstance(owner.items("routes"), Known):
        return ReferenceList()
    listed = stack.references(owner, "routes", *TARGETS[name], inner=name)
    return ReferenceList() if isinstance(listed, Absent) else listed


class RouteLists:
    """The routes of a stack, by their tables and VPCs."""

    def __init__(self, stack: Stack, tables: RouteTables, gateways: Gateways) -> None:
        self._stack = stack
        self._tables = tables
        self._gateways = gateways
        self._read_blocks: dict[str, Reading[tuple[Route, ...]]] = {}

    def _blocks(self, table: Resource) -> Reading[tuple[Route, ...]]:
        """The routes that are written inside a table."""
        if table.urn not in self._read_blocks:
            self._read_blocks[table.urn] = self._blocks_afresh(table)
        return self._read_blocks[table.urn]

    def _blocks_afresh(self, table: Resource) -> Reading[tuple[Route, ...]]:
        listing = table.items("routes")
        if not isinstance(listing, Known):
            return listing
        kinds = (INTERNET_GATEWAY, VPN_GATEWAY)
        is_copy = isinstance(table.declares("routes"), No)
        routes = []
        for block in listing.value:
            if is_copy and self._is_of_the_stack(block):
                continue
            gateway = values.text(values.field(block, "gatewayId"))
            reference = self._stack.resolve(table, "routes", gateway, *kinds)
            routes.append(read_route(table, block, "cidrBlock", "ipv6CidrBlock", reference))
        return Known(self._told_apart(tuple(routes), table, kinds))

    def _is_of_the_stack(self, block: Tree) -> bool:
        """Whether a route leads to a resource of this stack. In the copy of its routes that a
        refresh writes into a table, such a one is the stack's own, which Route resources tell of:
        without one, the route goes with this run."""
        said = (values.text(values.field(block, name)) for name in TARGETS)
        return any(
            isinstance(each, Known) and bool(self._stack.identified(each.value, *TARGETS[name]))
            for name, each in zip(TARGETS, said, strict=True)
        )

    def _told_apart(
        self, routes: tuple[Route, ...], table: Resource, kinds: tuple[str, ...]
    ) -> tuple[Route, ...]:
        """Blocks of one family that share as many gateways as they are: each takes one."""
        open_families = [route.families for route in routes if isinstance(route.gateway, OneOf)]
        gateways = self._stack.sources(table, "routes", kinds)
        if len(set(open_families)) != 1 or len(open_families) < len(gateways):
            return routes
        given = cycle(gateways)
        return tuple(
            route._replace(gateway=Target(next(given)))
            if isinstance(route.gateway, OneOf)
            else route
            for route in routes
        )

    @cached_property
    def _routes(self) -> tuple[tuple[Route, Place], ...]:
        """Every Route resource with the table that it is for, as far as that is known."""
        found = []
        for resource in self._stack.of(ROUTE):
            gateway = self._stack.reference(resource, "gatewayId")
            block = ResourceBlock(resource)
            route = read_route(
                resource, block, "destinationCidrBlock", "destinationIpv6CidrBlock", gateway
            )
            found.append((route, self._tables.named_by(resource)))
        return tuple(found)

    @cached_property
    def _routes_by_table(self) -> Mapping[str, tuple[Route, ...]]:
        """Routes whose table is certain, by the table's key."""
        index: dict[str, list[Route]] = {}
        for route, table in self._routes:
            if isinstance(table, Table):
                index.setdefault(table.key, []).append(route)
        return {key: tuple(routes) for key, routes in index.items()}

    @cached_property
    def _shared_routes(self) -> Mapping[str, Sequence[tuple[int, tuple[Route, ...]]]]:
        """Routes to one destination that are for one of several tables, with the number of these
        tables, by the key of each."""
        groups: dict[tuple[frozenset[str], Reading[str]], list[Route]] = {}
        for route, tables in self._routes:
            if isinstance(tables, tuple):
                keys = frozenset(table.key for table in tables)
                groups.setdefault((keys, route.destination), []).append(route)
        index: dict[str, list[tuple[int, tuple[Route, ...]]]] = {}
        for (keys, _), routes in groups.items():
            for key in keys:
                index.setdefault(key, []).append((len(keys), tuple(routes)))
        return index

    @cached_property
    def _placeless_routes(self) -> tuple[Route, ...]:
        """Routes that may be in any table."""
        return tuple(route for route, place in self._routes if place == Outside())

    def routes_of(self, table: Table) -> tuple[Route, ...]:
        """The routes that are certainly in the table: its own blocks and Route resources."""
        blocks = Absent() if table.resource is None else self._blocks(table.resource)
        written = blocks.value if isinstance(blocks, Known) else ()
        return (*written, *self._routes_by_table.get(table.key, ()))

    def one_route_each(self, table: Table) -> Iterator[tuple[Route, ...]]:
        """Groups of routes of which the table certainly has one, without telling which: as many
        routes to one destination as tables, since a table takes a destination only once."""
        for tables, routes in self._shared_routes.get(table.key, ()):
            if len(routes) >= tables:
                yield routes

    def possible_routes(self, table: Table) -> Iterator[Route]:
        """The routes that may be in the table, for all that is known."""
        for tables, routes in self._shared_routes.get(table.key, ()):
            if len(routes) < tables:
                yield from routes
        for route in self._placeless_routes:
            # A route to a gateway can only be in a table of the gateway's VPC.
            gateway = target(route.gateway)
            if gateway is None or not isinstance(
                self._gateways.is_attached(gateway, table.vpc), No
            ):
                yield route

    def routes_of_vpc(self, vpc: Resource) -> Iterator[tuple[Route, bool]]:
        """Every route that is, or may be, in a table of the VPC, with whether it certainly is.

        Where the routes inside a table cannot be read, one route with nothing known stands for
        them all: what their property is derived from may still tell where they lead."""
        for (route, place), _ in self._routes_by_vpc.of(vpc):
            certain = self._is_of(vpc, route.owner, place)
            if certain is not False:
                yield route, certain is True

    @cached_property
    def _routes_by_vpc(self) -> ReferenceIndex[tuple[Route, Place]]:
        every = (*self._written_routes, *self._routes)
        return ReferenceIndex((_vpc_of(place), (route, place)) for route, place in every)

    @cached_property
    def _written_routes(self) -> tuple[tuple[Route, Table], ...]:
        """Every route that is written inside a table, with the table."""
        found: list[tuple[Route, Table]] = []
        for resource in self._stack.of(ROUTE_TABLE, DEFAULT_ROUTE_TABLE):
            table = self._tables.made(resource)
            match self._blocks(resource):
                case Known(routes):
                    found.extend((route, table) for route in routes)
                case Unknown():
                    unread = read_route(resource, UNKNOWN, "cidrBlock", "ipv6CidrBlock", Outside())
                    found.append((unread, table))
        return tuple(found)

    def _is_of(self, vpc: Resource, owner: Resource, place: Place) -> bool | None:
        """Whether a table, or one of several, is a table of the VPC."""
        if isinstance(place, Outside):
            return False if owner.shares_region_with(vpc) is False else None
        tables = place if isinstance(place, tuple) else (place,)
        answers = {same(table.vpc, Target(vpc)) for table in tables}
        return answers.pop() if len(answers) == 1 else None

    def has_unread_blocks(self, table: Table) -> bool:
        """Whether routes are written inside the table that cannot be read."""
        return table.resource is not None and isinstance(self._blocks(table.resource), Unknown)


def _vpc_of(place: Place) -> Reference:
    """The VPC of a table, or of one of several, as far as it may be in the stack."""
    if isinstance(place, Outside):
        return Outside()
    vpcs = [table.vpc for table in (place if isinstance(place, tuple) else (place,))]
    if any(isinstance(vpc, Absent) or vpc == Outside() for vpc in vpcs):
        return Outside()
    return OneOf(tuple({each.urn: each for vpc in vpcs for each in possible(vpc)}.values()))
