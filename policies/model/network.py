"""Which route table a subnet uses, and whether it leads to an internet gateway.

AWS, "Route tables": a subnet without an explicit association uses the main table of its own VPC; a
public subnet is one whose table has a route to an internet gateway, to whatever destination.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import cycle
from typing import Final, TypeAlias

from . import values
from .answers import Answer, CannotTell, No, Yes, whichever
from .resource import Resource
from .stack import OneOf, Outside, Reference, ReferenceIndex, Stack, Target, possible, same, target
from .values import UNKNOWN, Absent, Known, Reading, Tree, Unknown, is_set
from .vocabulary import (
    DEFAULT_ROUTE_TABLE,
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    VPC,
    VPN_GATEWAY,
)


class Family(Enum):
    """An address family; AWS routes each on its own."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


BOTH: Final = frozenset(Family)

_FORWARDERS: Final = {
    "vpcEndpointId": "a firewall or gateway load balancer endpoint",
    "networkInterfaceId": "a network interface (an appliance or NAT instance)",
    "instanceId": "an instance (an appliance or NAT instance)",
    "transitGatewayId": "a transit gateway",
    "coreNetworkArn": "a Cloud WAN core network",
    "localGatewayId": "an Outposts local gateway",
    "carrierGatewayId": "a Wavelength carrier gateway",
}
"""Route targets that may forward to the internet in a way that this stack does not show."""


@dataclass(frozen=True, slots=True)
class Table:
    """A route table: one that the program makes, or the one that a VPC was born with."""

    key: str
    label: str
    resource: Resource | None
    """The RouteTable, or the DefaultRouteTable that adopts; None where nothing manages it."""
    vpc: Reference
    public_by_birth: bool = False
    """The main table of a default VPC comes with 0.0.0.0/0 to its gateway."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route, from a Route resource or from a block inside a table.

    `destination` is its CIDR, of the first of its families; `gateway` is what gatewayId names."""

    owner: Resource
    block: Tree
    families: frozenset[Family]
    destination: Reading[str]
    gateway: Reference

    def target(self, name: str) -> Reading[str]:
        return values.text(values.field(self.block, name))

    @property
    def is_wide(self) -> bool:
        """Whether it may carry the default traffic: 0.0.0.0/0, ::/0, a half of them, or unread."""
        if not isinstance(self.destination, Known):
            return True
        try:
            return ipaddress.ip_network(self.destination.value, strict=False).prefixlen <= 1
        except ValueError:
            return True


@dataclass(frozen=True, slots=True)
class _Attachment:
    """An internet gateway and the VPC that it is attached to; `owner` is the resource that says so:
    the gateway or the attachment."""

    gateway: Reference
    vpc: Reference
    owner: Resource


_Place: TypeAlias = Table | tuple[Table, ...] | Outside
"""The table that a route is for: one, one of several, or one that is not in the stack."""

_Association: TypeAlias = tuple[Reference, tuple[Table | Outside, ...], Resource]
"""What an association says: its subnet, the tables that it may name, and the association."""


class Network:
    """Answers about the network of a stack. `known_public` are ids of subnets and route tables
    outside the stack that the user vouches for."""

    def __init__(self, stack: Stack, known_public: frozenset[str] = frozenset()) -> None:
        self._stack = stack
        self._known_public = known_public
        self._read_blocks: dict[str, Reading[tuple[Route, ...]]] = {}
        self._reached: dict[tuple[str, frozenset[Family]], Answer] = {}

    # --- gateways -------------------------------------------------------------------------------

    @cached_property
    def _attachments(self) -> tuple[_Attachment, ...]:
        stack = self._stack
        own = (
            _Attachment(Target(gateway), stack.reference(gateway, "vpcId"), gateway)
            for gateway in stack.of(INTERNET_GATEWAY)
        )
        separate = (
            _Attachment(
                stack.reference(attachment, "internetGatewayId"),
                stack.reference(attachment, "vpcId"),
                attachment,
            )
            for attachment in stack.of(INTERNET_GATEWAY_ATTACHMENT)
        )
        return tuple(
            each
            for each in (*own, *separate)
            if not isinstance(each.gateway, Absent) and not isinstance(each.vpc, Absent)
        )

    @cached_property
    def _attachments_by_vpc(self) -> ReferenceIndex[_Attachment]:
        return ReferenceIndex((each.vpc, each) for each in self._attachments)

    @cached_property
    def _attachments_by_gateway(self) -> ReferenceIndex[_Attachment]:
        return ReferenceIndex((each.gateway, each) for each in self._attachments)

    def has_internet_gateway(self, vpc: Resource) -> Answer:
        """Whether an internet gateway is attached to the VPC."""
        if vpc.is_default:
            return Yes((f"default {vpc.label}", "its own internet gateway"))
        doubt: CannotTell | None = None
        for attachment, is_certain in self._attachments_by_vpc.of(vpc):
            if is_certain:
                return Yes((vpc.label, attachment.owner.label))
            doubt = doubt or CannotTell(f"the VPC of {attachment.owner.label} is not known")
        for route, is_certain in self.routes_of_vpc(vpc):
            literal = route.gateway.literal if isinstance(route.gateway, Outside) else None
            if literal is not None and _is_internet_gateway(literal):
                # Attached by somebody else, or AWS would refuse the route.
                if is_certain:
                    return Yes((vpc.label, f"internet gateway {literal}"))
                doubt = doubt or CannotTell(f"the table of {route.owner.label} is not known")
        return doubt or No((vpc.label, "no internet gateway attached"))

    def attachments_of(self, vpc: Resource) -> tuple[Resource, ...]:
        """The resources that certainly attach an internet gateway to the VPC: attachments, else
        gateways that name it themselves. (Afterwards AWS says the VPC of every gateway.)"""
        found = self._attachments_by_vpc.of(vpc)
        owners = [attachment.owner for attachment, is_certain in found if is_certain]
        separate = [owner for owner in owners if owner.kind == INTERNET_GATEWAY_ATTACHMENT]
        return tuple(separate or owners)

    def _is_attached(self, gateway: Resource, vpc: Reference) -> Answer:
        """Whether the gateway is attached to the VPC of a table that routes to it."""
        doubt = False
        elsewhere = "no VPC"
        for attachment, certain in self._attachments_by_gateway.of(gateway):
            is_same = same(attachment.vpc, vpc)
            if is_same and certain:
                return Yes((gateway.label,))
            if is_same is None or is_same:
                doubt = True
            elif certain and isinstance(attachment.vpc, Target):
                elsewhere = attachment.vpc.resource.label
        if doubt:
            return CannotTell(f"the VPC of {gateway.label} is not known")
        return No((gateway.label, f"attached to {elsewhere}"))

    # --- routes ---------------------------------------------------------------------------------

    def leads_to_internet_gateway(self, route: Route, table: Table) -> Answer:
        """Whether the route's target is an internet gateway of the table's VPC."""
        match route.gateway:
            case Target(gateway) if gateway.kind == INTERNET_GATEWAY:
                return self._is_attached(gateway, table.vpc)
            case Target(gateway):
                return No((gateway.label,))
            case OneOf(gateways):
                if all(gateway.kind != INTERNET_GATEWAY for gateway in gateways):
                    return No()
                return whichever(
                    self._is_attached(gateway, table.vpc)
                    if gateway.kind == INTERNET_GATEWAY
                    else No()
                    for gateway in gateways
                )
            case Outside(None):
                return CannotTell(f"the gateway of a route of {route.owner.label} is not known")
            case Outside(literal):
                return self._literal_gateway(str(literal), route)
            case Absent():
                return self._forwarder(route)

    def _literal_gateway(self, literal: str, route: Route) -> Answer:
        if _is_internet_gateway(literal):
            # AWS refuses a route to a gateway that is not attached to the table's VPC.
            return Yes((f"internet gateway {literal}",))
        if literal == "local" or literal.startswith("vgw-") or not route.is_wide:
            return No((literal,))
        return CannotTell(f"{route.owner.label} routes to {literal}, which is not in this stack")

    def _forwarder(self, route: Route) -> Answer:
        if route.is_wide:
            for name, what in _FORWARDERS.items():
                if is_set(route.target(name)):
                    return CannotTell(f"the default route of {route.owner.label} goes to {what}")
        return No()

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
        routes = []
        for block in listing.value:
            gateway = values.text(values.field(block, "gatewayId"))
            reference = self._stack.resolve(table, "routes", gateway, *kinds)
            routes.append(_route(table, block, "cidrBlock", "ipv6CidrBlock", reference))
        return Known(self._told_apart(tuple(routes), table, kinds))

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
            replace(route, gateway=Target(next(given)))
            if isinstance(route.gateway, OneOf)
            else route
            for route in routes
        )

    @cached_property
    def _routes(self) -> tuple[tuple[Route, _Place], ...]:
        """Every Route resource with the table that it is for, as far as that is known."""
        found = []
        for resource in self._stack.of(ROUTE):
            gateway = self._stack.reference(resource, "gatewayId")
            block = _ResourceBlock(resource)
            route = _route(
                resource, block, "destinationCidrBlock", "destinationIpv6CidrBlock", gateway
            )
            found.append((route, self._table_named_by(resource)))
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
            if gateway is None or not isinstance(self._is_attached(gateway, table.vpc), No):
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
    def _routes_by_vpc(self) -> ReferenceIndex[tuple[Route, _Place]]:
        every = (*self._written_routes, *self._routes)
        return ReferenceIndex((_vpc_of(place), (route, place)) for route, place in every)

    @cached_property
    def _written_routes(self) -> tuple[tuple[Route, Table], ...]:
        """Every route that is written inside a table, with the table."""
        found: list[tuple[Route, Table]] = []
        for resource in self._stack.of(ROUTE_TABLE, DEFAULT_ROUTE_TABLE):
            table = self._made(resource)
            match self._blocks(resource):
                case Known(routes):
                    found.extend((route, table) for route in routes)
                case Unknown():
                    unread = _route(resource, UNKNOWN, "cidrBlock", "ipv6CidrBlock", Outside())
                    found.append((unread, table))
        return tuple(found)

    def _is_of(self, vpc: Resource, owner: Resource, place: _Place) -> bool | None:
        """Whether a table, or one of several, is a table of the VPC."""
        if owner.shares_region_with(vpc) is False:
            return False
        if isinstance(place, Outside):
            return None
        tables = place if isinstance(place, tuple) else (place,)
        answers = {same(table.vpc, Target(vpc)) for table in tables}
        return answers.pop() if len(answers) == 1 else None

    def has_unread_blocks(self, table: Table) -> bool:
        """Whether routes are written inside the table that cannot be read."""
        return table.resource is not None and isinstance(self._blocks(table.resource), Unknown)

    def reaches_internet_gateway(self, table: Table, families: frozenset[Family]) -> Answer:
        """Whether the table has a route of one of the families to its VPC's internet gateway."""
        asked = (table.key, families)
        if asked not in self._reached:
            self._reached[asked] = self._reaches_afresh(table, families)
        return self._reached[asked]

    def _reaches_afresh(self, table: Table, families: frozenset[Family]) -> Answer:
        if table.public_by_birth and table.resource is None and Family.IPV4 in families:
            return Yes((table.label, "the default VPC's own internet gateway"))

        def leads(route: Route) -> Answer:
            return (
                self.leads_to_internet_gateway(route, table) if route.families & families else No()
            )

        answers = [leads(route) for route in self.routes_of(table)]
        answers += [whichever(map(leads, routes)) for routes in self.one_route_each(table)]
        for answer in answers:
            if isinstance(answer, Yes):
                return Yes((table.label, *answer.chain))
        for answer in answers:
            if isinstance(answer, CannotTell):
                return answer
        if self.has_unread_blocks(table):  # Of a table of which nothing is known, too.
            return CannotTell(f"the routes of {table.label} are not known before the deployment")
        for route in self.possible_routes(table):
            if not isinstance(leads(route), No):
                return CannotTell(f"the table of {route.owner.label} is not known")
        return No((table.label, f"no {_names(families)}route to an internet gateway"))

    # --- tables ---------------------------------------------------------------------------------

    def _born_with(self, vpc: Resource) -> Table:
        """The table that AWS makes with a VPC, adopted by a DefaultRouteTable or not."""
        adopters = [adopter for adopter, is_certain in self._adopters.of(vpc) if is_certain]
        return Table(
            key=f"default of {vpc.urn}",
            label=f"main route table of {vpc.label}",
            resource=adopters[0] if adopters else None,
            vpc=Target(vpc),
            public_by_birth=vpc.is_default,
        )

    @cached_property
    def _adopters(self) -> ReferenceIndex[Resource]:
        every = self._stack.of(DEFAULT_ROUTE_TABLE)
        return ReferenceIndex((self._adopted(adopter), adopter) for adopter in every)

    def _adopted(self, adopter: Resource) -> Reference:
        """The VPC whose default table a DefaultRouteTable adopts."""
        named = self._vpc_by_table_id(adopter.text("defaultRouteTableId"))
        if named is not None:
            return Target(named)
        return self._stack.reference(adopter, "defaultRouteTableId")

    def _vpc_by_table_id(self, value: Reading[str]) -> Resource | None:
        """The VPC that says that this is the id of its main or default table."""
        return self._vpcs_by_table_id.get(value.value) if isinstance(value, Known) else None

    @cached_property
    def _vpcs_by_table_id(self) -> Mapping[str, Resource]:
        index: dict[str, Resource] = {}
        for vpc in self._stack.of(VPC):
            for said in (vpc.text("mainRouteTableId"), vpc.text("defaultRouteTableId")):
                if isinstance(said, Known):
                    index.setdefault(said.value, vpc)
        return index

    def _made(self, resource: Resource) -> Table:
        if resource.kind == DEFAULT_ROUTE_TABLE:
            vpc = target(self._adopted(resource))
            if vpc is not None:
                return self._born_with(vpc)
            return Table(resource.urn, resource.label, resource, Outside())
        vpc_reference = self._stack.reference(resource, "vpcId")
        return Table(resource.urn, resource.label, resource, vpc_reference)

    def _table_named_by(self, resource: Resource) -> _Place:
        """The table that `routeTableId` of a route or an association names."""
        value = resource.text("routeTableId")
        reference = self._stack.resolve(
            resource, "routeTableId", value, ROUTE_TABLE, DEFAULT_ROUTE_TABLE
        )
        # A VPC shows the id of what is its main table now, which may be one that the program made.
        born_with = self._vpc_by_table_id(value)
        match reference:
            case Target(table):
                return self._made(table)
            case OneOf(tables):
                return tuple(self._made(table) for table in tables)
            case _ if born_with is not None:
                return self._born_with(born_with)
            case Absent():
                return Outside()
            case Outside(None):
                # `vpc.main_route_table_id` and `vpc.default_route_table_id` come from the VPC.
                sources = resource.depends_on("routeTableId") or ()
                vpcs = [self._stack.get(urn) for urn in sorted(sources)]
                born = tuple(
                    self._born_with(each) for each in vpcs if each is not None and each.kind == VPC
                )
                return born[0] if len(born) == 1 else born or Outside()
            case Outside() as outside:
                return outside

    def _main(self, vpc: Resource) -> tuple[Table | Outside, ...]:
        """The main table of a VPC: every one that it may be."""
        certain: list[Table | Outside] = []
        maybe: list[Table | Outside] = []
        found = self._stack.naming(vpc, "vpcId", MAIN_ROUTE_TABLE_ASSOCIATION)
        for association, is_certain in found:
            named = self._table_named_by(association)
            tables = named if isinstance(named, tuple) else (named,)
            (certain if is_certain else maybe).extend(tables)
        return tuple(certain) or (self._born_with(vpc), *self._unclear_adopters(vpc), *maybe)

    def _unclear_adopters(self, vpc: Resource) -> Iterator[Table]:
        """Every DefaultRouteTable that may adopt the table that the VPC was born with."""
        for adopter, is_certain in self._adopters.of(vpc):
            if not is_certain and adopter.shares_region_with(vpc) is not False:
                yield self._made(adopter)

    @cached_property
    def _associations(self) -> tuple[_Association, ...]:
        found = []
        for association in self._stack.of(ROUTE_TABLE_ASSOCIATION):
            reference = self._stack.reference(association, "subnetId")
            if isinstance(reference, Absent):
                continue  # An edge association: of a gateway, not of a subnet.
            named = self._table_named_by(association)
            found.append((reference, named if isinstance(named, tuple) else (named,), association))
        return tuple(found)

    @cached_property
    def _associations_by_subnet(self) -> ReferenceIndex[_Association]:
        return ReferenceIndex((each[0], each) for each in self._associations)

    @cached_property
    def _pools(self) -> Mapping[tuple[Resource, ...], int]:
        """How many associations are for one of the same several subnets."""
        references = (reference for reference, _, _ in self._associations)
        return Counter(each.resources for each in references if isinstance(each, OneOf))

    @cached_property
    def _explicit(self) -> Mapping[str, tuple[Table | Outside, ...]]:
        """Tables of the associations that are certainly the subnet's, by the subnet's URN."""
        index: dict[str, list[Table | Outside]] = {}
        for reference, tables, _ in self._associations:
            subnet = target(reference)
            if subnet is not None:
                index.setdefault(subnet.urn, []).extend(tables)
        return {urn: tuple(tables) for urn, tables in index.items()}

    def tables_of(self, subnet: Resource) -> tuple[Table | Outside, ...] | CannotTell:
        """Every route table that the subnet may use; one in all but unclear stacks."""
        explicit = self._explicit.get(subnet.urn)
        if explicit:
            return explicit
        shared: list[Table | Outside] = []
        filled = False
        for (reference, tables, association), _ in self._associations_by_subnet.of(subnet):
            if isinstance(reference, OneOf):
                shared.extend(tables)
                # A subnet has one association: three over three subnets leave none without.
                filled = filled or self._pools[reference.resources] >= len(
                    [each for each in reference.resources if each.urn not in self._explicit]
                )
            elif reference == Outside() and self._may_associate(tables, subnet):
                return CannotTell(f"the subnet of {association.label} is not known")
        if filled:
            return tuple(shared)
        vpc = self.vpc_of(subnet)
        match vpc:
            case Target(resource):
                return (*shared, *self._main(resource))
            case OneOf(resources):
                mains = (table for resource in resources for table in self._main(resource))
                return (*shared, *mains)
            case _:
                if subnet.is_default:
                    return (*shared, _DEFAULT_TABLE)
                return CannotTell(
                    f"{subnet.label} has no association of its own and its VPC is not in this stack"
                )

    def _may_associate(self, tables: Iterable[Table | Outside], subnet: Resource) -> bool:
        """Whether an association of one of these tables may be with the subnet: same VPC."""
        vpc = self.vpc_of(subnet)
        return any(
            isinstance(table, Outside) or not isinstance(table.vpc, Target) or table.vpc == vpc
            for table in tables
        )

    # --- subnets --------------------------------------------------------------------------------

    def vpc_of(self, subnet: Resource) -> Reference:
        """The VPC of a subnet."""
        return self._stack.reference(subnet, "vpcId")

    def is_public(self, subnet: Resource, families: frozenset[Family] = BOTH) -> Answer:
        """Whether the subnet's effective route table leads to an internet gateway of its VPC."""
        if known := self._vouched_for(subnet):
            return known
        if subnet.is_opaque:
            return CannotTell(f"nothing is known of {subnet.label} before the deployment")
        if is_set(subnet.text("outpostArn")):
            return CannotTell(f"{subnet.label} is on an Outpost, which has a local gateway")
        answer = self._by_tables(subnet, families)
        if isinstance(answer, Yes):
            return answer
        gateway = self.has_gateway_beside(subnet)
        if isinstance(gateway, No) and not self._is_in_hands_of_others(subnet):
            # Without a gateway on the VPC no table can lead to one, whatever it holds.
            chain = answer.chain if isinstance(answer, No) else (subnet.label,)
            return No((*chain, f"{gateway.chain[1]} has no internet gateway"))
        return answer

    def _is_in_hands_of_others(self, subnet: Resource) -> bool:
        """Whether its VPC exists and its route table is not in this stack: whoever made the table
        may have attached a gateway as well."""
        vpc, tables = target(self.vpc_of(subnet)), self.tables_of(subnet)
        return (
            vpc is not None
            and not vpc.is_new
            and not isinstance(tables, CannotTell)
            and any(isinstance(table, Outside) for table in tables)
        )

    def has_gateway_beside(self, subnet: Resource) -> Answer:
        """Whether an internet gateway is attached to the subnet's VPC."""
        if known := self._vouched_for(subnet):
            return known
        match self.vpc_of(subnet):
            case Target(vpc):
                answer = self.has_internet_gateway(vpc)
            case OneOf(vpcs):
                answer = whichever(map(self.has_internet_gateway, vpcs))
            case Outside() as outside:
                return CannotTell(f"the VPC of {subnet.label} {outside.why}")
            case _:
                if subnet.is_default:
                    return Yes((subnet.label, "the default VPC's own internet gateway"))
                return CannotTell(f"the VPC of {subnet.label} is not known")
        if isinstance(answer, CannotTell):
            return answer
        return type(answer)((subnet.label, *answer.chain))

    def _vouched_for(self, subnet: Resource) -> Yes | None:
        known = sorted(subnet.identifiers & self._known_public)
        return Yes((subnet.label, f"{known[0]} is configured as public")) if known else None

    def _by_tables(self, subnet: Resource, families: frozenset[Family]) -> Answer:
        tables = self.tables_of(subnet)
        if isinstance(tables, CannotTell):
            return tables
        answer = whichever(self._by_table(table, families) for table in tables)
        if isinstance(answer, CannotTell):
            return answer
        return type(answer)((subnet.label, *answer.chain))

    def _by_table(self, table: Table | Outside, families: frozenset[Family]) -> Answer:
        if isinstance(table, Table):
            return self.reaches_internet_gateway(table, families)
        if table.literal in self._known_public:
            return Yes((f"route table {table.literal} is configured as public",))
        return CannotTell(f"its route table {table.why}")


_DEFAULT_TABLE: Final = Table(
    key="default of the default VPC",
    label="main route table of the default VPC",
    resource=None,
    vpc=Outside(),
    public_by_birth=True,
)


class _ResourceBlock(Mapping[str, Tree]):
    """A Route resource read like a block inside a table."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def __getitem__(self, name: str) -> Tree:
        return self._resource.tree(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._resource.actual)

    def __len__(self) -> int:
        return len(self._resource.actual)


def _route(owner: Resource, block: Tree, ipv4: str, ipv6: str, gateway: Reference) -> Route:
    if block is UNKNOWN:
        return Route(owner, block, BOTH, Unknown(), gateway)
    destinations = {
        Family.IPV4: values.text(values.field(block, ipv4)),
        Family.IPV6: values.text(values.field(block, ipv6)),
    }
    stated = [family for family, said in destinations.items() if is_set(said)]
    if stated:  # AWS takes one destination a route.
        return Route(owner, block, frozenset(stated), destinations[stated[0]], gateway)
    # A prefix list holds addresses of either family.
    return Route(owner, block, BOTH, Unknown("a prefix list"), gateway)


def _vpc_of(place: _Place) -> Reference:
    """The VPC of a table, or of one of several, as far as it may be in the stack."""
    if isinstance(place, Outside):
        return Outside()
    vpcs = [table.vpc for table in (place if isinstance(place, tuple) else (place,))]
    if any(isinstance(vpc, Absent) or vpc == Outside() for vpc in vpcs):
        return Outside()
    return OneOf(tuple({each.urn: each for vpc in vpcs for each in possible(vpc)}.values()))


def _is_internet_gateway(identifier: str) -> bool:
    return identifier.startswith("igw-")


def _names(families: frozenset[Family]) -> str:
    return "" if families == BOTH else f"{next(iter(families)).value} "
