"""References that AWS follows within one VPC.

A load balancer, its target groups and its security groups share a VPC, and so do a cluster's
subnets and security groups (`Security group 'sg-...' does not belong to VPC 'vpc-...'`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.network.load_balancers import subnets
from ..model.network.vpc_membership import (
    DEFAULT_VPC,
    Apart,
    apart_from,
    its_own_and_lent,
    named,
    scattered,
    target_groups,
    vpc_of,
    vpcs_of,
)
from ..model.references import Outside, Reference, ReferenceList, possible, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import Absent
from ..model.vocabulary import CLUSTER, DB_SUBNET_GROUP, LISTENER, LISTENER_RULE, LOAD_BALANCER
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Unverified, Violation

_TAGS = ("aws", "disaster-recovery")
_GROUP_ELSEWHERE = (
    "CreateLoadBalancer answers InvalidConfigurationRequest: Security group 'sg-...' does not "
    "belong to VPC 'vpc-...'."
)
_SUBNETS_ELSEWHERE = "CreateLoadBalancer takes subnets of one VPC only."
_TARGETS_ELSEWHERE = (
    "the listener is refused with InvalidConfigurationRequest: Target group '...' is in a "
    "different VPC than load balancer '...'."
)
_DATABASE_ELSEWHERE = "RDS answers: The DB instance and EC2 security group are in different VPCs."
_DATABASE_SUBNETS = (
    "CreateDBSubnetGroup answers InvalidSubnet: the subnets are not all in a common VPC."
)


def within_one_vpc(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The parts of a load balancer, a listener or a cluster must share a VPC."""
    yield from _CHECKS[resource.kind](resource, model.stack)


def _balancer(balancer: Resource, stack: Stack) -> Iterator[Outcome]:
    where = _listed(subnets(stack, balancer))
    groups = _listed(stack.references(balancer, "securityGroups"))
    others = scattered(stack, where)
    strangers = apart_from(stack, groups, vpcs_of(stack, where), its_own_and_lent)
    yield from _judge(
        stack,
        balancer,
        max(others, strangers, key=lambda found: (bool(found.resources), bool(found.doubt))),
        problem=f"{balancer.name} has subnets and security groups in several VPCs:",
        rest=[(subnet.label, named(vpc_of(stack, subnet))) for subnet in where.possible[:1]],
        effect=_SUBNETS_ELSEWHERE if others.resources else _GROUP_ELSEWHERE,
    )


def _listener(listener: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _forwarder(listener, stack, stack.reference(listener, "loadBalancerArn"))


def _listener_rule(rule: Resource, stack: Stack) -> Iterator[Outcome]:
    listener = target(stack.reference(rule, "listenerArn"))
    if listener is not None:
        yield from _forwarder(rule, stack, stack.reference(listener, "loadBalancerArn"))


def _forwarder(forwarder: Resource, stack: Stack, balancer: Reference) -> Iterator[Outcome]:
    actions = "defaultActions" if forwarder.kind == LISTENER else "actions"
    where = [_listed(subnets(stack, each)) for each in possible(balancer)]
    vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)]
    yield from _judge(
        stack,
        forwarder,
        apart_from(stack, target_groups(stack, forwarder, actions), vpcs or [Outside()]),
        problem=f"{forwarder.name} forwards to a target group outside its load balancer's VPC:",
        rest=[(each.label, named(vpcs[0])) for each in possible(balancer)[:1] if vpcs],
        effect=_TARGETS_ELSEWHERE,
    )


def _cluster(cluster: Resource, stack: Stack) -> Iterator[Outcome]:
    group = stack.reference(cluster, "dbSubnetGroupName")
    if isinstance(group, Absent):
        vpcs, rest = [DEFAULT_VPC], "no DB subnet group"
    else:
        where = [_listed(stack.references(each, "subnetIds")) for each in possible(group)]
        vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)] or [Outside()]
        rest = ", ".join(each.label for each in possible(group))
    yield from _judge(
        stack,
        cluster,
        apart_from(stack, _listed(stack.references(cluster, "vpcSecurityGroupIds")), vpcs),
        problem=f"{cluster.name} has subnets and security groups in different VPCs:",
        rest=[(rest, named(vpcs[0]))],
        effect=_DATABASE_ELSEWHERE,
    )


def _subnet_group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    where = _listed(stack.references(group, "subnetIds"))
    yield from _judge(
        stack,
        group,
        scattered(stack, where),
        problem=f"{group.name} has subnets in several VPCs:",
        rest=[(subnet.label, named(vpc_of(stack, subnet))) for subnet in where.possible[:1]],
        effect=_DATABASE_SUBNETS,
    )


def _judge(
    stack: Stack,
    subject: Resource,
    found: Apart,
    *,
    problem: str,
    rest: Iterable[tuple[str, ...]],
    effect: str,
) -> Iterator[Outcome]:
    """The outcome, with a chain for the rest and one for each part that is apart from it."""
    if found.resources:
        apart = [(part.label, named(vpc_of(stack, part))) for part in found.resources]
        chains = tuple((subject.label, *chain) for chain in (*rest, *apart))
        yield Violation(subject, problem, chains=chains, effect=effect)
    elif found.doubt:
        yield Unverified(subject, found.doubt)


def _listed(found: ReferenceList | Absent) -> ReferenceList:
    return ReferenceList() if isinstance(found, Absent) else found


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    LOAD_BALANCER: _balancer,
    LISTENER: _listener,
    LISTENER_RULE: _listener_rule,
    CLUSTER: _cluster,
    DB_SUBNET_GROUP: _subnet_group,
}

VPC_LOCAL_REFERENCES = StackRule(
    name="vpc-local-references",
    title="Load balancers and clusters within one VPC",
    description="The subnets, security groups and target groups of one load balancer, and the "
    "subnets and security groups of one cluster, must be in one VPC.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidConfigurationRequest: Security group 'sg-...' does not belong to VPC "
            "'vpc-...'",
            source="https://github.com/pulumi/pulumi-awsx/issues/816",
            date="2026-11-24",
        ),
        Evidence(
            effect="InvalidConfigurationRequest: Target group '...' is in a different VPC than "
            "load balancer '...'",
            source="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1045",
            date="2026-11-24",
        ),
        Evidence(
            effect="The DB instance and EC2 security group are in different VPCs.",
            source="https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/310",
            date="2026-11-24",
        ),
    ),
    fix="Take subnets, security groups and target groups of one VPC. A security group without a "
    "vpcId, and a cluster without a DB subnet group, go to the default VPC.",
    kinds=tuple(_CHECKS),
    check=within_one_vpc,
)
