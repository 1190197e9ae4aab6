"""Ranges and addresses that do not belong where the program puts them.

EC2 refuses a private address outside its subnet (`Address does not fall within the subnet's address
range`), and a range beside which a VPC's first one does not allow (`The CIDR '…' is restricted`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from ..model import Model, values
from ..model.network.addresses import Range, ipv4_range, vpc_ranges
from ..model.plain import NamedTuple
from ..model.references import Reference, possible, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import UNKNOWN, Known, Tree
from ..model.vocabulary import (
    INSTANCE,
    LOAD_BALANCER,
    MOUNT_TARGET,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    SUBNET,
)
from ..rule import Violation

# --- addresses ------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """An address that the program asks for, and the subnet that must have it."""

    address: IPv4Address
    subnet: Reference


RESOLVER_ENDPOINT: Final = "aws:route53/resolverEndpoint:ResolverEndpoint"
_REFUSED: Final = "InvalidParameterValue: Address does not fall within the subnet's address range"
_ANSWERS: Final[Mapping[str, str]] = {
    INSTANCE: _REFUSED,
    NETWORK_INTERFACE: _REFUSED,
    LOAD_BALANCER: "CreateLoadBalancer accepts only an address of the subnet.",
    MOUNT_TARGET: "CreateMountTarget accepts only an address of the subnet.",
    NAT_GATEWAY: "CreateNatGateway accepts only an address of the subnet.",
    RESOLVER_ENDPOINT: "CreateResolverEndpoint accepts only an address of the subnet.",
}
_IN_BLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    LOAD_BALANCER: ("subnetMappings", "privateIpv4Address"),
    RESOLVER_ENDPOINT: ("ipAddresses", "ip"),
}
"""Blocks that name a subnet each, and their property for an address in it."""
_ALONE: Final = ("privateIp", "ipAddress")
_IN_LISTS: Final = (
    *("privateIps", "privateIpLists", "secondaryPrivateIps", "secondaryPrivateIpAddresses"),
)


def has_addresses_of_its_subnet(part: Resource, model: Model) -> Iterator[Violation]:
    """A private address that is asked for must be one of the subnet; where one of several subnets
    is meant, of one of them."""
    outside = [
        (asked, ranges)
        for asked in _asked_for(part, model.stack)
        if (ranges := _ranges(asked.subnet))
        and not any(asked.address in each.network for each in ranges)
    ]
    if outside:
        yield Violation(
            part,
            f"{part.label} asks for an address outside its subnet:",
            chains=tuple(
                (part.label, str(asked.address), f"{each.owner.label} has {each.network}")
                for asked, ranges in outside
                for each in ranges
            ),
            parties=tuple({each.owner: None for _, ranges in outside for each in ranges}),
            effect=_ANSWERS[part.kind],
            fix="Ask for an address in the range of the subnet, or leave the choice to AWS.",
        )


def _ranges(subnet: Reference) -> Sequence[Range]:
    """The ranges of the subnets that may be meant, if all are known."""
    subnets = possible(subnet)
    said = [ipv4_range(each.text("cidrBlock")) for each in subnets]
    known = [each.value for each in said if isinstance(each, Known)]
    whole = len(known) == len(subnets)
    return list(map(Range, known, subnets)) if whole else ()


def _asked_for(part: Resource, stack: Stack) -> Iterator[_Asked]:
    """The addresses that the program asks for, as far as they are known."""
    for said, subnet in _said(part, stack):
        match values.text(said):
            case Known(text):
                try:
                    yield _Asked(IPv4Address(text), subnet)
                except ValueError:
                    continue


def _said(part: Resource, stack: Stack) -> Iterator[tuple[Tree, Reference]]:
    if part.kind in _IN_BLOCKS:
        name, address = _IN_BLOCKS[part.kind]
        for block in _listed(part, name):
            subnet = values.text(values.field(block, "subnetId"))
            yield values.field(block, address), stack.resolve(part, name, subnet, SUBNET)
        return
    own = stack.reference(part, "subnetId")
    for name in _ALONE:
        yield part.declared_tree(name), own
    for name in _IN_LISTS:
        for each in _listed(part, name):
            yield each, own


def _listed(part: Resource, name: str) -> Sequence[Tree]:
    match values.items(part.declared_tree(name)):
        case Known(listed):
            return [each for each in listed if each is not UNKNOWN]
    return ()


# --- ranges ---------------------------------------------------------------------------------------

_OF_ONES_OWN: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_BY_FIRST: Final[Mapping[str, Sequence[str]]] = {
    "10.0.0.0/15": ("10.0.0.0/16",),
    "172.16.0.0/12": ("172.31.0.0/16",),
}
_NEVER_ADDED: Final = "198.19.0.0/16"
RESTRICTED: Final = (
    "InvalidVpc.Range: The CIDR '...' is restricted. Use a CIDR from the same private address "
    "range as the current VPC CIDR, or use a publicly-routable CIDR."
)


def is_of_the_family(added: Resource, model: Model) -> Iterator[Violation]:
    """Which ranges a VPC may have besides depends on its first one."""
    vpc = target(model.stack.reference(added, "vpcId"))
    known = vpc_ranges(model.stack, vpc).known if vpc else ()
    mine = next((each for each in known if each.owner is added), None)
    first = next((each for each in known if each.owner is vpc), None)
    if mine is None or first is None or _overlaps_another(mine, known):
        return
    restricted = _restricted_in(mine.network, first.network)
    if restricted:
        yield Violation(
            added,
            f"{added.label} adds a range that AWS does not allow beside the VPC's own:",
            chains=(
                (
                    added.label,
                    str(mine.network),
                    f"in {restricted}",
                    f"{first.owner.label} has {first.network}",
                ),
            ),
            parties=(first.owner,),
            effect=f"AssociateVpcCidrBlock answers {RESTRICTED}",
            fix="Add a range of 100.64.0.0/10, or one that AWS allows beside the VPC's own "
            '("VPC CIDR blocks" in the VPC user guide).',
        )


def _overlaps_another(mine: Range, known: Sequence[Range]) -> bool:
    """That is what is wrong with it, and told by subnet-cidr."""
    return any(each is not mine and each.network.overlaps(mine.network) for each in known)


def _restricted_in(added: IPv4Network, first: IPv4Network) -> IPv4Network | None:
    """The range that an added one may not be of. AWS, "IPv4 CIDR block association restrictions":
    private ranges are not mixed, nor are they added to public ones."""
    own = [each for each in _networks(_OF_ONES_OWN) if not first.subnet_of(each)]
    besides = [
        each
        for where, restricted in _BY_FIRST.items()
        if first.subnet_of(IPv4Network(where))
        for each in _networks(restricted)
    ]
    never = [each for each in _networks((_NEVER_ADDED,)) if not first.subnet_of(each)]
    return next((each for each in (*own, *besides, *never) if added.subnet_of(each)), None)


@cache
def _networks(said: Sequence[str]) -> Sequence[IPv4Network]:
    return tuple(map(IPv4Network, said))
