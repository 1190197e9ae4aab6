"""Names that AWS gives once: in a region of an account, in the account, or to anybody at all.

Of alarms, dashboards, queues and topics, AWS takes a second one of the same name for the first.
Sources: the API references of the services, CreateX, "Errors", and PutX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import Final, TypeAlias

from .accounts import share_account
from .plain import NamedTuple
from .resource import Resource
from .stack import Stack
from .values import Absent, Known, Reading
from .vocabulary import (
    BUCKET,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    DB_SUBNET_GROUP,
    EVENT_RULE,
    GLOBAL_CLUSTER,
    KMS_ALIAS,
    LOAD_BALANCER,
    LOG_GROUP,
    METRIC_ALARM,
)

_Place: TypeAlias = "tuple[str, str, str]"


class Scope(Enum):
    """Where a name is unique."""

    REGION = "region"
    ACCOUNT = "account"
    WORLD = "world"


class Namespace(NamedTuple):
    """The names of a kind: the property that holds them, where they are unique, AWS's answer to a
    second one. Kinds that share names share `of`. IAM takes names that differ in case for one.
    Names that are unique in a part of a region (`within`, a property and its default) are so in
    each."""

    of: str
    property: str
    answer: str
    scope: Scope = Scope.REGION
    ignores_case: bool = False
    within: tuple[str, str] | None = None


def _of_iam(of: str, name: str = "name", ignores_case: bool = True) -> Namespace:
    return Namespace(of, name, "EntityAlreadyExists", Scope.ACCOUNT, ignores_case)


def _of_cloudfront(of: str, answer: str) -> Namespace:
    return Namespace(of, "name", answer, Scope.ACCOUNT)


_INSTANCES: Final = Namespace("DB instance", "identifier", "DBInstanceAlreadyExists")
_CLUSTERS: Final = Namespace("DB cluster", "clusterIdentifier", "DBClusterAlreadyExistsFault")
_CLUSTER_PARAMETERS: Final = Namespace(
    "DB cluster parameter group", "name", "DBParameterGroupAlreadyExists"
)
_SUBNET_GROUPS: Final = Namespace("DB subnet group", "name", "DBSubnetGroupAlreadyExists")

NAMESPACES: Final[Mapping[str, Namespace]] = {
    "aws:iam/role:Role": _of_iam("IAM role"),
    "aws:iam/policy:Policy": _of_iam("IAM policy"),
    "aws:iam/user:User": _of_iam("IAM user"),
    "aws:iam/group:Group": _of_iam("IAM group"),
    "aws:iam/instanceProfile:InstanceProfile": _of_iam("instance profile"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _of_iam(
        "OpenID Connect provider", "url", ignores_case=False
    ),
    "aws:iam/samlProvider:SamlProvider": _of_iam("SAML provider", ignores_case=False),
    "aws:iam/serverCertificate:ServerCertificate": _of_iam("server certificate"),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": Namespace(
        "service-linked role",
        "awsServiceName",
        "InvalidInput: Service role name ... has been taken in this account",
        Scope.ACCOUNT,
        within=("customSuffix", ""),
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _of_cloudfront(
        "origin access control", "OriginAccessControlAlreadyExists"
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _of_cloudfront(
        "cache policy", "CachePolicyAlreadyExists"
    ),
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": _of_cloudfront(
        "origin request policy", "OriginRequestPolicyAlreadyExists"
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _of_cloudfront(
        "response headers policy", "ResponseHeadersPolicyAlreadyExists"
    ),
    "aws:cloudfront/function:Function": _of_cloudfront(
        "CloudFront function", "FunctionAlreadyExists"
    ),
    "aws:cloudfront/keyGroup:KeyGroup": _of_cloudfront("key group", "KeyGroupAlreadyExists"),
    GLOBAL_CLUSTER: Namespace(
        "global cluster",
        "globalClusterIdentifier",
        "GlobalClusterAlreadyExistsFault",
        Scope.ACCOUNT,
    ),
    BUCKET: Namespace("bucket", "bucket", "BucketAlreadyOwnedByYou", Scope.WORLD),
    # A cluster and an instance may have one name; those of RDS, DocumentDB and Neptune may not.
    DB_INSTANCE: _INSTANCES,
    CLUSTER_INSTANCE: _INSTANCES,
    "aws:docdb/clusterInstance:ClusterInstance": _INSTANCES,
    "aws:neptune/clusterInstance:ClusterInstance": _INSTANCES,
    CLUSTER: _CLUSTERS,
    "aws:docdb/cluster:Cluster": _CLUSTERS,
    "aws:neptune/cluster:Cluster": _CLUSTERS,
    DB_SUBNET_GROUP: _SUBNET_GROUPS,
    "aws:docdb/subnetGroup:SubnetGroup": _SUBNET_GROUPS,
    "aws:neptune/subnetGroup:SubnetGroup": _SUBNET_GROUPS,
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": _CLUSTER_PARAMETERS,
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": _CLUSTER_PARAMETERS,
    "aws:neptune/clusterParameterGroup:ClusterParameterGroup": _CLUSTER_PARAMETERS,
    "aws:rds/parameterGroup:ParameterGroup": Namespace(
        "DB parameter group", "name", "DBParameterGroupAlreadyExists"
    ),
    "aws:dynamodb/table:Table": Namespace("table", "name", "ResourceInUseException"),
    "aws:lambda/function:Function": Namespace("function", "name", "ResourceConflictException"),
    LOG_GROUP: Namespace("log group", "name", "ResourceAlreadyExistsException"),
    KMS_ALIAS: Namespace("KMS alias", "name", "AlreadyExistsException"),
    "aws:secretsmanager/secret:Secret": Namespace("secret", "name", "ResourceExistsException"),
    "aws:ecr/repository:Repository": Namespace(
        "repository", "name", "RepositoryAlreadyExistsException"
    ),
    LOAD_BALANCER: Namespace("load balancer", "name", "DuplicateLoadBalancerName"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Namespace(
        "replication group", "replicationGroupId", "ReplicationGroupAlreadyExists"
    ),
    "aws:backup/vault:Vault": Namespace("backup vault", "name", "AlreadyExistsException"),
}

_OVERWRITES: Final = (
    "does not refuse a name that exists: there is one of them, with the settings of whichever is "
    "deployed last."
)
_GIVES_THE_SAME: Final = (
    "gives out what has the name already if its attributes are the same, and may refuse it if not."
)
_ALARMS: Final = Namespace("alarm", "name", f"PutMetricAlarm {_OVERWRITES}")

ONE_THING: Final[Mapping[str, Namespace]] = {
    METRIC_ALARM: _ALARMS,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _ALARMS._replace(property="alarmName"),
    "aws:cloudwatch/dashboard:Dashboard": Namespace(
        "dashboard", "dashboardName", f"PutDashboard {_OVERWRITES}", Scope.ACCOUNT
    ),
    EVENT_RULE: Namespace(
        "rule of an event bus",
        "name",
        f"PutRule {_OVERWRITES}",
        within=("eventBusName", "default"),
    ),
    "aws:sns/topic:Topic": Namespace("topic", "name", f"CreateTopic {_GIVES_THE_SAME}"),
    "aws:sqs/queue:Queue": Namespace("queue", "name", f"CreateQueue {_GIVES_THE_SAME}"),
    BUCKET: NAMESPACES[BUCKET]._replace(
        answer="in us-east-1, CreateBucket does not refuse a bucket that is the caller's already."
    ),
}
"""Where two resources of one name are, or (buckets) can be, one thing, with what AWS answers to the
second."""

_ALL: Final[Mapping[str, Namespace]] = {**NAMESPACES, **ONE_THING}
_FORGIVING: Final = "us-east-1"
"""CreateBucket answers 200 there to whoever owns the bucket already.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html, BucketAlreadyOwnedByYou"""


class Names:
    """The names that the resources of a stack are given."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def namesakes(self, resource: Resource) -> Iterator[Resource]:
        """The resources that certainly ask for the resource's name where AWS gives it to one thing
        only, in the order of their URNs, itself not among them."""
        for other in self._of_its_name(resource):
            if _ALL[resource.kind].scope is not Scope.REGION or (
                resource.shares_region_with(other)
            ):
                yield other

    def elsewhere(self, resource: Resource) -> Iterator[Resource]:
        """The resources of its account that certainly have its name in another region, in the order
        of their URNs."""
        for other in self._of_its_name(resource):
            if resource.shares_region_with(other) is False:
                yield other

    def are_one(self, one: Resource, other: Resource) -> bool:
        """Whether AWS takes the second of two namesakes for the first, or (buckets) may: the
        provider looks before it creates a bucket, so it refuses one that waits for the other."""
        if one.kind != BUCKET:
            return one.kind in ONE_THING
        elsewhere = any(
            isinstance(each.region, Known) and each.region.value != _FORGIVING
            for each in (one, other)
        )
        waits_for = self._stack.waits_for
        return not elsewhere and not (other.urn in waits_for(one) or one.urn in waits_for(other))

    def _of_its_name(self, resource: Resource) -> Iterator[Resource]:
        place = _place(resource)
        if place is not None:
            for other in self._by_name[place]:
                if other is not resource and share_account(resource, other):
                    yield other

    @cached_property
    def _by_name(self) -> Mapping[_Place, list[Resource]]:
        found: dict[_Place, list[Resource]] = {}
        for resource in self._stack.of(*_ALL):
            place = _place(resource)
            if place is not None:
                found.setdefault(place, []).append(resource)
        return found


def _place(resource: Resource) -> _Place | None:
    """The resource's name, whose names it is among, and in which part of the region; None where it
    is not known, or where the program's name is not the resource's."""
    space = _ALL[resource.kind]
    if resource.leaves_as_it_is(space.property):
        return None
    match resource.text(space.property), _part(resource, space):
        case Known(name), Known(part):
            return space.of, part, name.lower() if space.ignores_case else name
    return None


def _part(resource: Resource, space: Namespace) -> Reading[str]:
    if space.within is None:
        return Known("")
    name, default = space.within
    said = resource.text(name)
    return Known(default) if isinstance(said, Absent) else said
