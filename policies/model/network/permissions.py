"""What the rules of security groups permit, and which groups they name.

EC2 takes a permission of a group once: direction, protocol, ports and one peer; the description is
no part of it. One SecurityGroupRule may hold several (`cidrBlocks`), the rules of `aws:vpc` and of
`aws-native` one each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .. import values
from ..plain import NamedTuple
from ..references import identity, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Unknown, known_or_none
from ..vocabulary import (
    EGRESS_RULE,
    INGRESS_RULE,
    NETWORK_ACL_RULE,
    PREFIX_LIST,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    VPC,
)
from .addresses import normalised

RULES: Final = (SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE)
_PROTOCOLS: Final = {"all": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
_ALL: Final = "-1"
_GROUP_OF_PEERS: Final = {
    SECURITY_GROUP_RULE: "sourceSecurityGroupId",
    INGRESS_RULE: "referencedSecurityGroupId",
    EGRESS_RULE: "referencedSecurityGroupId",
}


class Permission(NamedTuple):
    """One permission of a security group. Groups and lists are told apart by `identity`."""

    group: str
    direction: str
    protocol: str
    ports: tuple[float | None, float | None]
    peer: str


def permissions(stack: Stack, rule: Resource) -> Iterator[Permission]:
    """What a rule permits, as far as that is certain."""
    group = identity(stack.reference(rule, "securityGroupId"))
    direction, protocol, ports = direction_of(rule), protocol_of(rule), _ports(rule)
    if group is None or direction is None or protocol is None:
        return
    if protocol == _ALL:
        ports = (None, None)
    if ports is None:
        return
    for peer in _peers(stack, rule, group):
        yield Permission(group, direction, protocol, ports, peer)


def direction_of(rule: Resource) -> str | None:
    """`ingress` or `egress`, of a rule of a security group or of a network ACL; None where it is
    not known."""
    if rule.kind == NETWORK_ACL_RULE:
        egress = rule.flag("egress")
        is_known = not isinstance(egress, Unknown)
        return ("egress" if egress == Known(True) else "ingress") if is_known else None
    said = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}.get(rule.kind)
    return said or known_or_none(rule.text("type"))


def protocol_of(rule: Resource) -> str | None:
    """The protocol's number; None where it is not known."""
    said = known_or_none(
        rule.text("protocol" if rule.kind == SECURITY_GROUP_RULE else "ipProtocol")
    )
    return None if said is None else number_of(said)


def number_of(protocol: str) -> str:
    """A protocol by its number, as the provider sends it; it takes names in any case."""
    return _PROTOCOLS.get(protocol.lower(), protocol)


def _ports(rule: Resource) -> tuple[float | None, float | None] | None:
    said = rule.number("fromPort"), rule.number("toPort")
    if any(isinstance(each, Unknown) for each in said):
        return None
    return known_or_none(said[0]), known_or_none(said[1])


def _peers(stack: Stack, rule: Resource, group: str) -> Iterator[str]:
    """The peers that a rule certainly names."""
    if rule.flag("self") == Known(True):
        yield group
    named = identity(stack.reference(rule, _GROUP_OF_PEERS[rule.kind]))
    if named is not None:
        yield named
    for name in ("cidrIpv4", "cidrIpv6"):
        match rule.text(name):
            case Known(network):
                yield normalised(network)
    for name in ("cidrBlocks", "ipv6CidrBlocks"):
        match rule.items(name):
            case Known(networks):
                for each in map(values.text, networks):
                    if isinstance(each, Known):
                        yield normalised(each.value)
    prefix_list = identity(stack.reference(rule, "prefixListId", PREFIX_LIST))
    if prefix_list is not None:
        yield prefix_list
    listed = stack.references(rule, "prefixListIds", PREFIX_LIST)
    if not isinstance(listed, Absent):
        yield from (each.urn for each in listed.certain)
        yield from (each.literal for each in listed.outside if each.literal is not None)


def named_groups(stack: Stack, rule: Resource) -> Iterator[tuple[Resource, Resource]]:
    """The group that a rule belongs to, with each group that it certainly names as its peer; the
    blocks of a security group are rules of its own. A VPC stands for its default group."""
    if rule.kind == SECURITY_GROUP:
        for direction in ("ingress", "egress"):
            listed = stack.references(rule, direction, SECURITY_GROUP, VPC, inner="securityGroups")
            if not isinstance(listed, Absent):
                yield from ((rule, each) for each in listed.certain)
        return
    own = target(stack.reference(rule, "securityGroupId"))
    peer = target(stack.reference(rule, _GROUP_OF_PEERS[rule.kind]))
    if own is not None and peer is not None:
        yield own, peer
