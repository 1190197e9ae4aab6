"""Where a resource is: the subnets and security groups that it names, which must share a VPC.

What AWS refused is told by `vpc-local-references`; what it documents, by `network-risks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.network.vpc_membership import (
    Apart,
    apart_from,
    its_own_and_lent,
    named,
    scattered,
    vpc_of,
    vpcs_of,
)
from ..model.plain import NamedTuple
from ..model.references import ReferenceList, as_list, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import Absent
from ..model.vocabulary import (
    AUTO_SCALING_GROUP,
    CACHE_SUBNET_GROUP,
    CLASSIC_LOAD_BALANCER,
    ECS_SERVICE,
    LAMBDA_FUNCTION,
    MEMORYDB_SUBNET_GROUP,
    MOUNT_TARGET,
    NEPTUNE_CLUSTER,
    NEPTUNE_SUBNET_GROUP,
    REDSHIFT_SUBNET_GROUP,
    SECURITY_GROUP,
    SUBNET,
    TRANSIT_GATEWAY_ATTACHMENT,
    VPC,
    VPC_ENDPOINT,
)
from ..rule import Outcome, Unverified, Violation
from .addresses import RESOLVER_ENDPOINT

_ONE_SUBNET: Final = "subnetId"
OTHER_VPC: Final = (
    "MountTargetConflict: requested subnet for new mount target is not in the same VPC as existing "
    "mount targets"
)


class Place(NamedTuple):
    """Where a resource says its subnets and its security groups, by paths (`block.property`), and
    what AWS answers where they are apart. `vpc` is the property that names its VPC. With `by`, the
    path leads to a subnet group of that kind, whose subnets they are."""

    subnets: str
    groups: str | None
    answer: str
    vpc: str | None = None
    by: str | None = None


def subnets_of(stack: Stack, resource: Resource, place: Place) -> ReferenceList:
    """The subnets that a resource names, by themselves or by a subnet group that is certain."""
    if place.by is None:
        return _named_at(stack, resource, place.subnets, SUBNET)
    group = target(stack.reference(resource, place.subnets, place.by))
    return ReferenceList() if group is None else _named_at(stack, group, "subnetIds", SUBNET)


def groups_of(stack: Stack, resource: Resource, place: Place) -> ReferenceList:
    """The security groups that a resource names. A VPC stands for its default one."""
    if place.groups is None:
        return ReferenceList()
    return _named_at(stack, resource, place.groups, SECURITY_GROUP, VPC)


def _named_at(stack: Stack, resource: Resource, path: str, *kinds: str) -> ReferenceList:
    name, _, inner = path.partition(".")
    if path == _ONE_SUBNET:
        return as_list(stack.reference(resource, path, *kinds))
    return listed_in(stack.references(resource, name, *kinds, inner=inner or None))


def listed_in(found: ReferenceList | Absent) -> ReferenceList:
    """What a list names; nothing where it is not there."""
    return ReferenceList() if isinstance(found, Absent) else found


def first_home(stack: Stack, where: ReferenceList) -> tuple[tuple[str, str], ...]:
    """The first of the subnets that may be meant, with its VPC, as a message shows them."""
    return tuple((each.label, named(vpc_of(stack, each))) for each in where.possible[:1])


def judge(
    stack: Stack,
    subject: Resource,
    found: Apart,
    *,
    problem: str,
    rest: Iterable[tuple[str, ...]],
    effect: str,
    fix: str | None = None,
) -> Iterator[Outcome]:
    """The outcome, with a chain for the rest and one for each part that is apart from it."""
    if found.resources:
        apart = [(part.label, named(vpc_of(stack, part))) for part in found.resources]
        chains = tuple((subject.label, *chain) for chain in (*rest, *apart))
        yield Violation(
            subject, problem, chains=chains, effect=effect, fix=fix, parties=found.resources
        )
    elif found.doubt:
        yield Unverified(subject, found.doubt)


# --- as AWS documents it --------------------------------------------------------------------------


def _group_of_subnets(operation: str) -> Place:
    return Place("subnetIds", None, f"{operation} accepts subnets of one VPC only.")


def _in_a_group(name: str, kind: str, groups: str = "vpcSecurityGroupIds") -> Place:
    return Place(
        name,
        groups,
        "the service accepts security groups of the VPC of the subnet group only.",
        by=kind,
    )


DOCUMENTED: Final[Mapping[str, Place]] = {
    VPC_ENDPOINT: Place(
        "subnetIds",
        "securityGroupIds",
        "CreateVpcEndpoint accepts subnets and security groups of the endpoint's VPC only.",
        vpc="vpcId",
    ),
    TRANSIT_GATEWAY_ATTACHMENT: Place(
        "subnetIds",
        None,
        "CreateTransitGatewayVpcAttachment accepts subnets of the attached VPC only.",
        vpc="vpcId",
    ),
    "aws:rds/proxy:Proxy": Place(
        "vpcSubnetIds",
        "vpcSecurityGroupIds",
        "CreateDBProxy answers InvalidSubnet where the subnets are not all in a common VPC, and "
        "accepts security groups of that VPC only.",
    ),
    RESOLVER_ENDPOINT: Place(
        "ipAddresses.subnetId",
        "securityGroupIds",
        "CreateResolverEndpoint accepts subnets and security groups of one VPC only.",
    ),
    CACHE_SUBNET_GROUP: _group_of_subnets("CreateCacheSubnetGroup"),
    REDSHIFT_SUBNET_GROUP: Place(
        "subnetIds",
        None,
        "CreateClusterSubnetGroup answers InvalidSubnet, since not all of the subnets are in the "
        "same VPC.",
    ),
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": _group_of_subnets(
        "CreateReplicationSubnetGroup"
    ),
    "aws:eks/cluster:Cluster": Place(
        "vpcConfig.subnetIds",
        "vpcConfig.securityGroupIds",
        "CreateCluster accepts subnets and security groups of one VPC only.",
    ),
    "aws:apigatewayv2/vpcLink:VpcLink": Place(
        "subnetIds",
        "securityGroupIds",
        "CreateVpcLink accepts subnets and security groups of one VPC only.",
    ),
    MOUNT_TARGET: Place(
        _ONE_SUBNET,
        "securityGroups",
        "CreateMountTarget answers SecurityGroupNotFound, since a security group is not in the "
        "VPC of the subnet.",
    ),
    CLASSIC_LOAD_BALANCER: Place(
        "subnets",
        "securityGroups",
        "CreateLoadBalancer accepts subnets and security groups of one VPC only.",
    ),
    "aws:opensearch/domain:Domain": Place(
        "vpcOptions.subnetIds",
        "vpcOptions.securityGroupIds",
        "CreateDomain accepts subnets and security groups of one VPC only.",
    ),
    "aws:msk/cluster:Cluster": Place(
        "brokerNodeGroupInfo.clientSubnets",
        "brokerNodeGroupInfo.securityGroups",
        "CreateCluster accepts subnets and security groups of one VPC only.",
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Place(
        "subnetIds",
        "securityGroupIds",
        "CreateServerlessCache accepts subnets and security groups of one VPC only.",
    ),
    NEPTUNE_CLUSTER: _in_a_group("neptuneSubnetGroupName", NEPTUNE_SUBNET_GROUP),
    "aws:redshift/cluster:Cluster": _in_a_group("clusterSubnetGroupName", REDSHIFT_SUBNET_GROUP),
    "aws:dms/replicationInstance:ReplicationInstance": _in_a_group(
        "replicationSubnetGroupId", "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"
    ),
    "aws:memorydb/cluster:Cluster": _in_a_group(
        "subnetGroupName", MEMORYDB_SUBNET_GROUP, groups="securityGroupIds"
    ),
    LAMBDA_FUNCTION: Place(
        "vpcConfig.subnetIds", None, "CreateFunction accepts subnets of one VPC only."
    ),
    ECS_SERVICE: Place(
        "networkConfiguration.subnets",
        None,
        "CreateService accepts subnets of one VPC only.",
    ),
    AUTO_SCALING_GROUP: Place(
        "vpcZoneIdentifiers",
        None,
        "CreateAutoScalingGroup accepts subnets of one VPC only.",
    ),
}
"""What AWS documents to be in one VPC; nobody has shown its answer."""


def shares_a_vpc(resource: Resource, model: Model) -> Iterator[Outcome]:
    """The subnets and security groups of a resource must be of one VPC: its own, where it names
    one."""
    stack, place = model.stack, DOCUMENTED[resource.kind]
    where, groups = subnets_of(stack, resource, place), groups_of(stack, resource, place)
    own = stack.reference(resource, place.vpc, VPC) if place.vpc else Absent()
    if isinstance(own, Absent):
        vpcs, rest = vpcs_of(stack, where), first_home(stack, where)
        # Those of a subnet group are told of it. The first of several is one of the chains.
        others = () if place.by else scattered(stack, where).resources
        rest = () if others else rest
    else:
        vpcs, rest = (own,), (("its VPC", named(own)),)
        others = apart_from(stack, where, vpcs).resources
    strangers = apart_from(stack, groups, vpcs, its_own_and_lent) if vpcs else Apart()
    parts = "subnets and security groups" if place.groups else "subnets"
    yield from judge(
        stack,
        resource,
        Apart(others or strangers.resources),
        problem=f"{resource.label} has {parts} in several VPCs:",
        rest=rest,
        effect=place.answer,
        fix=f"Use {parts} of one VPC.{_OF_THE_DEFAULT_VPC if place.groups else ''}",
    )


_OF_THE_DEFAULT_VPC: Final = " A security group without a vpcId goes to the default VPC."


def is_where_its_siblings_are(mount: Resource, model: Model) -> Iterator[Outcome]:
    """All mount targets of one file system must be in one VPC; the later one by name is told. Of
    two in one zone, vpc-wiring tells."""
    stack = model.stack
    if any(model.wiring.mount_targets.before(mount)):
        return
    own = as_list(stack.reference(mount, "subnetId"))
    for other in model.wiring.mounted_systems.before(mount):
        theirs = as_list(stack.reference(other, "subnetId"))
        found = apart_from(stack, own, vpcs_of(stack, theirs)) if theirs.possible else Apart()
        if found.resources:
            yield from judge(
                stack,
                mount,
                Apart(found.resources),
                problem=f"{mount.label} is in another VPC than {other.label} of one file system:",
                rest=[(other.label, named(vpc_of(stack, each))) for each in theirs.possible[:1]],
                effect=f"CreateMountTarget answers {OTHER_VPC}",
                fix="Use subnets of one VPC for all mount targets of the file system.",
            )
            return
