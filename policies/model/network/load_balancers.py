"""What a load balancer is and where it is.

Defaults: AWS, CreateLoadBalancer: scheme internet-facing, type application, addresses ipv4.
"""

from __future__ import annotations

from ..answers import Answer, CannotTell, No, Yes
from ..references import ReferenceList
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Unknown, is_set
from ..vocabulary import SUBNET
from .routes import BOTH, Family


def is_application(balancer: Resource) -> Answer:
    """Whether it is an Application Load Balancer."""
    return _is_of_type(balancer, "application")


def is_network(balancer: Resource) -> Answer:
    """Whether it is a Network Load Balancer."""
    return _is_of_type(balancer, "network")


def is_gateway(balancer: Resource) -> Answer:
    """Whether it is a Gateway Load Balancer."""
    return _is_of_type(balancer, "gateway")


def _is_of_type(balancer: Resource, wanted: str) -> Answer:
    match balancer.text("loadBalancerType"):
        case Known(kind):
            return Yes() if kind == wanted else No()
        case Absent():
            return Yes() if wanted == "application" else No()
        case Unknown(why):
            return CannotTell(f"its loadBalancerType is {why}")


def is_internet_facing(balancer: Resource) -> Answer:
    """Whether it is reached from outside its VPC."""
    match balancer.flag("internal"):
        case Known(internal):
            return No() if internal else Yes()
        case Absent():
            return Yes()
        case Unknown(why):
            return CannotTell(f"whether it is internal is {why}")


def is_on_outpost(balancer: Resource) -> bool:
    """Whether it takes its addresses from an Outpost's pool."""
    return is_set(balancer.text("customerOwnedIpv4Pool"))


def families(balancer: Resource) -> frozenset[Family]:
    """The address families of which one must lead to an internet gateway. A dual-stack one has
    IPv4 clients, whatever those of IPv6 reach."""
    match balancer.text("ipAddressType"):
        case Known("dualstack-without-public-ipv4"):
            return frozenset({Family.IPV6})
        case Known("ipv4" | "dualstack") | Absent():
            return frozenset({Family.IPV4})
        case _:
            return BOTH


def subnets(stack: Stack, balancer: Resource) -> ReferenceList | Absent:
    """The subnets that it is in, however they are written."""
    plain = stack.references(balancer, "subnets")
    if not isinstance(plain, Absent) and plain != ReferenceList():
        return plain
    return stack.references(balancer, "subnetMappings", SUBNET, inner="subnetId")
