"""References that AWS follows within one VPC.

A load balancer, its target groups and its security groups share a VPC, and so do a cluster's
subnets and security groups (`Security group 'sg-...' does not belong to VPC 'vpc-...'`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.databases.origins import is_restored
from ..model.databases.replicas import is_from_another_region, source_of
from ..model.inputs import Declared
from ..model.network.listeners import balancer_of, target_groups
from ..model.network.load_balancers import subnets
from ..model.network.vpc_membership import (
    DEFAULT_VPC,
    Apart,
    apart_from,
    its_own_and_lent,
    named,
    scattered,
    vpc_of,
    vpcs_of,
    with_vpc,
)
from ..model.references import (
    Outside,
    Reference,
    ReferenceList,
    Target,
    as_list,
    possible,
    same,
    target,
)
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Absent
from ..model.vocabulary import (
    CLUSTER,
    DB_INSTANCE,
    DB_SUBNET_GROUP,
    DEFAULT_ROUTE_TABLE,
    DOCDB_SUBNET_GROUP,
    INTERNET_GATEWAY_ATTACHMENT,
    LAMBDA_FUNCTION,
    LISTENER,
    LISTENER_RULE,
    LOAD_BALANCER,
    MOUNT_TARGET,
    NEPTUNE_SUBNET_GROUP,
    ROUTE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    VPN_GATEWAY_ATTACHMENT,
)
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Unverified, Violation

_TAGS = ("aws", "disaster-recovery")
_GROUP_ELSEWHERE = (
    "CreateLoadBalancer answers InvalidConfigurationRequest: Security group 'sg-...' does not "
    "belong to VPC 'vpc-...'."
)
_SUBNETS_ELSEWHERE = "CreateLoadBalancer accepts subnets of one VPC only."
_TARGETS_ELSEWHERE = (
    "CreateListener and CreateRule answer InvalidConfigurationRequest: The following target groups "
    "are in a different VPC than load balancer 'arn:...': arn:..."
)
_DATABASE_ELSEWHERE = "RDS answers: The DB instance and EC2 security group are in different VPCs."
_DATABASE_SUBNETS = (
    "CreateDBSubnetGroup answers InvalidSubnet, since the subnets are not all in a common VPC."
)

_FUNCTION_ELSEWHERE = (
    "CreateFunction answers InvalidParameterValueException: Subnets and Security Groups must "
    "belong to the same VPC."
)
_MOUNT_ELSEWHERE = (
    "CreateMountTarget answers BadRequest: requested subnet for new mount target is not in the "
    "same VPC as existing mount targets"
)


def within_one_vpc(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The parts of a load balancer, a database or a function must share a VPC."""
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
        problem=f"{balancer.label} has subnets and security groups in several VPCs:",
        rest=[
            (subnet.label, named(vpc_of(stack, subnet)))
            for subnet in where.possible[:1]
            if not others.resources
        ],
        effect=_SUBNETS_ELSEWHERE if others.resources else _GROUP_ELSEWHERE,
    )


def _listener(listener: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _forwarder(listener, stack, balancer_of(stack, listener))


def _listener_rule(rule: Resource, stack: Stack) -> Iterator[Outcome]:
    if target(stack.reference(rule, "listenerArn")) is not None:
        yield from _forwarder(rule, stack, balancer_of(stack, rule))


def _forwarder(forwarder: Resource, stack: Stack, balancer: Reference) -> Iterator[Outcome]:
    where = [_listed(subnets(stack, each)) for each in possible(balancer)]
    vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)]
    yield from _judge(
        stack,
        forwarder,
        apart_from(stack, with_vpc(target_groups(stack, forwarder)), vpcs or [Outside()]),
        problem=f"{forwarder.label} forwards to a target group outside its load balancer's VPC:",
        rest=[(each.label, named(vpcs[0])) for each in possible(balancer)[:1] if vpcs],
        effect=_TARGETS_ELSEWHERE,
    )


def _instance(instance: Resource, stack: Stack) -> Iterator[Outcome]:
    """An instance, where its subnets are its own: a replica without a DB subnet group has those of
    its source, unless that is in another region."""
    source = source_of(stack, instance)
    is_replica = not isinstance(source, Absent)
    if isinstance(stack.reference(instance, "dbSubnetGroupName"), Absent) and (
        is_restored(Declared(instance)) is not Truth.FALSE
        or (is_replica and not is_from_another_region(instance, source))
    ):
        return
    yield from _database(instance, stack)


def _database(database: Resource, stack: Stack) -> Iterator[Outcome]:
    group = stack.reference(database, "dbSubnetGroupName")
    if isinstance(group, Absent):
        vpcs, rest = [DEFAULT_VPC], "no DB subnet group"
    else:
        where = [_listed(stack.references(each, "subnetIds")) for each in possible(group)]
        vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)] or [Outside()]
        rest = ", ".join(each.label for each in possible(group))
    yield from _judge(
        stack,
        database,
        apart_from(stack, _listed(stack.references(database, "vpcSecurityGroupIds")), vpcs),
        problem=f"{database.label} has subnets and security groups in different VPCs:",
        rest=[(rest, named(vpcs[0]))],
        effect=_DATABASE_ELSEWHERE,
    )


def _subnet_group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    where = _listed(stack.references(group, "subnetIds"))
    yield from _judge(
        stack,
        group,
        scattered(stack, where),
        problem=f"{group.label} has subnets in several VPCs:",
        rest=(),
        effect=_DATABASE_SUBNETS,
    )


def _route(route: Resource, stack: Stack) -> Iterator[Outcome]:
    """A route and the gateway that it leads to must be in one VPC."""
    homes = {
        vpc.urn: vpc
        for table in possible(stack.reference(route, "routeTableId"))
        if (vpc := _home_of(table, stack))
    }
    home = next(iter(homes.values())) if len(homes) == 1 else None
    for name, places in _GATEWAYS.items():
        gateway = target(stack.reference(route, name))
        if home is None or gateway is None or gateway.shares_region_with(home) is False:
            continue
        others = places(gateway, stack)
        if others and all(same(other, Target(home)) is False for other in others):
            yield Violation(
                route,
                f"{route.label} is a route of {home.label} to a gateway of another VPC:",
                chains=((route.label, name, gateway.label, f"in {named(others[0])}"),),
                effect="CreateRoute answers InvalidParameterValue: route table rtb-... and "
                f"{_CALLED[name]} belong to different networks.",
                fix=f"Route to a gateway of {home.label}.",
                parties=(gateway,),
            )


def _function(function: Resource, stack: Stack) -> Iterator[Outcome]:
    """The security groups of a function must be of the VPC of its subnets."""
    where = _listed(stack.references(function, "vpcConfig", SUBNET, inner="subnetIds"))
    groups = _listed(
        stack.references(function, "vpcConfig", SECURITY_GROUP, VPC, inner="securityGroupIds")
    )
    if where.possible:
        found = apart_from(stack, groups, vpcs_of(stack, where), its_own_and_lent)
        yield from _judge(
            stack,
            function,
            Apart(found.resources),
            problem=f"{function.label} has subnets and security groups in several VPCs:",
            rest=[(subnet.label, named(vpc_of(stack, subnet))) for subnet in where.possible[:1]],
            effect=_FUNCTION_ELSEWHERE,
        )


def _mount_target(mount: Resource, stack: Stack) -> Iterator[Outcome]:
    """All mount targets of one file system must be in one VPC; the later one by name is told."""
    system = target(stack.reference(mount, "fileSystemId"))
    if system is None:
        return
    own = as_list(stack.reference(mount, "subnetId"))
    for other, is_certain in stack.naming(system, "fileSystemId", MOUNT_TARGET):
        if not is_certain or other.urn >= mount.urn:
            continue
        theirs = as_list(stack.reference(other, "subnetId"))
        found = apart_from(stack, own, vpcs_of(stack, theirs)) if theirs.possible else Apart()
        if found.resources:
            yield from _judge(
                stack,
                mount,
                Apart(found.resources),
                problem=f"{mount.label} is in another VPC than {other.label} of one file system:",
                rest=[(other.label, named(vpc_of(stack, each))) for each in theirs.possible[:1]],
                effect=_MOUNT_ELSEWHERE,
            )
            return


def _home_of(table: Resource, stack: Stack) -> Resource | None:
    """The VPC of a route table; a VPC stands for its main one."""
    if table.kind == VPC:
        return table
    name = "defaultRouteTableId" if table.kind == DEFAULT_ROUTE_TABLE else "vpcId"
    return target(stack.reference(table, name))


def _attached_to(gateway: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a gateway is, or may be, attached to."""
    own = stack.reference(gateway, "vpcId")
    attachments = (
        stack.reference(attachment, "vpcId")
        for name, kind in _ATTACHMENTS
        for attachment, _ in stack.naming(gateway, name, kind)
    )
    return tuple(each for each in (own, *attachments) if not isinstance(each, Absent))


def _vpcs_of_nat(nat: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a NAT gateway may be in."""
    own = stack.reference(nat, "vpcId")
    if isinstance(own, Target):
        return (own,)
    return vpcs_of(stack, as_list(stack.reference(nat, "subnetId")))


_ATTACHMENTS: Final = (
    ("internetGatewayId", INTERNET_GATEWAY_ATTACHMENT),
    ("vpnGatewayId", VPN_GATEWAY_ATTACHMENT),
)
_GATEWAYS: Final[Mapping[str, Callable[[Resource, Stack], tuple[Reference, ...]]]] = {
    "gatewayId": _attached_to,
    "natGatewayId": _vpcs_of_nat,
}
_CALLED: Final = {
    "gatewayId": "network gateway igw-...",
    "natGatewayId": "interface interface-...",
}
"""How AWS's answer calls the gateway that a property names."""


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
        yield Violation(subject, problem, chains=chains, effect=effect, parties=found.resources)
    elif found.doubt:
        yield Unverified(subject, found.doubt)


def _listed(found: ReferenceList | Absent) -> ReferenceList:
    return ReferenceList() if isinstance(found, Absent) else found


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    LOAD_BALANCER: _balancer,
    LISTENER: _listener,
    ROUTE: _route,
    LISTENER_RULE: _listener_rule,
    CLUSTER: _database,
    DB_INSTANCE: _instance,
    DB_SUBNET_GROUP: _subnet_group,
    DOCDB_SUBNET_GROUP: _subnet_group,
    NEPTUNE_SUBNET_GROUP: _subnet_group,
    LAMBDA_FUNCTION: _function,
    MOUNT_TARGET: _mount_target,
}

VPC_LOCAL_REFERENCES = StackRule(
    name="vpc-local-references",
    title="Load balancers, databases, functions and routes within one VPC",
    description="The subnets, security groups and target groups of one load balancer, the subnets "
    "and security groups of one database or function, and the mount targets of one file system "
    "must be in one VPC; a route must lead to a gateway of its own VPC.",
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
            effect="InvalidConfigurationRequest: The following target groups are in a different "
            "VPC than load balancer 'arn:...': arn:...",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-elbv2-listener-tg-vpc-match)",
            date="2026-09-09",
        ),
        Evidence(
            effect="InvalidParameterValue: route table rtb-... and network gateway igw-... belong "
            "to different networks",
            source="https://github.com/smoketurner/serverless-vpc-plugin/issues/147",
            date="2019-10-30",
        ),
        Evidence(
            effect="InvalidParameterValue: route table rtb-... and interface interface-... belong "
            "to different networks (for a NAT gateway)",
            source="https://github.com/saltstack/salt/issues/38791",
            date="2017-01-20",
        ),
        Evidence(
            effect="Subnets and Security Groups must belong to the same VPC.",
            source="https://github.com/badmintoncryer/cdk-preflight (CreateFunction)",
            date="2026-09-07",
        ),
        Evidence(
            effect="requested subnet for new mount target is not in the same VPC as existing mount "
            "targets",
            source="https://github.com/badmintoncryer/cdk-preflight (CreateMountTarget)",
            date="2026-09-06",
        ),
        Evidence(
            effect="The DB instance and EC2 security group are in different VPCs.",
            source="https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/310",
            date="2026-11-24",
        ),
    ),
    fix="Use subnets, security groups and target groups of one VPC. A security group without a "
    "vpcId, and a database without a DB subnet group, go to the default VPC.",
    in_doubt="name subnets, security groups and target groups by their own outputs",
    kinds=tuple(_CHECKS),
    check=within_one_vpc,
)
