"""How the parts of a network are tied together, and what is tied twice where AWS ties it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ..answers import Yes
from ..inputs import Declared
from ..references import Outside, Reference, identity, same, target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..twins import Twins
from ..values import Absent, Known, Reading, Unknown, known_or_none
from ..vocabulary import (
    EIP,
    EIP_ASSOCIATION,
    LISTENER,
    LISTENER_RULE,
    MOUNT_TARGET,
    NAT_GATEWAY,
    NETWORK_ACL_RULE,
    PREFIX_LIST,
    ROUTE,
    ROUTE_TABLE_ASSOCIATION,
    TRANSIT_GATEWAY_ATTACHMENT,
    VPC_ENDPOINT,
)
from .addresses import normalised
from .endpoints import has_private_names
from .gateways import Attachment
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
        acl = identity(self._stack.reference(rule, "networkAclId"))
        said = (acl, direction_of(rule), known_or_none(rule.number("ruleNumber")))
        return (None if None in said else said,)

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
    def mount_targets(self) -> Twins:
        """Mount targets by their file systems and zones."""
        return Twins(self._stack.of(MOUNT_TARGET), self._mounted)

    def _mounted(self, mount: Resource) -> Iterator[Hashable | None]:
        system = identity(self._stack.reference(mount, "fileSystemId"))
        subnet = target(self._stack.reference(mount, "subnetId"))
        if system is not None and subnet is not None:
            for form in ("availabilityZone", "availabilityZoneId"):
                zone = known_or_none(subnet.text(form))
                yield None if zone is None else (system, form, zone)

    @cached_property
    def addresses(self) -> Twins:
        """What holds an Elastic IP: gateways, associations, and addresses that name what they are
        for."""
        return Twins(self._stack.of(NAT_GATEWAY, EIP_ASSOCIATION, EIP), self._held)

    def _held(self, holder: Resource) -> Iterable[Hashable | None]:
        if holder.kind != EIP:
            return (identity(self._stack.reference(holder, "allocationId")),)
        # AWS says of every address what holds it.
        is_held = any(
            isinstance(holder.declares(name), Yes) for name in ("instance", "networkInterface")
        )
        return (holder.urn if is_held else None,)

    def vpc_of_table(self, part: Resource) -> Reference:
        """The VPC of the table of a route or an association, or of a table itself."""
        match self._network.tables.of(part):
            case Table() as table:
                return table.vpc
        return Outside()

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


def _network(said: Reading[str]) -> str | None:
    return normalised(said.value) if isinstance(said, Known) else None
