"""What AWS looks for and a resource of its own gives to what is used: the policy of a bucket or a
key, versioning, ownership controls, mount targets, permissions, an accepted peering.

Nothing but the program makes Pulumi wait for such a resource: it is named by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.inputs import Declared
from ..model.network.route_lists import led_to
from ..model.plain import NamedTuple
from ..model.policy_documents import allowed
from ..model.references import target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.storage.buckets import OFF, WITHOUT_ACLS
from ..model.storage.replication import destinations
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import (
    ACCESS_POINT,
    BUCKET_ACL,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
    DEFAULT_ROUTE_TABLE,
    KMS_KEY_POLICY,
    LAMBDA_FUNCTION,
    LAMBDA_PERMISSION,
    LOG_GROUP,
    MOUNT_TARGET,
    PEERING_ACCEPTER,
    ROUTE,
    ROUTE_TABLE,
    SECRET_ROTATION,
    SUBNET,
    TRAIL,
    TRANSIT_GATEWAY_ACCEPTER,
    TRANSIT_GATEWAY_ASSOCIATION,
    TRANSIT_GATEWAY_ROUTE,
)
from .race import Needed, waits

_Uses = Callable[[Resource, Stack], Iterable[Resource]]


class _Edge(NamedTuple):
    """What a resource must find in place: of what it uses, the resources of the kind `beside` that
    name it by a property, and AWS's answer where they are not there yet. `is_in_place` tells that
    what it uses needs none; `counts` which of them AWS looks for. Any of them will do, unless
    `must_have` tells that one must be there whatever the others are. `what` they are is in
    words."""

    uses: _Uses
    beside: str
    named_by: str
    what: str
    answer: str
    is_in_place: Callable[[Resource], bool] = lambda _: False
    counts: Callable[[Resource], bool] = lambda _: True
    must_have: Callable[[Resource, Resource, Stack], bool] = lambda *_: False


def what_stands_beside(subject: Resource, model: Model) -> Iterator[Needed]:
    """What stands beside what the resource uses, and AWS looks for."""
    edge = BESIDE[subject.kind]
    for used in edge.uses(subject, model.stack):
        if edge.is_in_place(used):
            continue
        first = [
            each
            for each, is_sure in model.stack.naming(used, edge.named_by, edge.beside)
            if is_sure and edge.counts(each)
        ]
        due = [each for each in first if edge.must_have(subject, each, model.stack)]
        late = [each for each in due if each.is_new and not waits(subject, [each], model)]
        if late or (first and not due):
            yield Needed(f"for {edge.what} {used.label}", edge.answer, late or first)


def _named_by(name: str) -> _Uses:
    """What a property of the resource names."""

    def uses(resource: Resource, stack: Stack) -> Iterable[Resource]:
        used = target(stack.reference(resource, name))
        return () if used is None else (used,)

    return uses


def _destinations(replication: Resource, stack: Stack) -> Iterable[Resource]:
    found = (target(each) for each in destinations(stack, replication))
    return dict.fromkeys(each for each in found if each is not None)


def _file_systems(function: Resource, stack: Stack) -> Iterable[Resource]:
    points = stack.references(function, "fileSystemConfig", ACCESS_POINT, inner="arn")
    found = () if isinstance(points, Absent) else points.certain
    systems = (target(stack.reference(each, "fileSystemId")) for each in found)
    return [each for each in systems if each is not None]


def _is_in_a_subnet_of(function: Resource, mount: Resource, stack: Stack) -> bool:
    """Whether a mount target is in a subnet that the function runs in."""
    subnet = target(stack.reference(mount, "subnetId"))
    where = stack.references(function, "vpcConfig", SUBNET, inner="subnetIds")
    return not isinstance(where, Absent) and subnet in where.certain


def _peerings_from_abroad(owner: Resource, stack: Stack) -> Iterable[Resource]:
    """The peerings that another region asks for: where the request was made, a route may lead to
    them before they are accepted. `owner` is a route, or a table with the routes inside."""
    peerings = led_to(stack, owner, "vpcPeeringConnectionId").certain
    return [each for each in peerings if each.shares_region_with(owner) is False]


def _has_policy(used: Resource) -> bool:
    return used.sets("policy")


def _may_let_in(service: str, accounts: bool) -> Callable[[Resource], bool]:
    """Whether a policy may let a service in, by its name or, where accounts are enough, by an
    account. One that does not is told of by log-group-key-policy and cloudtrail-bucket-policy."""

    def may(policy: Resource) -> bool:
        match allowed(policy.declared_tree("policy")):
            case Known(those):
                is_open = those.has_anybody or (accounts and bool(those.of_accounts))
                return is_open or any(service in each for each in those.services)
        return True

    return may


def _keeps_versions(bucket: Resource) -> bool:
    inputs = Declared(bucket)
    says = inputs.is_true("versioning.enabled") | inputs.is_true("objectLockEnabled")
    return says is not Truth.FALSE


def _enables(versioning: Resource) -> bool:
    """Versioning that is off is told of by s3-versioning."""
    says = Declared(versioning).says("versioningConfiguration.status", *OFF)
    return says is not Truth.TRUE


def _allows_acls(controls: Resource) -> bool:
    """Controls that forbid ACLs are told of by s3-acl."""
    return Declared(controls).says("rule.objectOwnership", WITHOUT_ACLS) is not Truth.TRUE


def _lets_secrets_in(permission: Resource) -> bool:
    says = Declared(permission).says("principal", "secretsmanager.amazonaws.com")
    return says is Truth.TRUE


def _accepts(accepter: Resource) -> bool:
    """One that accepts nothing is told of by vpc-peering-accepted."""
    return Declared(accepter).is_true("autoAccept") is not Truth.FALSE


def _accepted(operation: str) -> _Edge:
    return _Edge(
        _named_by("transitGatewayAttachmentId"),
        TRANSIT_GATEWAY_ACCEPTER,
        "transitGatewayAttachmentId",
        "the accepter of",
        f"{operation} answers IncorrectState: tgw-attach-... is in invalid state",
    )


_PEERED: Final = _Edge(
    _peerings_from_abroad,
    PEERING_ACCEPTER,
    "vpcPeeringConnectionId",
    "the accepter of",
    "CreateRoute answers InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID "
    "'pcx-...' does not exist",
    counts=_accepts,
)
BESIDE: Final[Mapping[str, _Edge]] = {
    TRAIL: _Edge(
        _named_by("s3BucketName"),
        BUCKET_POLICY,
        "bucket",
        "the policy that allows CloudTrail to write to",
        "CreateTrail answers InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is "
        "detected for bucket: ...",
        is_in_place=_has_policy,
        counts=_may_let_in("cloudtrail", accounts=True),
    ),
    LOG_GROUP: _Edge(
        _named_by("kmsKeyId"),
        KMS_KEY_POLICY,
        "keyId",
        "the policy that allows CloudWatch Logs to use",
        "CreateLogGroup answers AccessDeniedException: The specified KMS key does not exist or is "
        "not allowed to be used with Arn 'arn:aws:logs:...'",
        is_in_place=_has_policy,
        counts=_may_let_in("logs.", accounts=False),
    ),
    BUCKET_REPLICATION: _Edge(
        _destinations,
        BUCKET_VERSIONING,
        "bucket",
        "the versioning of its destination",
        "PutBucketReplication answers InvalidRequest: Destination bucket must have versioning "
        "enabled.",
        is_in_place=_keeps_versions,
        counts=_enables,
    ),
    BUCKET_ACL: _Edge(
        _named_by("bucket"),
        BUCKET_OWNERSHIP,
        "bucket",
        "the ownership controls of",
        "PutBucketAcl answers AccessControlListNotSupported: The bucket does not allow ACLs",
        counts=_allows_acls,
    ),
    LAMBDA_FUNCTION: _Edge(
        _file_systems,
        MOUNT_TARGET,
        "fileSystemId",
        "the mount targets of",
        "CreateFunction answers: ... has mount targets created in all availability zones the "
        "function will execute in, but not all are in the available life cycle state yet. Please "
        "wait ...",
        must_have=_is_in_a_subnet_of,
    ),
    SECRET_ROTATION: _Edge(
        _named_by("rotationLambdaArn"),
        LAMBDA_PERMISSION,
        "function",
        "the permission by which Secrets Manager calls",
        "RotateSecret answers AccessDeniedException: Secrets Manager cannot invoke the specified "
        "Lambda function.",
        counts=_lets_secrets_in,
    ),
    **dict.fromkeys((ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE), _PEERED),
    TRANSIT_GATEWAY_ROUTE: _accepted("CreateTransitGatewayRoute"),
    TRANSIT_GATEWAY_ASSOCIATION: _accepted("AssociateTransitGatewayRouteTable"),
}
"""By kind, what must be in place before."""
