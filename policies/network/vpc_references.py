"""References that AWS follows within one VPC.

A load balancer, its target groups and its security groups share a VPC, and so do a cluster's
subnets and security groups (`Security group 'sg-...' does not belong to VPC 'vpc-...'`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..model import Model, values
from ..model.databases.origins import is_made_afresh, is_restored
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
    vpcs_of,
    with_vpc,
)
from ..model.references import (
    Outside,
    Reference,
    ReferenceList,
    possible,
    target,
)
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Absent, Known, Reading, Unknown
from ..model.vocabulary import (
    AUTO_SCALING_GROUP,
    CACHE_SUBNET_GROUP,
    CLUSTER,
    DB_INSTANCE,
    DB_SUBNET_GROUP,
    DEFAULT_ROUTE_TABLE,
    DOCDB_CLUSTER,
    DOCDB_SUBNET_GROUP,
    ECS_SERVICE,
    INSTANCE,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    LISTENER,
    LISTENER_RULE,
    LOAD_BALANCER,
    NEPTUNE_SUBNET_GROUP,
    NETWORK_INTERFACE,
    ROUTE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
)
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule
from .placement import Place, first_home, groups_of, judge, listed_in, subnets_of
from .route_targets import leads_to_its_own_vpc

_TAGS = ("aws", "disaster-recovery")
_ROUTES: Final = (ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
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

_REPLICATION_GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_CACHE_CLUSTER: Final = "aws:elasticache/cluster:Cluster"
_CACHES: Final = (_REPLICATION_GROUP, _CACHE_CLUSTER)
_CACHE_ELSEWHERE: Final = (
    "ElastiCache answers InvalidParameterCombination: Subnet group [...] belongs to a different "
    "VPC [vpc-...] than [vpc-...]"
)
_NETWORKS = (
    "answers InvalidParameter: Security group sg-... and subnet subnet-... belong to different "
    "networks."
)
_SAYING_WHERE: Final[Mapping[str, Sequence[str]]] = {
    INSTANCE: ("subnetId", "networkInterfaces", "primaryNetworkInterface", "launchTemplate"),
    _REPLICATION_GROUP: ("subnetGroupName",),
    _CACHE_CLUSTER: ("subnetGroupName", "replicationGroupId"),
}
_NOWHERE: Final[Mapping[str, str]] = {
    INSTANCE: "no subnet",
    **dict.fromkeys(_CACHES, "no subnet group"),
}
_SAYING_GROUPS: Final = (
    *("vpcSecurityGroupIds", "securityGroups", "networkInterfaces", "primaryNetworkInterface"),
)
_TEMPLATE_ELSEWHERE: Final = (
    "CreateAutoScalingGroup answers ValidationError: One or more security groups in the launch "
    "template are not linked to the VPCs configured in the Auto Scaling group"
)
_NOT_IN_THE_DEFAULT_VPC: Final = (
    "CreateAutoScalingGroup answers ValidationError: The security group '...' does not exist in "
    "default VPC 'vpc-...'"
)


def within_one_vpc(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The parts of a load balancer, a database or a function must share a VPC, and so must a route
    and its gateway."""
    if resource.kind in _ROUTES:
        yield from leads_to_its_own_vpc(resource, model)
    else:
        yield from _CHECKS[resource.kind](resource, model.stack)


def _balancer(balancer: Resource, stack: Stack) -> Iterator[Outcome]:
    where = listed_in(subnets(stack, balancer))
    groups = listed_in(stack.references(balancer, "securityGroups"))
    others = scattered(stack, where)
    strangers = apart_from(stack, groups, vpcs_of(stack, where), its_own_and_lent)
    yield from judge(
        stack,
        balancer,
        max(others, strangers, key=lambda found: (bool(found.resources), bool(found.doubt))),
        problem=f"{balancer.label} has subnets and security groups in several VPCs:",
        rest=() if others.resources else first_home(stack, where),
        effect=_SUBNETS_ELSEWHERE if others.resources else _GROUP_ELSEWHERE,
    )


def _listener(listener: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _forwarder(listener, stack, balancer_of(stack, listener))


def _listener_rule(rule: Resource, stack: Stack) -> Iterator[Outcome]:
    if target(stack.reference(rule, "listenerArn")) is not None:
        yield from _forwarder(rule, stack, balancer_of(stack, rule))


def _forwarder(forwarder: Resource, stack: Stack, balancer: Reference) -> Iterator[Outcome]:
    where = [listed_in(subnets(stack, each)) for each in possible(balancer)]
    vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)]
    yield from judge(
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


def _cluster(cluster: Resource, stack: Stack) -> Iterator[Outcome]:
    """A cluster, where its subnets are its own: without a DB subnet group, nothing was seen of one
    that is restored or a replica."""
    has_none = isinstance(stack.reference(cluster, "dbSubnetGroupName"), Absent)
    if not has_none or is_made_afresh(Declared(cluster)) is Truth.TRUE:
        yield from _database(cluster, stack)


def _docdb_cluster(cluster: Resource, stack: Stack) -> Iterator[Outcome]:
    if is_made_afresh(Declared(cluster)) is Truth.TRUE:
        yield from _database(cluster, stack)


def _database(database: Resource, stack: Stack) -> Iterator[Outcome]:
    group = stack.reference(database, "dbSubnetGroupName")
    if isinstance(group, Absent):
        vpcs, rest = [DEFAULT_VPC], "no DB subnet group"
    else:
        where = [listed_in(stack.references(each, "subnetIds")) for each in possible(group)]
        vpcs = [vpc for each in where for vpc in vpcs_of(stack, each)] or [Outside()]
        rest = ", ".join(each.label for each in possible(group))
    groups = listed_in(stack.references(database, "vpcSecurityGroupIds"))
    yield from judge(
        stack,
        database,
        apart_from(stack, groups, vpcs, its_own_and_lent),
        problem=f"{database.label} has subnets and security groups in different VPCs:",
        rest=[(rest, named(vpcs[0]))],
        effect=_DATABASE_ELSEWHERE,
    )


def _subnet_group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    where = listed_in(stack.references(group, "subnetIds"))
    yield from judge(
        stack,
        group,
        scattered(stack, where),
        problem=f"{group.label} has subnets in several VPCs:",
        rest=(),
        effect=_DATABASE_SUBNETS,
    )


_PLACES: Final[Mapping[str, Place]] = {
    LAMBDA_FUNCTION: Place(
        "vpcConfig.subnetIds",
        "vpcConfig.securityGroupIds",
        "CreateFunction answers InvalidParameterValueException: Subnets and Security Groups must "
        "belong to the same VPC.",
    ),
    ECS_SERVICE: Place(
        "networkConfiguration.subnets",
        "networkConfiguration.securityGroups",
        "CreateService answers InvalidParameterException: Security group sg-... does not appear to "
        "belong to the same VPC as the input subnets.",
    ),
    INSTANCE: Place("subnetId", "vpcSecurityGroupIds", f"RunInstances {_NETWORKS}"),
    NETWORK_INTERFACE: Place("subnetId", "securityGroups", f"CreateNetworkInterface {_NETWORKS}"),
    **dict.fromkeys(
        _CACHES,
        Place("subnetGroupName", "securityGroupIds", _CACHE_ELSEWHERE, by=CACHE_SUBNET_GROUP),
    ),
}


def _placed(resource: Resource, stack: Stack) -> Iterator[Outcome]:
    """The security groups of what is in subnets must be of the subnets' VPC."""
    place = _PLACES[resource.kind]
    where, groups = subnets_of(stack, resource, place), _groups_at(stack, resource, place)
    if where.possible:
        vpcs, rest = vpcs_of(stack, where), first_home(stack, where)
    elif _lands_in_the_default_vpc(resource):
        vpcs, rest = (DEFAULT_VPC,), ((_NOWHERE[resource.kind], named(DEFAULT_VPC)),)
    else:
        return
    yield from judge(
        stack,
        resource,
        Apart(apart_from(stack, groups, vpcs, its_own_and_lent).resources),
        problem=f"{resource.label} has subnets and security groups in several VPCs:",
        rest=rest,
        effect=place.answer,
    )


def _groups_at(stack: Stack, resource: Resource, place: Place) -> ReferenceList:
    """The security groups of a resource: those that an instance does not state come from its launch
    template."""
    if resource.kind != INSTANCE or any(map(resource.sets, _SAYING_GROUPS)):
        return groups_of(stack, resource, place)
    template = _named_template(resource, stack, _OWN_TEMPLATE)
    return ReferenceList() if template is None else _groups_of(template, stack)


def _auto_scaling_group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    """The security groups of a group's launch template must be of the VPC of its subnets: without
    subnets, of the default VPC."""
    named_there = stack.references(group, "vpcZoneIdentifiers", SUBNET)
    where, template = listed_in(named_there), _template_of(group, stack)
    is_somewhere = isinstance(named_there, Absent) and group.sets("availabilityZones")
    if template is None or not (where.possible or is_somewhere):
        return
    vpcs = vpcs_of(stack, where) if where.possible else (DEFAULT_VPC,)
    yield from judge(
        stack,
        group,
        Apart(apart_from(stack, _groups_of(template, stack), vpcs, its_own_and_lent).resources),
        problem=f"{group.label} has subnets in another VPC than the security groups of "
        f"{template.label}:",
        rest=first_home(stack, where) or (("no subnet", named(DEFAULT_VPC)),),
        effect=_TEMPLATE_ELSEWHERE if where.possible else _NOT_IN_THE_DEFAULT_VPC,
    )


_OWN_TEMPLATE: Final = (("launchTemplate", "id"), ("launchTemplate", "name"))
_TEMPLATES: Final = (
    *_OWN_TEMPLATE,
    ("mixedInstancesPolicy", "launchTemplate.launchTemplateSpecification.launchTemplateId"),
    ("mixedInstancesPolicy", "launchTemplate.launchTemplateSpecification.launchTemplateName"),
)
"""Where an Auto Scaling group names the launch template of its instances."""


def _template_of(group: Resource, stack: Stack) -> Resource | None:
    """The launch template that all instances of the group are certainly made from."""
    has_others = Declared(group).some(
        "mixedInstancesPolicy.launchTemplate.overrides",
        lambda override: override.sets("launchTemplateSpecification"),
    )
    return None if has_others is not Truth.FALSE else _named_template(group, stack, _TEMPLATES)


def _named_template(
    resource: Resource, stack: Stack, places: Sequence[tuple[str, str]]
) -> Resource | None:
    """The launch template that a resource names at one of these places, where that is certain, and
    what the program says of it is the version that is used."""
    for name, inner in places:
        found = listed_in(stack.references(resource, name, LAUNCH_TEMPLATE, inner=inner))
        if found.certain and found.is_complete:
            template = found.certain[0]
            version = Declared(resource).text(f"{name}.{inner}".rpartition(".")[0] + ".version")
            return template if _is_the_version_of(template, version) else None
    return None


def _is_the_version_of(template: Resource, version: Reading[str]) -> bool:
    """Whether a version is the one that the program says: that of a new template is the first. One
    that is not known comes from the template, whose latest it is."""
    match version:
        case _ if template.is_new:
            return True
        case Known("$Latest") | Unknown():
            return True
        case Absent() | Known("$Default"):
            return Declared(template).is_true("updateDefaultVersion") is Truth.TRUE
        case Known(number):
            return template.number("latestVersion") == values.number(number)
    return False


def _groups_of(template: Resource, stack: Stack) -> ReferenceList:
    """The security groups of a launch template: its own, else those of the network interfaces that
    are made with each instance, in the subnet that its group chooses."""
    own = stack.references(template, "vpcSecurityGroupIds", SECURITY_GROUP, VPC)
    if not isinstance(own, Absent):
        return own
    is_elsewhere = Declared(template).some(
        "networkInterfaces", lambda each: each.sets("subnetId") | each.sets("networkInterfaceId")
    )
    if is_elsewhere is not Truth.FALSE:
        return ReferenceList()
    inside = ("networkInterfaces", SECURITY_GROUP, VPC)
    return listed_in(stack.references(template, *inside, inner="securityGroups"))


def _lands_in_the_default_vpc(resource: Resource) -> bool:
    """Whether nothing says where an instance or a cache is."""
    names = _SAYING_WHERE.get(resource.kind)
    return names is not None and not any(map(resource.sets, names))


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    LOAD_BALANCER: _balancer,
    LISTENER: _listener,
    LISTENER_RULE: _listener_rule,
    CLUSTER: _cluster,
    DOCDB_CLUSTER: _docdb_cluster,
    DB_INSTANCE: _instance,
    DB_SUBNET_GROUP: _subnet_group,
    DOCDB_SUBNET_GROUP: _subnet_group,
    NEPTUNE_SUBNET_GROUP: _subnet_group,
    **dict.fromkeys(_PLACES, _placed),
    AUTO_SCALING_GROUP: _auto_scaling_group,
}

VPC_LOCAL_REFERENCES = StackRule(
    name="vpc-local-references",
    title="Related resources in one VPC",
    description="The subnets, security groups, target groups and gateways that belong to one "
    "resource must be in one VPC.",
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
            "to different networks \u2013 it says so for a NAT gateway",
            source="https://github.com/saltstack/salt/issues/38791",
            date="2017-01-20",
        ),
        Evidence(
            effect="Subnets and Security Groups must belong to the same VPC.",
            source="https://github.com/badmintoncryer/cdk-preflight (CreateFunction)",
            date="2026-09-07",
        ),
        Evidence(
            effect="InvalidParameterException: Security group sg-... does not appear to belong to "
            "the same VPC as the input subnets.",
            source="https://github.com/hashicorp/waypoint/issues/4629 (CreateService)",
            date="2023-04-25",
        ),
        Evidence(
            effect="InvalidParameter: Security group sg-... and subnet subnet-... belong to "
            "different networks.",
            source="RunInstances, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="ValidationError: One or more security groups in the launch template are not "
            "linked to the VPCs configured in the Auto Scaling group",
            source="https://github.com/mludvig/aws-ethereum-miner/issues/12",
            date="2021-10-31",
        ),
        Evidence(
            effect=_NOT_IN_THE_DEFAULT_VPC,
            source="https://github.com/crossplane-contrib/provider-aws/issues/1752",
            date="2023-05-05",
        ),
        Evidence(
            effect=_CACHE_ELSEWHERE,
            source="https://github.com/aws-controllers-k8s/community/issues/1594",
            date="2022-12-15",
        ),
        Evidence(
            effect="The DB instance and EC2 security group are in different VPCs.",
            source="https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/310; "
            "of DocumentDB, https://github.com/hashicorp/terraform-provider-aws/issues/10602",
            date="2026-11-24",
        ),
    ),
    fix="Use subnets, security groups and target groups of one VPC. A security group without a "
    "vpcId, and a database without a DB subnet group, go to the default VPC.",
    in_doubt="name subnets, security groups and target groups by their own outputs",
    kinds=(*_CHECKS, *_ROUTES),
    check=within_one_vpc,
)
