"""The address ranges of a VPC.

AWS, "VPC CIDR blocks": a VPC has the range that it was made with, and those that were added later;
either may come from an IPAM pool, which chooses it during the deployment.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from ipaddress import IPv4Network

from .resource import Resource
from .stack import Outside, Stack, possible, target
from .values import Known, Reading, Unknown
from .vocabulary import VPC_CIDR

_IPV6 = ("amazonProvidedIpv6CidrBlock", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6Pool")


@dataclass(frozen=True, slots=True)
class Range:
    """An IPv4 range of a VPC. `owner` is the resource that states it: the VPC itself, or what adds
    a secondary range to it."""

    network: IPv4Network
    owner: Resource


@dataclass(frozen=True, slots=True)
class Ranges:
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


def vpc_ranges(stack: Stack, vpc: Resource) -> Ranges:
    """Every IPv4 range of the VPC, secondary ones included, as far as the stack shows them."""
    known: list[Range] = []
    doubts: list[str] = []
    for owner in (vpc, *stack.of(VPC_CIDR)):
        if owner is not vpc:
            home = stack.reference(owner, "vpcId")
            if target(home) is not vpc:
                if vpc in possible(home) or home == Outside():
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
