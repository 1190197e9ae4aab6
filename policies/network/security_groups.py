"""Rules of security groups that EC2 takes: each permission once, and groups of one network."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.network.permissions import named_groups
from ..model.network.vpc_membership import vpc_of
from ..model.references import Target, possible, same
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.vocabulary import (
    PEERING,
    SECURITY_GROUP_ASSOCIATION,
    TRANSIT_GATEWAY_ATTACHMENT,
)
from ..rule import Outcome, Violation


def permits_once(rule: Resource, model: Model) -> Iterator[Outcome]:
    """A group has each permission once, whatever the descriptions say."""
    for other in model.wiring.permissions.before(rule):
        yield Violation(
            rule,
            f"{rule.label} permits what {other.label} permits in one security group: the same "
            "direction, protocol, ports and peer.",
            effect="AuthorizeSecurityGroupIngress (or Egress) answers "
            "InvalidPermission.Duplicate: the specified rule ... already exists.",
            fix="Keep one of the two rules.",
            parties=(other,),
        )
        return


def names_groups_of_its_network(rule: Resource, model: Model) -> Iterator[Outcome]:
    """A rule names groups of its own group's VPC, or of one that is joined to it."""
    stack = model.stack
    for own, named in named_groups(stack, rule):
        here, there = vpc_of(stack, own), vpc_of(stack, named)
        if not isinstance(here, Target) or not isinstance(there, Target):
            continue
        vpcs = here.resource, there.resource
        if (
            same(here, there) is not False
            or vpcs[0].shares_region_with(vpcs[1]) is not True
            or _may_be_joined(stack, *vpcs)
            or _may_be_lent(stack, own, named)
        ):
            continue
        yield Violation(
            rule,
            f"{rule.label} names a security group of another VPC:",
            chains=(
                (rule.label, own.label, vpcs[0].label),
                (rule.label, named.label, vpcs[1].label),
            ),
            effect="the request is answered InvalidGroup.NotFound: You have specified two "
            "resources that belong to different networks.",
            fix="Name a group of the same VPC, or the addresses of the other one.",
            parties=(own, named, *vpcs),
        )
        return


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
