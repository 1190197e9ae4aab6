"""Races that fail a first deployment although every resource is right.

Pulumi makes resources side by side unless one waits for the other. A secondary cluster that waits
for the primary cluster but not for its writer instance fails with `InvalidDBClusterStateFault:
Source cluster is in a state which is not valid for physical replication` or `The parameter
MasterUsername must be provided and must not be blank`; a load balancer or NAT
gateway that is made while the gateway is not attached yet fails with `InvalidSubnet: VPC vpc-… has
no internet gateway` or `Gateway.NotAttached`; a trail or log group whose bucket or key has its
policy in a resource of its own is refused until that is there, and so are replication into a bucket
whose versioning stands beside it, an ACL, a function on a file system and the rotation of a secret.
The second `pulumi up` then succeeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .model import Model
from .model.answers import CannotTell
from .model.aurora.global_databases import joins
from .model.inputs import Declared
from .model.references import target
from .model.resource import Resource
from .model.stack import Stack
from .model.storage.buckets import OFF, WITHOUT_ACLS
from .model.storage.replication import destinations
from .model.truth import Truth
from .model.values import Absent
from .model.vocabulary import (
    ACCESS_POINT,
    BUCKET_ACL,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
    CLUSTER,
    KMS_KEY_POLICY,
    LAMBDA_FUNCTION,
    LAMBDA_PERMISSION,
    LOAD_BALANCER,
    LOG_GROUP,
    MOUNT_TARGET,
    NAT_GATEWAY,
    SECRET_ROTATION,
    TRAIL,
    VPC,
)
from .model.words import enumerated
from .rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_SOURCE_NOT_READY = (
    "CreateDBCluster answers InvalidDBClusterStateFault: Source cluster is in a state which is not "
    "valid for physical replication, or InvalidParameterValue: The parameter MasterUsername must "
    "be provided and must not be blank."
)
_NO_USER_NAME = (
    "A user name is not the cure: a secondary takes it over from the primary, and AWS refuses one."
)
_NOT_ATTACHED = {
    LOAD_BALANCER: "CreateLoadBalancer answers InvalidSubnet: VPC vpc-... has no internet gateway.",
    NAT_GATEWAY: "The NAT gateway ends in the state failed with Gateway.NotAttached.",
}


class _Race(NamedTuple):
    """What does not wait. The chains name who and for whom, `answers` say what AWS does where the
    others are not there yet."""

    subject: Resource
    problem: str
    chains: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    fix: str
    hasty: tuple[Resource, ...] = ()


class _Edge(NamedTuple):
    """What a resource must find in place: of what it uses, the resources of the kind `beside` that
    name it by a property, and AWS's answer where they are not there yet. `is_in_place` tells that
    what it uses needs none; `counts` which of them AWS looks for. `what` they are is in words."""

    uses: Callable[[Resource, Stack], Iterable[Resource]]
    beside: str
    named_by: str
    what: str
    answer: str
    is_in_place: Callable[[Resource], bool] = lambda _: False
    counts: Callable[[Resource], bool] = lambda _: True


def _named_by(name: str) -> Callable[[Resource, Stack], Iterable[Resource]]:
    """What a resource uses: what the property names for sure."""

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


def _has_policy(used: Resource) -> bool:
    return used.sets("policy")


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


_EDGES: Final = {
    TRAIL: _Edge(
        _named_by("s3BucketName"),
        BUCKET_POLICY,
        "bucket",
        "the policy that lets its service use",
        "CreateTrail answers InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is "
        "detected for bucket: ...",
        is_in_place=_has_policy,
    ),
    LOG_GROUP: _Edge(
        _named_by("kmsKeyId"),
        KMS_KEY_POLICY,
        "keyId",
        "the policy that lets its service use",
        "CreateLogGroup answers AccessDeniedException: The specified KMS key does not exist or is "
        "not allowed to be used with Arn 'arn:aws:logs:...'",
        is_in_place=_has_policy,
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
        "PutBucketAcl answers AccessControlListNotSupported: The bucket does not allow ACLs.",
        counts=_allows_acls,
    ),
    LAMBDA_FUNCTION: _Edge(
        _file_systems,
        MOUNT_TARGET,
        "fileSystemId",
        "the mount targets of",
        "CreateFunction answers that the file system has mount targets in all availability zones "
        "the function will execute in, but not all are in the available life cycle state yet.",
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
}
"""By kind, what must be in place before: what stands in a resource of its own, which nothing but
the program makes Pulumi wait for."""


def waits_for_what_it_needs(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A resource must wait for what AWS needs in place before it. All that does not is told of
    once, with the first of them."""
    if subject.kind == CLUSTER:
        yield from _without_instance(subject, model)
    races = model.once(_races)
    if races and races[0].subject is subject:
        yield _told_together(races)


def _races(model: Model) -> Sequence[_Race]:
    """What does not wait, in the order of the subjects' URNs."""
    subjects = model.stack.of(*_ASKED)
    return [race for each in subjects for race in _ASKED[each.kind](each, model)]


def _told_together(races: Sequence[_Race]) -> Violation:
    first = races[0]
    together = (
        f"{first.subject.label} is one of {len(races)} places where a resource does not wait for "
        "what AWS needs before it:"
    )
    answers = dict.fromkeys(answer for race in races for answer in race.answers)
    return Violation(
        first.subject,
        first.problem if len(races) == 1 else together,
        chains=tuple(chain for race in races for chain in race.chains),
        effect=f"a first deployment may fail: {' '.join(answers)} The next one succeeds.",
        fix=" ".join(dict.fromkeys(race.fix for race in races)),
        parties=tuple(each for race in races for each in (race.subject, *race.hasty)),
    )


def _primary_of(cluster: Resource, model: Model) -> Resource | None:
    """The primary of the global database that a cluster joins as a secondary."""
    database = model.aurora.database_of(cluster)
    if database is None or isinstance(database, CannotTell) or not joins(cluster):
        return None
    primary = model.aurora.primary(database)
    return None if isinstance(primary, CannotTell) or primary is cluster else primary


def _secondary(cluster: Resource, model: Model) -> Iterator[_Race]:
    """A new secondary must wait for an instance of its primary, unless that exists."""
    primary = _primary_of(cluster, model) if cluster.is_new else None
    if primary is None:
        return
    writers = model.aurora.instances(primary)
    if writers and all(each.is_new for each in writers) and not _waits(cluster, writers, model):
        yield _Race(
            cluster,
            f"{cluster.label} joins the global database of {primary.label} without waiting for an "
            "instance of that cluster:",
            chains=((cluster.label, "does not wait for", writers[0].label),),
            answers=(_SOURCE_NOT_READY,),
            fix=f"Let {cluster.label} wait for {writers[0].label} (dependsOn). {_NO_USER_NAME}",
        )


def _without_instance(cluster: Resource, model: Model) -> Iterator[Outcome]:
    """Of a primary that exists, or that another program may give an instance, nobody can tell."""
    primary = _primary_of(cluster, model)
    if (
        primary is not None
        and primary.is_new
        and not model.aurora.instances(primary)
        and not model.aurora.may_have_instances(primary)
    ):
        yield Violation(
            cluster,
            f"{cluster.label} joins the global database of {primary.label}, which has no instance:",
            chains=((cluster.label, primary.label, "no instance in this stack"),),
            effect=f"the deployment may fail: {_SOURCE_NOT_READY}",
            fix=f"Add an instance to {primary.label}, and let {cluster.label} wait for it "
            f"(dependsOn). {_NO_USER_NAME}",
        )


def _behind_a_gateway(vpc: Resource, model: Model) -> Iterator[_Race]:
    """Everything new in a VPC that does not wait for its new internet gateway."""
    network = model.network()
    attachments = network.gateways.attachments_of(vpc)
    if not attachments or not all(each.is_new for each in attachments):
        return  # What is attached already need not be waited for.
    hasty = [
        user.resource
        for user in network.users_of_gateways.get(vpc.urn, ())
        if user.resource.is_new
        and not user.comes_late
        and not _waits(user.resource, attachments, model)
    ]
    if hasty:
        kinds = sorted({each.kind for each in hasty})
        yield _Race(
            vpc,
            f"{vpc.label} gets an internet gateway, and what needs the gateway does not wait for "
            "it:",
            chains=tuple((each.label, "does not wait for", attachments[0].label) for each in hasty),
            answers=tuple(_NOT_ATTACHED[kind] for kind in kinds),
            fix=f"Let {enumerated([each.label for each in hasty])} depend on "
            f"{attachments[0].label} (the option dependsOn).",
            hasty=tuple(hasty),
        )


def _after_what_it_finds(subject: Resource, model: Model) -> Iterator[_Race]:
    """What AWS looks for, and another resource gives to what the subject uses, must come first."""
    edge = _EDGES[subject.kind]
    for used in edge.uses(subject, model.stack) if subject.is_new else ():
        if edge.is_in_place(used):
            continue
        awaited = tuple(
            each
            for each, is_sure in model.stack.naming(used, edge.named_by, edge.beside)
            if is_sure and edge.counts(each)
        )
        is_new = bool(awaited) and all(each.is_new for each in awaited)
        if is_new and not _waits(subject, awaited, model):
            yield _Race(
                subject,
                f"{subject.label} does not wait for {edge.what} {used.label}:",
                chains=((subject.label, "does not wait for", awaited[0].label),),
                answers=(edge.answer,),
                fix=f"Let {subject.label} depend on {enumerated([each.label for each in awaited])} "
                "(the option dependsOn).",
            )


def _waits(subject: Resource, others: tuple[Resource, ...], model: Model) -> bool:
    return bool(model.stack.waits_for(subject) & {other.urn for other in others})


_ASKED: Final[Mapping[str, Callable[[Resource, Model], Iterator[_Race]]]] = {
    CLUSTER: _secondary,
    VPC: _behind_a_gateway,
    **dict.fromkeys(_EDGES, _after_what_it_finds),
}


CREATION_ORDER = StackRule(
    name="creation-order",
    title="Wait for what AWS needs first",
    description="A resource should wait for what AWS needs in place before it is created.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "rds", "vpc", "elasticloadbalancing", "cloudtrail", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidDBClusterStateFault: Source cluster is in a state which is not valid "
            "for physical replication",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/48769 (the "
            "example at https://www.pulumi.com/registry/packages/aws/api-docs/rds/globalcluster/ "
            "waits for the primary's instance)",
            date="2026-07-02",
        ),
        Evidence(
            effect="InvalidParameterValue: The parameter MasterUsername must be provided and must "
            "not be blank",
            source="https://github.com/hashicorp/terraform-provider-aws/pull/26033 (the cause "
            "was that the secondary cluster did not wait for the primary's instance)",
            date="2022-07-28",
        ),
        Evidence(
            effect="InvalidSubnet: VPC vpc-... has no internet gateway",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/4587",
            date="2026-11-24",
        ),
        Evidence(
            effect="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected "
            "for bucket: ...",
            source="CreateTrail, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="InvalidRequest: Destination bucket must have versioning enabled.",
            source="PutBucketReplication, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="AccessControlListNotSupported: The bucket does not allow ACLs",
            source="PutBucketAcl, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="... has mount targets created in all availability zones the function will "
            "execute in, but not all are in the available life cycle state yet. Please wait ...",
            source="CreateFunction; https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-07",
        ),
        Evidence(
            effect="AccessDeniedException: Secrets Manager cannot invoke the specified Lambda "
            "function.",
            source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/"
            "troubleshoot_rotation.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Name what the resource must wait for in its option dependsOn.",
    in_doubt="name what must exist first in the option dependsOn",
    kinds=tuple(_ASKED),
    check=waits_for_what_it_needs,
)
