"""What the subnets of a VPC are for, and how they reach the internet and other networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from ipaddress import IPv4Network
from typing import Final

from .. import values
from ..answers import Answer, CannotTell, No, Yes, whichever
from ..inputs import Declared
from ..references import Outside, ReferenceIndex, Target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..urns import StackName
from ..values import Known, Tree, is_set
from ..vocabulary import (
    CLOUD_WAN_ATTACHMENT,
    DB_SUBNET_GROUP,
    INSTANCE,
    INTERNET_GATEWAY,
    NETWORK_INTERFACE,
    PEERING,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SUBNET,
    TRANSIT_GATEWAY_ATTACHMENT,
    VPC,
    VPC_ENDPOINT,
    VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT,
)
from .addresses import ipv4_range, vpc_ranges
from .endpoints import is_interface, service_in
from .route_tables import Table
from .routes import Route
from .routing import Network

_WAYS_OUT: Final = (
    "natGatewayId",
    "networkInterfaceId",
    "instanceId",
    "transitGatewayId",
    "coreNetworkArn",
    "vpcEndpointId",
    "egressOnlyGatewayId",
    "localGatewayId",
    "carrierGatewayId",
)
"""Targets of a default route that take traffic out of the VPC, or to what does."""

_COMPUTE: Final = (
    INSTANCE,
    NETWORK_INTERFACE,
    "aws:autoscaling/",
    "aws:batch/",
    "aws:ecs/",
    "aws:eks/",
    "aws:elasticbeanstalk/",
    "aws:lambda/",
    "aws:apprunner/",
    "aws-native:autoscaling:",
    "aws-native:batch:",
    "aws-native:ec2:Instance",
    "aws-native:ecs:",
    "aws-native:eks:",
    "aws-native:lambda:",
)
"""What runs code, which downloads packages and images and calls APIs."""

_CONTAINERS: Final = ("aws:batch/", "aws:ecs/", "aws:eks/", "aws-native:batch:", "aws-native:ecs:")
"""What runs containers, whose images are pulled through the subnet."""

_NO_USE: Final = (ROUTE_TABLE_ASSOCIATION, DB_SUBNET_GROUP, "aws:ec2/networkAcl", "aws:ram/")
"""What names a subnet without being in it, and databases, which need no way out."""

_LINKS: Final = (
    TRANSIT_GATEWAY_ATTACHMENT,
    CLOUD_WAN_ATTACHMENT,
    VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT,
)


class Tiers:
    """The tiers of the VPCs of a stack."""

    def __init__(self, stack: Stack, network: Network) -> None:
        self._stack = stack
        self._network = network
        self._talks: dict[tuple[StackName, str], bool] = {}

    @cached_property
    def _users(self) -> Mapping[str, tuple[Resource, ...]]:
        """What is in each subnet, by the subnet's URN; databases aside."""
        index: dict[str, list[Resource]] = {}
        for resource in self._stack.resources:
            if resource.kind == SUBNET or resource.kind.startswith(_NO_USE):
                continue
            named = {urn for urns in resource.property_dependencies.values() for urn in urns}
            named |= {each.urn for each in self._stack.mentioned_across_stacks(resource)}
            for urn in named:
                index.setdefault(urn, []).append(resource)
        return {urn: tuple(found) for urn, found in index.items()}

    def subnets_of(self, vpc: Resource) -> tuple[Resource, ...]:
        """The subnets that are certainly in the VPC."""
        found = self._stack.naming(vpc, "vpcId", SUBNET)
        return tuple(subnet for subnet, is_certain in found if is_certain)

    def are_used(self, subnets: Iterable[Resource]) -> bool:
        """Whether anything but databases is in one of the subnets."""
        return any(self._users.get(subnet.urn) for subnet in subnets)

    def runs_code(self, subnet: Resource) -> bool:
        """Whether something in the subnet runs code."""
        users = self._users.get(subnet.urn, ())
        return any(user.kind.startswith(_COMPUTE) for user in users)

    def has_way_out(self, subnet: Resource) -> Answer:
        """Whether a default route of the subnet leads out of its VPC, to whatever."""
        public = self._network.is_public(subnet)
        if isinstance(public, Yes):
            return public
        tables = self._network.tables_of(subnet)
        if isinstance(tables, CannotTell):
            return tables
        forwarded = whichever(self._leads_out(table, subnet) for table in tables)
        return public if isinstance(forwarded, No) and isinstance(public, CannotTell) else forwarded

    def _leads_out(self, table: Table | Outside, subnet: Resource) -> Answer:
        if isinstance(table, Outside):
            return CannotTell(f"the route table of {subnet.label} {table.why}")
        routes = self._network.routes
        certain: Sequence[Route] = routes.routes_of(table)
        shared = tuple(routes.one_route_each(table))
        if any(map(_is_way_out, certain)) or any(all(map(_is_way_out, each)) for each in shared):
            return Yes((subnet.label, table.label))
        unread = routes.has_unread_blocks(table)
        if unread or any(True for _ in routes.possible_routes(table)):
            return CannotTell(f"not all routes of {table.label} are known")
        return No((subnet.label, table.label, "no way out of the VPC"))

    def may_do_with_endpoints(self, vpc: Resource, subnet: Resource) -> bool:
        """Whether interface endpoints of the VPC may stand in for a way out: containers need that
        of their images' registry, what else runs code may need any."""
        services = [
            each.text("serviceName")
            for each, is_certain in self._stack.naming(vpc, "vpcId", VPC_ENDPOINT)
            if is_certain and is_interface(Declared(each)) is not Truth.FALSE
        ]
        users = self._users.get(subnet.urn, ())
        if not any(user.kind.startswith(_CONTAINERS) for user in users):
            return bool(services)
        return any(not isinstance(said, Known) or _has_images(said.value) for said in services)

    def is_closed_on_purpose(self, vpc: Resource) -> bool:
        """Whether the VPC has endpoints and no internet gateway, as a network has that lets nothing
        in or out."""
        endpoints = self._stack.naming(vpc, "vpcId", VPC_ENDPOINT)
        gateway = self._network.has_internet_gateway(vpc)
        return isinstance(gateway, No) and any(is_certain for _, is_certain in endpoints)

    def has_traffic_between_regions(self, vpc: Resource) -> bool:
        """Whether the region of the VPC talks to another one; read once a region."""
        place = (vpc.stack, str(vpc.region))
        if place not in self._talks:
            self._talks[place] = self._has_traffic(vpc)
        return self._talks[place]

    def _has_traffic(self, vpc: Resource) -> bool:
        """Whether the program shows that the VPC talks to those of other regions: one of them has a
        link, or a security group or a route of one names the range of another."""
        others = [
            each
            for each in self._stack.of(VPC)
            if each.shares_region_with(vpc) is False and self._stack.are_of_one_system(vpc, each)
        ]
        if any(isinstance(self.has_link(each), Yes) for each in others):
            return True
        ranges = {
            place.urn: [each.network for each in vpc_ranges(self._stack, place).known]
            for place in (vpc, *others)
        }
        return any(
            named.subnet_of(network)
            for owner, named in self._ranges_named
            for place in (vpc, *others)
            if owner.shares_region_with(place) is False
            for network in ranges[place.urn]
        )

    @cached_property
    def _ranges_named(self) -> tuple[tuple[Resource, IPv4Network], ...]:
        """The ranges that security groups and their rules let in or out, with who says so."""
        found: list[tuple[Resource, IPv4Network]] = []
        for owner in self._stack.of(SECURITY_GROUP, *_GROUP_RULES):
            whole = {name: owner.tree(name) for name in _RANGES}
            for text in values.inside([whole], "ingress.cidrBlocks"):
                found += _range(owner, text)
            for text in values.inside([whole], "egress.cidrBlocks"):
                found += _range(owner, text)
            for name in ("cidrBlocks", "cidrIpv4"):
                for text in values.inside([whole], name):
                    found += _range(owner, text)
        return tuple(found)

    @cached_property
    def _links(self) -> ReferenceIndex[Resource]:
        stack = self._stack
        return ReferenceIndex(
            (stack.reference(link, name, VPC), link)
            for link in stack.of(PEERING, *_LINKS)
            for name in _vpc_properties(link)
        )

    def has_link(self, vpc: Resource) -> Answer:
        """Whether the VPC is tied to another network: a peering, a transit gateway, Cloud WAN, a
        VPN, or a route to one of those."""
        doubt: CannotTell | None = None
        for link, is_certain in self._links.of(vpc):
            if is_certain:
                return Yes((vpc.label, link.label))
            doubt = doubt or CannotTell(f"the VPC of {link.label} is not known")
        for route, certain in self._network.routes.routes_of_vpc(vpc):
            if any(is_set(route.target(name)) for name in _TO_NETWORKS):
                if certain:
                    return Yes((vpc.label, route.owner.label))
                doubt = doubt or CannotTell(f"the table of {route.owner.label} is not known")
        return doubt or No((vpc.label, "no peering, transit gateway, Cloud WAN or VPN"))


_TO_NETWORKS: Final = ("vpcPeeringConnectionId", "transitGatewayId", "coreNetworkArn")


_GROUP_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
_RANGES: Final = ("ingress", "egress", "cidrBlocks", "cidrIpv4")


def _range(owner: Resource, said: Tree) -> list[tuple[Resource, IPv4Network]]:
    network = ipv4_range(values.text(said))
    return [(owner, network.value)] if isinstance(network, Known) else []


def _vpc_properties(link: Resource) -> tuple[str, ...]:
    """Where the link names a VPC; Cloud WAN does by its ARN."""
    if link.kind == PEERING:
        return ("vpcId", "peerVpcId")
    return ("vpcArn",) if link.kind == CLOUD_WAN_ATTACHMENT else ("vpcId",)


def _is_way_out(route: Route) -> bool:
    if not route.is_wide:
        return False
    match route.gateway:
        case Target(gateway):
            return gateway.kind != INTERNET_GATEWAY
        case Outside(literal):
            return literal != "local"
    return any(is_set(route.target(name)) for name in _WAYS_OUT)


def _has_images(service: str) -> bool:
    """Whether images of ECR are pulled by it (Amazon ECR user guide, "Amazon ECR interface VPC
    endpoints"); a service of others may have them."""
    return service_in(service) in ("ecr.dkr", None)
