"""What needs its VPC's internet gateway: internet-facing load balancers, public NAT gateways."""

from __future__ import annotations

from collections.abc import Iterator

from ..answers import Yes
from ..plain import NamedTuple
from ..references import Reference, ReferenceList, as_list, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known
from ..vocabulary import LOAD_BALANCER, NAT_GATEWAY
from .load_balancers import is_application, is_internet_facing, is_network, subnets


class GatewayUser(NamedTuple):
    """A resource that certainly needs an internet gateway, and the subnets that it is in; a
    regional NAT gateway names its VPC instead."""

    resource: Resource
    where: ReferenceList
    vpc: Reference

    @property
    def comes_late(self) -> bool:
        """Whether it is made so late that its gateway is attached: the provider waits ten seconds
        after it has set mapPublicIpOnLaunch of a subnet (terraform-provider-aws,
        waitSubnetMapPublicIPOnLaunchUpdated), and a load balancer waits for all its subnets."""
        return (
            self.resource.kind == LOAD_BALANCER
            and bool(self.where.certain or self.where.pool)
            and all(each.flag("mapPublicIpOnLaunch") == Known(True) for each in self.where.possible)
        )

    def vpcs(self, stack: Stack) -> tuple[Resource, ...]:
        """The VPCs that it may be in, where every one of them is known; one in all but broken
        stacks."""
        own = target(self.vpc)
        if own is not None:
            return (own,)
        if self.where.outside or self.where.strangers:
            return ()
        homes = [target(stack.reference(each, "vpcId")) for each in self.where.possible]
        known = {home.urn: home for home in homes if home is not None}
        return tuple(known[urn] for urn in sorted(known)) if all(homes) else ()


def gateway_users(stack: Stack) -> Iterator[GatewayUser]:
    """Every resource of the stack that needs an internet gateway."""
    for balancer in stack.of(LOAD_BALANCER):
        if _is_public(balancer):
            where = subnets(stack, balancer)
            listed = ReferenceList() if isinstance(where, Absent) else where
            yield GatewayUser(balancer, listed, Absent())
    for nat in stack.of(NAT_GATEWAY):
        if nat.text("connectivityType") in (Known("public"), Absent()):
            where = as_list(stack.reference(nat, "subnetId"))
            yield GatewayUser(nat, where, stack.reference(nat, "vpcId"))


def _is_public(balancer: Resource) -> bool:
    kind = (is_application(balancer), is_network(balancer))
    return isinstance(is_internet_facing(balancer), Yes) and any(
        isinstance(answer, Yes) for answer in kind
    )
