"""References that AWS follows within one VPC.

A load balancer, its target groups and its security groups share a VPC, and so do a cluster's
subnets and security groups (`Security group 'sg-...' does not belong to VPC 'vpc-...'`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

from ..model import Model
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
    Target,
    as_list,
    identity,
    possible,
    same,
    target,
)
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Absent
from ..model.vocabulary import (
    AUTO_SCALING_GROUP,
    CLUSTER,
    DB_INSTANCE,
    DB_SUBNET_GROUP,
    DEFAULT_ROUTE_TABLE,
    DOCDB_CLUSTER,
    DOCDB_SUBNET_GROUP,
    ECS_SERVICE,
    INSTANCE,
    INTERNET_GATEWAY_ATTACHMENT,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    LISTENER,
    LISTENER_RULE,
    LOAD_BALANCER,
    NEPTUNE_SUBNET_GROUP,
    NETWORK_INTERFACE,
    REFERENCES,
    ROUTE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    VPN_GATEWAY_ATTACHMENT,
)
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .placement import Place, first_home, groups_of, judge, listed_in, subnets_of

_TAGS = ("aws", "disaster-recovery")
_Places: TypeAlias = Callable[[Resource, Stack], "tuple[Reference, ...]"]
"""The VPCs in which a gateway is, or may be."""
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

_NETWORKS = (
    "answers InvalidParameter: Security group sg-... and subnet subnet-... belong to different "
    "networks."
)
_SAYING_WHERE: Final = (
    "subnetId",
    "networkInterfaces",
    "primaryNetworkInterface",
    "launchTemplate",
)


def within_one_vpc(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The parts of a load balancer, a database or a function must share a VPC."""
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


def _route(route: Resource, stack: Stack) -> Iterator[Outcome]:
    """A route and the gateway that it leads to must be in one VPC."""
    tables = possible(stack.reference(route, "routeTableId"))
    homes = {identity(vpc): vpc for table in tables for vpc in [_home_of(table, stack)]}
    if len(homes) == 1 and None not in homes:
        (home,) = homes.values()
        gateways = {name: as_list(stack.reference(route, name)) for name in _GATEWAYS}
        yield from _astray(stack, route, home, gateways, f"is a route of {named(home)}")


def _table(table: Resource, stack: Stack) -> Iterator[Outcome]:
    """The routes inside a table must lead to gateways of its own VPC."""
    home = _home_of(table, stack)
    if identity(home) is not None:
        gateways = {
            name: listed_in(stack.references(table, "routes", *REFERENCES[ROUTE, name], inner=name))
            for name in _GATEWAYS
        }
        yield from _astray(stack, table, home, gateways, f"has a route of {named(home)}")


def _astray(
    stack: Stack,
    subject: Resource,
    home: Reference,
    gateways: Mapping[str, ReferenceList],
    begins: str,
) -> Iterator[Outcome]:
    """What leads from a VPC to a gateway that is certainly in another one."""

    for name, listed in gateways.items():
        places = _GATEWAYS[name]
        wrong = listed.surely_hit(partial(_is_elsewhere, stack, subject, home, places))
        for gateway in wrong[:1]:
            yield Violation(
                subject,
                f"{subject.label} {begins} to a gateway of another VPC:",
                chains=(
                    (subject.label, name, gateway.label, f"in {named(places(gateway, stack)[0])}"),
                ),
                effect="CreateRoute answers InvalidParameterValue: route table rtb-... and "
                f"{_CALLED[name]} belong to different networks.",
                fix=f"Route to a gateway of {named(home)}.",
                parties=(gateway,),
            )


def _is_elsewhere(
    stack: Stack, subject: Resource, home: Reference, places: _Places, gateway: Resource
) -> bool:
    """Whether a gateway is certainly in other VPCs of the region only."""
    place = target(home) or subject
    others = () if gateway.shares_region_with(place) is False else places(gateway, stack)
    return bool(others) and all(same(other, home) is False for other in others)


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
}


def _placed(resource: Resource, stack: Stack) -> Iterator[Outcome]:
    """The security groups of what is in subnets must be of the subnets' VPC."""
    place = _PLACES[resource.kind]
    where, groups = subnets_of(stack, resource, place), groups_of(stack, resource, place)
    if where.possible:
        vpcs, rest = vpcs_of(stack, where), first_home(stack, where)
    elif resource.kind == INSTANCE and _lands_in_the_default_vpc(resource):
        vpcs, rest = (DEFAULT_VPC,), (("no subnet", named(DEFAULT_VPC)),)
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


def _auto_scaling_group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    """The security groups of a group's launch template must be of the VPC of its subnets."""
    where = listed_in(stack.references(group, "vpcZoneIdentifiers", SUBNET))
    template = _template_of(group, stack)
    if template is None or not where.possible:
        return
    groups = _groups_of(template, stack)
    yield from judge(
        stack,
        group,
        Apart(apart_from(stack, groups, vpcs_of(stack, where), its_own_and_lent).resources),
        problem=f"{group.label} has subnets in another VPC than the security groups of "
        f"{template.label}:",
        rest=first_home(stack, where),
        effect="CreateAutoScalingGroup answers ValidationError: One or more security groups in the "
        "launch template are not linked to the VPCs configured in the Auto Scaling group",
    )


_TEMPLATES: Final = (
    ("launchTemplate", "id"),
    ("launchTemplate", "name"),
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
    if has_others is not Truth.FALSE:
        return None
    for name, inner in _TEMPLATES:
        found = listed_in(stack.references(group, name, LAUNCH_TEMPLATE, inner=inner))
        if found.certain and found.is_complete:
            return found.certain[0]
    return None


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


def _lands_in_the_default_vpc(instance: Resource) -> bool:
    """Whether nothing says where the instance is."""
    return not any(map(instance.sets, _SAYING_WHERE))


def _home_of(table: Resource, stack: Stack) -> Reference:
    """The VPC of a route table; a VPC stands for its main one."""
    if table.kind == VPC:
        return Target(table)
    if table.kind != DEFAULT_ROUTE_TABLE:
        return stack.reference(table, "vpcId")
    home = target(stack.reference(table, "defaultRouteTableId"))
    return Outside() if home is None else Target(home)


def _attached_to(gateway: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a gateway is, or may be, attached to."""
    own = stack.reference(gateway, "vpcId")
    attachments = (
        stack.reference(attachment, "vpcId")
        for name, kind in _ATTACHMENTS
        for attachment, _ in stack.naming(gateway, name, kind)
    )
    return tuple(each for each in (own, *attachments) if not isinstance(each, Absent))


def _vpcs_of_interface(interface: Resource, stack: Stack) -> tuple[Reference, ...]:
    """The VPCs that a network interface may be in."""
    return vpcs_of(stack, as_list(stack.reference(interface, "subnetId")))


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
_GATEWAYS: Final[Mapping[str, _Places]] = {
    "gatewayId": _attached_to,
    "natGatewayId": _vpcs_of_nat,
    "networkInterfaceId": _vpcs_of_interface,
}
_CALLED: Final = {
    "gatewayId": "network gateway igw-...",
    "natGatewayId": "interface interface-...",
    "networkInterfaceId": "interface eni-...",
}
"""How AWS's answer calls the gateway that a property names."""


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    LOAD_BALANCER: _balancer,
    LISTENER: _listener,
    ROUTE: _route,
    ROUTE_TABLE: _table,
    DEFAULT_ROUTE_TABLE: _table,
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
            effect="The DB instance and EC2 security group are in different VPCs.",
            source="https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/310; "
            "of DocumentDB, https://github.com/hashicorp/terraform-provider-aws/issues/10602",
            date="2026-11-24",
        ),
    ),
    fix="Use subnets, security groups and target groups of one VPC. A security group without a "
    "vpcId, and a database without a DB subnet group, go to the default VPC.",
    in_doubt="name subnets, security groups and target groups by their own outputs",
    kinds=tuple(_CHECKS),
    check=within_one_vpc,
)
