"""What a load balancer is and where it is.

Defaults: AWS, CreateLoadBalancer: scheme internet-facing, type application, addresses ipv4.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from ..answers import Answer, CannotTell, No, Yes
from ..arns import parse_arn
from ..references import ReferenceList
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Unknown, is_set
from ..vocabulary import EIP, SUBNET
from .routes import BOTH, Family

Balancer: TypeAlias = "Resource | str"
"""A load balancer of the stack, or the ARN of one outside of it."""

_IN_ARNS: Final = {"app": "application", "net": "network", "gwy": "gateway"}
"""The types as ARNs write them; a classic load balancer has its name in their place."""


def _type_in_arn(arn: str) -> str | None:
    """The type that the ARN of a load balancer says, `classic` for one that says none; None where
    it is not such an ARN."""
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "elasticloadbalancing":
        return None
    what, _, rest = parsed.resource.partition("/")
    if what != "loadbalancer":
        return None
    kind, _, name = rest.partition("/")
    return _IN_ARNS.get(kind, "classic") if name else "classic"


def called(balancer: Balancer | None) -> str:
    """How messages call it: of one outside the stack, its ARN says the type and the name. None is
    one of which no ARN is known."""
    if isinstance(balancer, Resource):
        return balancer.label
    parsed = parse_arn(balancer) if balancer else None
    if parsed is None:
        return "a load balancer outside this stack"
    return f"load balancer {parsed.resource.removeprefix('loadbalancer/')}"


def balancer_in(listener: str) -> str | None:
    """The ARN of the load balancer that the ARN of a listener says; None where it says none.
    "Resource types" in "Actions, resources, and condition keys for AWS Elastic Load Balancing V2"
    (Service Authorization Reference)."""
    head, said, rest = listener.partition(":listener/")
    parts = rest.split("/")
    if not said or len(parts) != 4 or parse_arn(listener) is None:
        return None
    return f"{head}:loadbalancer/{'/'.join(parts[:-1])}"


def is_application(balancer: Balancer) -> Answer:
    """Whether it is an Application Load Balancer."""
    return _is_of_type(balancer, "application")


def is_network(balancer: Balancer) -> Answer:
    """Whether it is a Network Load Balancer."""
    return _is_of_type(balancer, "network")


def is_gateway(balancer: Balancer) -> Answer:
    """Whether it is a Gateway Load Balancer."""
    return _is_of_type(balancer, "gateway")


def _is_of_type(balancer: Balancer, wanted: str) -> Answer:
    if isinstance(balancer, str):
        said = _type_in_arn(balancer)
        return CannotTell("its type is not known") if said is None else _yes_or_no(said == wanted)
    match balancer.text("loadBalancerType"):
        case Known(kind):
            return _yes_or_no(kind == wanted)
        case Absent():
            return _yes_or_no(wanted == "application")
        case Unknown(why):
            return CannotTell(f"its loadBalancerType is {why}")


def _yes_or_no(holds: bool) -> Answer:
    return Yes() if holds else No()


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


def addresses_of(stack: Stack, balancer: Resource) -> ReferenceList:
    """The Elastic IP addresses that it has in its subnets."""
    found = stack.references(balancer, "subnetMappings", EIP, inner="allocationId")
    return ReferenceList() if isinstance(found, Absent) else found
