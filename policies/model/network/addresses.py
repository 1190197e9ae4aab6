"""The address ranges of VPCs and their subnets.

AWS, "VPC CIDR blocks": a VPC has the range that it was made with, and those that were added later;
either may come from an IPAM pool, which chooses it during the deployment.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from ipaddress import IPv4Network

from ..answers import Answer, CannotTell, No, Yes
from ..plain import NamedTuple
from ..references import Outside, Reference, Target, same
from ..resource import Resource
from ..stack import Stack
from ..values import Known, Reading, Unknown
from ..vocabulary import SUBNET, VPC_CIDR

_IPV6 = ("amazonProvidedIpv6CidrBlock", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6Pool")


class Range(NamedTuple):
    """An IPv4 range of a VPC. `owner` is the resource that states it: the VPC itself, or what adds
    a secondary range to it."""

    network: IPv4Network
    owner: Resource


class Ranges(NamedTuple):
    """The IPv4 ranges of a VPC. Those in `known` are certain; `doubt` says, as a clause, why there
    may be others, and is None where these are all."""

    known: tuple[Range, ...] = ()
    doubt: str | None = None


def ipv4_range(said: Reading[str]) -> Reading[IPv4Network]:
    """The range that a property says. AWS drops the bits after the prefix, so they do not count."""
    if not isinstance(said, Known):
        return said
    try:
        return Known(ipaddress.IPv4Network(said.value, strict=False))
    except ValueError:
        return Unknown("not an IPv4 range")


def normalised(network: str) -> str:
    """A range of IPv4 or IPv6 as AWS writes it; text that is none as it stands."""
    try:
        return str(ipaddress.ip_network(network, strict=False))
    except ValueError:
        return network


def is_private(network: IPv4Network) -> bool:
    """Whether a range is one of those for networks of one's own (RFC 1918, RFC 6598)."""
    return any(network.subnet_of(each) for each in _private_ranges())


@cache
def _private_ranges() -> Sequence[IPv4Network]:
    return [
        ipaddress.IPv4Network(each)
        for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    ]


def vpc_ranges(stack: Stack, vpc: Resource) -> Ranges:
    """Every IPv4 range of the VPC, secondary ones included, as far as the stack shows them."""
    known: list[Range] = []
    doubts: list[str] = []
    for owner, is_certain in ((vpc, True), *stack.naming(vpc, "vpcId", VPC_CIDR)):
        if not is_certain:
            doubts.append(f"the VPC of {owner.label} is not known")
            continue
        match ipv4_range(owner.text("cidrBlock")):
            case Known(network):
                known.append(Range(network, owner))
            case Unknown(why):
                doubts.append(f"the range of {owner.label} is {why}")
            case _ if owner is vpc or not any(map(owner.sets, _IPV6)):
                doubts.append(f"the range of {owner.label} is chosen by AWS")
    return Ranges(tuple(known), doubts[0] if doubts else None)


def has_room_for(stack: Stack, vpc: Resource, network: IPv4Network) -> Answer:
    """Whether a range lies in one of those of the VPC."""
    ranges = vpc_ranges(stack, vpc)
    if any(network.subnet_of(each.network) for each in ranges.known):
        return Yes()
    if ranges.doubt:
        return CannotTell(ranges.doubt)
    return No((vpc.label, ", ".join(str(each.network) for each in ranges.known)))


class Neighbour(NamedTuple):
    """A subnet with the range that it states and the VPC that it is in."""

    subnet: Resource
    network: IPv4Network
    vpc: Reference


class Neighbours:
    """The subnets of a stack that state their ranges: those that exist before the new ones, and in
    the order of their names."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def _all(self) -> Sequence[Neighbour]:
        return [
            Neighbour(subnet, network.value, self._stack.reference(subnet, "vpcId"))
            for subnet in sorted(self._stack.of(SUBNET), key=lambda each: each.precedence)
            if isinstance(network := ipv4_range(subnet.text("cidrBlock")), Known)
        ]

    @cached_property
    def _by_subnet(self) -> Mapping[str, Neighbour]:
        return {each.subnet.urn: each for each in self._all}

    @cached_property
    def _by_vpc(self) -> Mapping[Reference, Sequence[Neighbour]]:
        """Those that are certainly in one VPC; the rest under `Outside()`."""
        index: dict[Reference, list[Neighbour]] = {}
        for each in self._all:
            is_certain = isinstance(each.vpc, (Target, Outside))
            index.setdefault(each.vpc if is_certain else Outside(), []).append(each)
        return index

    def earlier_overlaps(self, subnet: Resource) -> Iterator[tuple[Neighbour, bool]]:
        """The subnets before this one whose ranges overlap with its own in the same VPC;
        with False where whether the VPC is the same cannot be told."""
        own = self._by_subnet.get(subnet.urn)
        if own is None:
            return
        unclear = self._by_vpc.get(Outside(), ())
        in_doubt = own in unclear
        for other in self._all if in_doubt else (*self._by_vpc[own.vpc], *unclear):
            if other.subnet.precedence >= subnet.precedence:
                continue
            if not own.network.overlaps(other.network):
                continue
            is_same = same(own.vpc, other.vpc)
            if is_same is None and subnet.shares_region_with(other.subnet) is False:
                continue
            if is_same is not False:
                yield other, bool(is_same)
