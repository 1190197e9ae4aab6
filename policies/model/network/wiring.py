"""How the parts of a network are tied together, and what is tied twice where AWS ties it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from ..answers import Yes
from ..inputs import Declared
from ..references import Outside, Reference, Target, identity, same, target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..twins import Twins
from ..values import Absent, Known, Reading, Unknown, known_or_none
from ..vocabulary import (
    DEFAULT_NETWORK_ACL,
    EIP,
    EIP_ASSOCIATION,
    LISTENER,
    LISTENER_RULE,
    LOAD_BALANCER,
    MOUNT_TARGET,
    NAT_GATEWAY,
    NETWORK_ACL_RULE,
    PREFIX_LIST,
    ROUTE,
    ROUTE_TABLE_ASSOCIATION,
    TRANSIT_GATEWAY_ATTACHMENT,
    VPC,
    VPC_ENDPOINT,
    VPC_ENDPOINT_SUBNET,
)
from .addresses import normalised
from .endpoints import has_private_names
from .gateways import Attachment
from .load_balancers import addresses_of
from .permissions import RULES, direction_of, permissions
from .route_lists import TARGETS
from .route_tables import Table
from .routing import Network


class Wiring:
    """What the parts of a network say of each other; an index is built when it is asked for."""

    def __init__(self, stack: Stack, network: Network) -> None:
        self._stack = stack
        self._network = network

    @cached_property
    def associations(self) -> Twins:
        """Associations with route tables, by their subnets."""
        return Twins(
            self._stack.of(ROUTE_TABLE_ASSOCIATION),
            lambda each: (identity(self._stack.reference(each, "subnetId")),),
        )

    @cached_property
    def routes(self) -> Twins:
        """Routes that are resources of their own, by their tables and destinations."""
        return Twins(self._stack.of(ROUTE), self._places)

    def _places(self, route: Resource) -> Iterator[Hashable | None]:
        table = self.table_of(route)
        prefix_list = self._stack.reference(route, "destinationPrefixListId", PREFIX_LIST)
        for where in (
            _network(route.text("destinationCidrBlock")),
            _network(route.text("destinationIpv6CidrBlock")),
            identity(prefix_list),
        ):
            yield None if table is None or where is None else (table, where)

    def table_of(self, part: Resource) -> str | None:
        """What tells the table of a route or an association from others; None where it is not
        known."""
        match self._network.tables.named_by(part):
            case Table() as table:
                return table.key
            case Outside(literal):
                return literal
        return None

    @cached_property
    def permissions(self) -> Twins:
        """Rules of security groups, by what they permit."""
        return Twins(self._stack.of(*RULES), lambda rule: permissions(self._stack, rule))

    @cached_property
    def acl_entries(self) -> Twins:
        """Rules of network ACLs, by their lists, directions and numbers."""
        return Twins(self._stack.of(NETWORK_ACL_RULE), self._entry)

    def _entry(self, rule: Resource) -> Iterable[Hashable | None]:
        said = (self._acl_of(rule), direction_of(rule), known_or_none(rule.number("ruleNumber")))
        return (None if None in said else said,)

    def _acl_of(self, rule: Resource) -> str | None:
        """What tells the network ACL of a rule from others; None where it is not known."""
        match self._stack.reference(rule, "networkAclId"):
            case Target(acl):
                return self._acl(acl)
            case reference:
                return identity(reference)

    def _acl(self, acl: Resource) -> str:
        """What tells a network ACL from others: a VPC and what adopts its default one are both
        that one."""
        if acl.kind == DEFAULT_NETWORK_ACL:
            vpc = target(self._stack.reference(acl, "defaultNetworkAclId"))
            return (vpc or acl).urn
        return acl.urn

    def entries_beside(self, acl: Resource) -> Sequence[Resource]:
        """The rules of a network ACL that are resources of their own."""
        return self._rules_by_acl.get(self._acl(acl), ())

    @cached_property
    def _rules_by_acl(self) -> Mapping[str | None, Sequence[Resource]]:
        return _grouped(self._stack.of(NETWORK_ACL_RULE), self._acl_of)

    def routes_beside(self, table: Resource) -> Sequence[Resource]:
        """The routes of a table that are resources of their own."""
        return self._routes_by_table.get(self._network.tables.made(table).key, ())

    @cached_property
    def _routes_by_table(self) -> Mapping[str | None, Sequence[Resource]]:
        return _grouped(self._stack.of(ROUTE), self.table_of)

    @cached_property
    def listeners(self) -> Twins:
        """Listeners, by their load balancers and ports."""
        return self._numbered(LISTENER, "loadBalancerArn", "port")

    @cached_property
    def listener_rules(self) -> Twins:
        """Rules, by their listeners and priorities."""
        return self._numbered(LISTENER_RULE, "listenerArn", "priority")

    def _numbered(self, kind: str, whole: str, number: str) -> Twins:
        def said(part: Resource) -> Iterable[Hashable | None]:
            place = identity(self._stack.reference(part, whole))
            its = known_or_none(part.number(number))
            return (None if place is None or its is None else (place, its),)

        return Twins(self._stack.of(kind), said)

    @cached_property
    def transit_gateway_attachments(self) -> Twins:
        """Attachments of VPCs to transit gateways, by both."""
        return Twins(self._stack.of(TRANSIT_GATEWAY_ATTACHMENT), self._attached)

    def _attached(self, attachment: Resource) -> Iterable[Hashable | None]:
        ends = [
            identity(self._stack.reference(attachment, name))
            for name in ("vpcId", "transitGatewayId")
        ]
        return (None if None in ends else tuple(ends),)

    @cached_property
    def private_names(self) -> Twins:
        """Endpoints that answer to the names of a service, by the service and the VPC."""
        return Twins(self._stack.of(VPC_ENDPOINT), self._named_service)

    def _named_service(self, endpoint: Resource) -> Iterable[Hashable | None]:
        vpc = identity(self._stack.reference(endpoint, "vpcId"))
        service = known_or_none(endpoint.text("serviceName"))
        answers = has_private_names(Declared(endpoint)) is Truth.TRUE
        return ((vpc, service) if answers and vpc is not None and service is not None else None,)

    @cached_property
    def mounted_systems(self) -> Twins:
        """Mount targets by their file systems."""
        return Twins(
            self._stack.of(MOUNT_TARGET),
            lambda mount: (identity(self._stack.reference(mount, "fileSystemId")),),
        )

    @cached_property
    def mount_targets(self) -> Twins:
        """Mount targets by their file systems and zones."""
        return Twins(self._stack.of(MOUNT_TARGET), self._mounted)

    def _mounted(self, mount: Resource) -> Iterator[Hashable | None]:
        return self._in_zones(mount, "fileSystemId")

    @cached_property
    def endpoint_subnets(self) -> Twins:
        """Associations of VPC endpoints with subnets, by their endpoints and zones."""
        return Twins(
            self._stack.of(VPC_ENDPOINT_SUBNET), lambda each: self._in_zones(each, "vpcEndpointId")
        )

    def _in_zones(self, part: Resource, whole: str) -> Iterator[Hashable | None]:
        """What a part is of, with its subnet and the zone of that by name and by id."""
        its = identity(self._stack.reference(part, whole))
        where = self._stack.reference(part, "subnetId")
        if its is None or identity(where) is None:
            return
        yield (its, "subnet", identity(where))
        if (subnet := target(where)) is not None:
            for form in ("availabilityZone", "availabilityZoneId"):
                zone = known_or_none(subnet.text(form))
                yield None if zone is None else (its, form, zone)

    @cached_property
    def addresses(self) -> Twins:
        """What holds an Elastic IP: gateways, load balancers, associations, and addresses that name
        what they are for."""
        return Twins(self._stack.of(NAT_GATEWAY, EIP_ASSOCIATION, EIP, LOAD_BALANCER), self._held)

    def _held(self, holder: Resource) -> Iterable[Hashable | None]:
        if holder.kind == LOAD_BALANCER:
            return map(identity, addresses_of(self._stack, holder).elements)
        if holder.kind != EIP:
            return (identity(self._stack.reference(holder, "allocationId")),)
        # AWS says of every address what holds it.
        is_held = any(
            isinstance(holder.declares(name), Yes) for name in ("instance", "networkInterface")
        )
        return (holder.urn if is_held else None,)

    def vpc_of(self, table: Resource) -> Reference:
        """The VPC of a route table; a VPC stands for its main one."""
        return Target(table) if table.kind == VPC else self._network.tables.made(table).vpc

    def vpc_of_table(self, part: Resource) -> Reference:
        """The VPC of the table of a route or an association, or of a table itself. Several tables
        that may be meant can be of one."""
        place = self._network.tables.of(part)
        if isinstance(place, Outside):
            return Outside()
        vpcs = [table.vpc for table in (place if isinstance(place, tuple) else (place,))]
        return vpcs[0] if all(same(vpcs[0], each) is True for each in vpcs[1:]) else Outside()

    def repeated_attachments(self, owner: Resource) -> Iterator[Attachment]:
        """What attaches the internet gateway of `owner` to the same VPC, and comes before it."""
        for mine, other in self._attached_before(owner, self._gateways_by_gateway):
            if same(mine.vpc, other.vpc) is True:
                yield other

    def rival_gateways(self, owner: Resource) -> Iterator[Attachment]:
        """What attaches other internet gateways to the VPC that `owner` (a gateway that names its
        VPC, or an attachment) attaches one to, and comes before it."""
        for mine, other in self._attached_before(owner, self._gateways_by_vpc):
            if same(mine.gateway, other.gateway) is False:
                yield other

    def other_vpcs(self, owner: Resource) -> Iterator[Attachment]:
        """What attaches the internet gateway that `owner` attaches to another VPC, and comes
        before it."""
        for mine, other in self._attached_before(owner, self._gateways_by_gateway):
            if same(mine.vpc, other.vpc) is False:
                yield other

    def _attached_before(
        self, owner: Resource, index: Twins
    ) -> Iterator[tuple[Attachment, Attachment]]:
        if owner.urn in self._attachments:
            for other in index.before(owner):
                yield self._attachments[owner.urn], self._attachments[other.urn]

    @cached_property
    def _attachments(self) -> Mapping[str, Attachment]:
        return {each.owner.urn: each for each in self._network.gateways.attachments}

    @cached_property
    def _gateways_by_vpc(self) -> Twins:
        return self._attached_by(lambda each: each.vpc)

    @cached_property
    def _gateways_by_gateway(self) -> Twins:
        return self._attached_by(lambda each: each.gateway)

    def _attached_by(self, end: Callable[[Attachment], Reference]) -> Twins:
        owners = (each.owner for each in self._attachments.values())
        return Twins(owners, lambda owner: (identity(end(self._attachments[owner.urn])),))


_TARGETS_BY_ID: Final = ("localGatewayId", "carrierGatewayId", "coreNetworkArn")
"""Targets that are compared by what the program writes."""


def have_other_targets(stack: Stack, one: Resource, other: Resource) -> bool | None:
    """Whether two routes lead to different things; None where that cannot be told."""
    answers: set[bool | None] = set()
    for name, kinds in TARGETS.items():
        mine, its = (stack.reference(each, name, *kinds) for each in (one, other))
        if isinstance(mine, Absent) and isinstance(its, Absent):
            continue
        if Absent() in (mine, its):  # A route has one target.
            answers.add(None if Outside() in (mine, its) else False)
        else:
            answers.add(same(mine, its))
    for name in _TARGETS_BY_ID:
        match one.text(name), other.text(name):
            case Known(its_id), Known(other_id):
                answers.add(its_id == other_id)
            case (Known(), Absent()) | (Absent(), Known()):
                answers.add(False)
            case (Unknown(), _) | (_, Unknown()):
                answers.add(None)
    return False if answers == {True} else True if False in answers else None


def _grouped(
    parts: Iterable[Resource], whole: Callable[[Resource], str | None]
) -> Mapping[str | None, Sequence[Resource]]:
    found: dict[str | None, list[Resource]] = {}
    for each in parts:
        found.setdefault(whole(each), []).append(each)
    return found


def _network(said: Reading[str]) -> str | None:
    return normalised(said.value) if isinstance(said, Known) else None
