"""Which route table a subnet uses, and whether it leads to an internet gateway.

AWS, "Route tables": a subnet without an explicit association uses the main table of its own VPC; a
public subnet is one whose table has a route to an internet gateway, to whatever destination.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from ..answers import Answer, CannotTell, No, Yes, whichever
from ..references import OneOf, Outside, Reference, Target, same, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, is_set
from ..vocabulary import INTERNET_GATEWAY, VPN_GATEWAY
from .associations import Associations
from .gateway_users import GatewayUser, gateway_users
from .gateways import Gateways
from .management import Management
from .route_lists import RouteLists
from .route_tables import RouteTables, Table
from .routes import BOTH, Family, Route

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


class Network:
    """Answers about the network of a stack. `known_public` are ids of subnets and route tables
    outside the stack that the user vouches for."""

    def __init__(self, stack: Stack, known_public: frozenset[str] = frozenset()) -> None:
        self._stack = stack
        self._known_public = known_public
        self.gateways = Gateways(stack)
        self.tables = RouteTables(stack)
        self.routes = RouteLists(stack, self.tables, self.gateways)
        self.associations = Associations(stack, self.tables)
        self._management = Management(stack, self.gateways, self.tables, self.associations)
        self._reached: dict[tuple[str, frozenset[Family]], Answer] = {}

    # --- gateways -------------------------------------------------------------------------------

    def has_internet_gateway(self, vpc: Resource) -> Answer:
        """Whether an internet gateway is attached to the VPC."""
        if vpc.is_default:
            return Yes((f"default {vpc.label}", "its own internet gateway"))
        doubt: CannotTell | None = None
        for attachment, is_certain in self.gateways.naming(vpc):
            if is_certain:
                return Yes((vpc.label, attachment.owner.label))
            doubt = doubt or CannotTell(f"the VPC of {attachment.owner.label} is not known")
        for route, is_certain in self.routes.routes_of_vpc(vpc):
            literal = route.gateway.literal if isinstance(route.gateway, Outside) else None
            if literal is not None and _is_internet_gateway(literal):
                # Attached by somebody else, or AWS would refuse the route.
                if is_certain:
                    return Yes((vpc.label, f"internet gateway {literal}"))
                doubt = doubt or CannotTell(f"the table of {route.owner.label} is not known")
        if doubt is None and not self.runs(vpc):
            return self._shown_by_what_exists(vpc) or CannotTell(
                f"{vpc.label} exists, and its internet gateway may be in other hands"
            )
        return doubt or No((vpc.label, "no internet gateway attached"))

    def runs(self, vpc: Resource) -> bool:
        """Whether this stack runs the VPC's network, so that what it does not show is not there."""
        return self._management.runs(vpc)

    def _shown_by_what_exists(self, vpc: Resource) -> Yes | None:
        """What proves a gateway: AWS makes an internet-facing load balancer, and a public NAT
        gateway works, only where there is one."""
        for user in self.users_of_gateways.get(vpc.urn, ()):
            if not user.resource.is_new:
                return Yes((vpc.label, f"{user.resource.label} exists"))
        return None

    @cached_property
    def users_of_gateways(self) -> Mapping[str, Sequence[GatewayUser]]:
        """What needs an internet gateway and is certainly in one VPC, by the VPC's URN."""
        index: dict[str, list[GatewayUser]] = {}
        for user in self.gateway_users:
            vpcs = user.vpcs(self._stack)
            if len(vpcs) == 1:
                index.setdefault(vpcs[0].urn, []).append(user)
        return index

    @cached_property
    def gateway_users(self) -> tuple[GatewayUser, ...]:
        """What needs the internet gateway of its VPC."""
        return tuple(gateway_users(self._stack))

    # --- routes ---------------------------------------------------------------------------------

    def leads_to_internet_gateway(self, route: Route, table: Table) -> Answer:
        """Whether the route's target is an internet gateway of the table's VPC."""
        match route.gateway:
            case Target(gateway) if gateway.kind == INTERNET_GATEWAY:
                return self.gateways.is_attached(gateway, table.vpc)
            case Target(gateway):
                return No((gateway.label,))
            case OneOf(gateways):
                if all(gateway.kind != INTERNET_GATEWAY for gateway in gateways):
                    return No()
                return whichever(
                    self.gateways.is_attached(gateway, table.vpc)
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

        answers = [leads(route) for route in self.routes.routes_of(table)]
        answers += [whichever(map(leads, routes)) for routes in self.routes.one_route_each(table)]
        for answer in answers:
            if isinstance(answer, Yes):
                return Yes((table.label, *answer.chain))
        for answer in answers:
            if isinstance(answer, CannotTell):
                return answer
        if self.routes.has_unread_blocks(table):  # Of a table of which nothing is known, too.
            return CannotTell(f"the routes of {table.label} are not known before the deployment")
        for route in self.routes.possible_routes(table):
            if not isinstance(leads(route), No):
                return CannotTell(f"the table of {route.owner.label} is not known")
        if table.resource is None and isinstance(table.vpc, Target):
            vpc = table.vpc.resource
            if not self.runs(vpc):
                return CannotTell(f"{vpc.label} exists, and its main table is in other hands")
        return No((table.label, f"no {_names(families)}route to an internet gateway"))

    # --- subnets --------------------------------------------------------------------------------

    def tables_of(self, subnet: Resource) -> tuple[Table | Outside, ...] | CannotTell:
        """Every route table that the subnet may use; one in all but unclear stacks."""
        return self.associations.tables_of(subnet, self.runs)

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
        vpc, tables = target(self.associations.vpc_of(subnet)), self.tables_of(subnet)
        return (
            vpc is not None
            and not vpc.is_new
            and not isinstance(tables, CannotTell)
            and any(isinstance(table, Outside) for table in tables)
        )

    def leads_to_other_networks(self, subnet: Resource) -> bool:
        """Whether a table that the subnet may use has a route to a transit gateway, Cloud WAN or a
        VPN gateway."""
        tables = self.tables_of(subnet)
        if isinstance(tables, CannotTell):
            return False
        routes = (
            route
            for table in tables
            if isinstance(table, Table)
            for route in self.routes.routes_of(table)
        )
        return any(map(_leads_to_another_network, routes))

    def has_gateway_beside(self, subnet: Resource) -> Answer:
        """Whether an internet gateway is attached to the subnet's VPC."""
        if known := self._vouched_for(subnet):
            return known
        match self.associations.vpc_of(subnet):
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
        vpc = self.associations.vpc_of(subnet)
        answer = whichever(self._by_table(table, vpc, families) for table in tables)
        if isinstance(answer, CannotTell):
            return answer
        return type(answer)((subnet.label, *answer.chain))

    def _by_table(
        self, table: Table | Outside, vpc: Reference, families: frozenset[Family]
    ) -> Answer:
        if isinstance(table, Table):
            if isinstance(vpc, Target) and same(table.vpc, vpc) is False:
                return No((table.label, f"a table of another VPC than {vpc.resource.label}"))
            return self.reaches_internet_gateway(table, families)
        if table.literal in self._known_public:
            return Yes((f"route table {table.literal} is configured as public",))
        return CannotTell(f"its route table {table.why}")


def _leads_to_another_network(route: Route) -> bool:
    if any(is_set(route.target(name)) for name in ("transitGatewayId", "coreNetworkArn")):
        return True
    match route.gateway:
        case Target(gateway):
            return gateway.kind == VPN_GATEWAY
        case Outside(str(literal)):
            return literal.startswith("vgw-")
    return False


def _is_internet_gateway(identifier: str) -> bool:
    return identifier.startswith("igw-")


def _names(families: frozenset[Family]) -> str:
    return "" if families == BOTH else f"{next(iter(families)).value} "
