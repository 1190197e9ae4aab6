"""Rules of security groups that EC2 takes: each permission once, and groups of one network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Block
from ..model.network.addresses import normalised
from ..model.network.permissions import named_groups
from ..model.network.vpc_membership import named as name_of
from ..model.network.vpc_membership import vpc_of
from ..model.references import Outside, Reference, Target, possible, same
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth, some
from ..model.values import Absent, Known, items, known_or_none, text
from ..model.vocabulary import (
    EGRESS_RULE,
    INGRESS_RULE,
    PEERING,
    SECURITY_GROUP,
    SECURITY_GROUP_ASSOCIATION,
    SECURITY_GROUP_RULE,
    TRANSIT_GATEWAY_ATTACHMENT,
)
from ..refusal import Refusal
from ..rule import Evidence, Outcome, Violation

_RANGES: Final = Evidence(
    "AuthorizeSecurityGroupIngress (or Egress) answers: TCP/UDP (from) port (...) out of range, "
    "or Invalid TCP/UDP port range(...:...)",
    "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-sg-port-range)",
    "2026-09-13",
)
_LAST_PORT: Final = 65535
_PORTS: Final = "Set fromPort and toPort to at most 65535, and fromPort to at most toPort."
_HTTP: Final = {"fromPort": 80, "toPort": 80}


def _has_impossible_ports(rule: Block, protocol: str) -> Truth:
    """Whether the ports of a rule for TCP or UDP are none: those of other protocols mean other
    things."""
    first, last = rule.number("fromPort"), rule.number("toPort")
    return rule.says(protocol, "tcp", "udp", "6", "17") & (
        (first > last) | (first > _LAST_PORT) | (last > _LAST_PORT)
    )


def _lists_one_twice(rule: Block) -> Truth:
    """Whether a range is in the list twice. The provider takes the blocks inside a group apart and
    drops what is equal; a rule of its own it sends as it is."""
    return some(_is_repeated(rule, name) for name in ("cidrBlocks", "ipv6CidrBlocks"))


def _is_repeated(rule: Block, name: str) -> Truth:
    listed = known_or_none(items(rule.at(name))) or ()
    ranges = [normalised(each.value) for each in map(text, listed) if isinstance(each, Known)]
    return Truth.of(len(set(ranges)) < len(ranges))


REFUSED: Final = (
    Refusal(
        id="range-twice",
        kinds=(SECURITY_GROUP_RULE,),
        says="lists one range twice in cidrBlocks or ipv6CidrBlocks",
        when=_lists_one_twice,
        evidence=Evidence(
            "AuthorizeSecurityGroupIngress (or Egress) answers InvalidParameterValue: The same "
            "permission must not appear multiple times",
            "https://github.com/hashicorp/terraform-provider-aws/issues/29492; "
            "https://github.com/input-output-hk/bitte/pull/24",
            "2024-06-19",
        ),
        fix="List each range once.",
        refused={"cidrBlocks": ["10.0.0.0/16", "10.0.0.0/16"]},
        accepted=({"cidrBlocks": ["10.0.0.0/16", "10.1.0.0/16"]},),
    ),
    Refusal(
        id="ports-of-group",
        kinds=(SECURITY_GROUP,),
        says="has a rule with a port above 65535, or with a fromPort above its toPort",
        when=lambda group: (
            group.some("ingress", lambda rule: _has_impossible_ports(rule, "protocol"))
            | group.some("egress", lambda rule: _has_impossible_ports(rule, "protocol"))
        ),
        evidence=_RANGES,
        fix=_PORTS,
        refused={"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 80}]},
        accepted=(
            {"ingress": [{"protocol": "tcp", **_HTTP}]},
            {"ingress": [{"protocol": "icmp", "fromPort": 8, "toPort": 0}]},
            {"egress": [{"protocol": "tcp", "fromPort": 0, "toPort": 65535}]},
        ),
    ),
    Refusal(
        id="ports-of-security-group-rule",
        kinds=(SECURITY_GROUP_RULE,),
        says="has a port above 65535, or a fromPort above its toPort",
        when=lambda rule: _has_impossible_ports(rule, "protocol"),
        evidence=_RANGES,
        fix=_PORTS,
        refused={"protocol": "udp", "fromPort": 443, "toPort": 80},
        accepted=(
            {"protocol": "udp", **_HTTP},
            {"protocol": "-1", "fromPort": 443, "toPort": 80},
        ),
    ),
    Refusal(
        id="ports-of-rule",
        kinds=(INGRESS_RULE, EGRESS_RULE),
        says="has a port above 65535, or a fromPort above its toPort",
        when=lambda rule: _has_impossible_ports(rule, "ipProtocol"),
        evidence=_RANGES,
        fix=_PORTS,
        refused={"ipProtocol": "TCP", "fromPort": 443, "toPort": 80},
        accepted=(
            {"ipProtocol": "tcp", **_HTTP},
            {"ipProtocol": "icmp", "fromPort": 8, "toPort": 0},
        ),
    ),
)


def permits_once(rule: Resource, model: Model) -> Iterator[Outcome]:
    """A group has each permission once, whatever the descriptions say."""
    for other in model.wiring.permissions.before(rule):
        yield Violation(
            rule,
            f"{rule.label} repeats {other.label} of the same security group: direction, "
            "protocol, ports and peer are the same.",
            effect="AuthorizeSecurityGroupIngress (or Egress) answers "
            'InvalidPermission.Duplicate: the specified rule "peer: ..." already exists',
            fix="Keep one of the two rules.",
            parties=(other,),
        )
        return


def names_groups_of_its_network(rule: Resource, model: Model) -> Iterator[Outcome]:
    """A rule names groups of its own group's VPC, or of one that is joined to it. Two VPCs that
    exist may have been joined by others."""
    stack = model.stack
    for own, named in named_groups(stack, rule):
        here, there = vpc_of(stack, own), vpc_of(stack, named)
        if not _are_apart(here, there, stack) or _may_be_lent(stack, own, named):
            continue
        if own.shares_region_with(named) is not True:
            continue
        vpcs = (*possible(here), *possible(there))
        yield Violation(
            rule,
            f"{rule.label} refers to a security group in another VPC:",
            chains=(
                (rule.label, own.label, name_of(here)),
                (rule.label, named.label, name_of(there)),
            ),
            effect="AuthorizeSecurityGroupIngress (or Egress) answers InvalidGroup.NotFound: You "
            "have specified two resources that belong to different networks.",
            fix="Refer to a security group in the same VPC, or to the IP ranges of the other one.",
            parties=(own, named, *vpcs),
        )
        return


def _are_apart(here: Reference, there: Reference, stack: Stack) -> bool:
    """Whether the groups are certainly in two VPCs of which at least one is new, and that nothing
    in the stack joins. A group without a VPC is in the default one, which no new VPC is, nor is one
    that was looked up."""
    match here, there:
        case Target(one), Target(other):
            is_new = one.is_new or other.is_new
            in_one_region = one.shares_region_with(other) is True
            apart = same(here, there) is False and in_one_region and is_new
            return apart and not _may_be_joined(stack, one, other)
        case (Target(vpc), Absent() | Outside(str())) | (Absent() | Outside(str()), Target(vpc)):
            return vpc.is_new and not vpc.is_default and not _may_join_others(stack, vpc)
    return False


def _may_join_others(stack: Stack, vpc: Resource) -> bool:
    """Whether a peering or a transit gateway may lead from the VPC to one outside the stack."""
    return any(
        _may_name(stack, link, name, vpc)
        for link in stack.of(PEERING, TRANSIT_GATEWAY_ATTACHMENT)
        for name in (("vpcId", "peerVpcId") if link.kind == PEERING else ("vpcId",))
    )


def _may_be_joined(stack: Stack, one: Resource, other: Resource) -> bool:
    """Whether a peering or a transit gateway may lead from one VPC to the other."""
    attached = {
        vpc.urn
        for attachment in stack.of(TRANSIT_GATEWAY_ATTACHMENT)
        for vpc in possible(stack.reference(attachment, "vpcId"))
    }
    if {one.urn, other.urn} <= attached:
        return True
    return any(
        _may_name(stack, peering, "vpcId", vpc) and _may_name(stack, peering, "peerVpcId", far)
        for peering in stack.of(PEERING)
        for vpc, far in ((one, other), (other, one))
    )


def _may_name(stack: Stack, resource: Resource, name: str, vpc: Resource) -> bool:
    return same(stack.reference(resource, name), Target(vpc)) is not False


def _may_be_lent(stack: Stack, *groups: Resource) -> bool:
    """Whether one of the groups may be associated with another VPC."""
    return any(
        True
        for group in groups
        for _ in stack.naming(group, "securityGroupId", SECURITY_GROUP_ASSOCIATION)
    )
