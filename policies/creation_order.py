"""Races that fail a first deployment although every resource is right.

Pulumi makes resources side by side unless one waits for the other. A secondary cluster that waits
for the primary cluster but not for its writer instance fails with `InvalidDBClusterStateFault:
Source cluster is in a state which is not valid for physical replication` or `The parameter
MasterUsername must be provided and must not be blank`; a load balancer or NAT
gateway that is made while the gateway is not attached yet fails with `InvalidSubnet: VPC vpc-… has
no internet gateway` or `Gateway.NotAttached`; a trail or log group whose bucket or key has its
policy in a resource of its own is refused until that is there, and so are a function as a target
that may not be called yet, a route over a peering that is not accepted yet, and the scaling of a
service that is not there yet. The second `pulumi up` then succeeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from .model import Model
from .model.answers import CannotTell
from .model.aurora.global_databases import joins
from .model.functions import permissions
from .model.references import target
from .model.resource import Resource
from .model.values import Known
from .model.vocabulary import (
    BUCKET_POLICY,
    CLUSTER,
    ECS_SERVICE,
    KMS_KEY_POLICY,
    LAMBDA_FUNCTION,
    LOAD_BALANCER,
    LOG_GROUP,
    NAT_GATEWAY,
    SCALABLE_TARGET,
    TARGET_GROUP_ATTACHMENT,
    TRAIL,
    TRANSIT_GATEWAY_ASSOCIATION,
    TRANSIT_GATEWAY_PEERING_ACCEPTER,
    TRANSIT_GATEWAY_ROUTE,
    VPC,
)
from .model.words import enumerated
from .rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation

_SOURCE_NOT_READY = (
    "CreateDBCluster answers InvalidDBClusterStateFault: Source cluster is in a state which is not "
    "valid for physical replication, or InvalidParameterValue: The parameter MasterUsername must "
    "be provided and must not be blank."
)
_NO_USER_NAME = (
    "A user name is not the cure: a secondary takes it over from the primary, and AWS refuses one."
)
_NOT_ATTACHED = {
    LOAD_BALANCER: "a first deployment may fail: CreateLoadBalancer answers InvalidSubnet: VPC "
    "vpc-... has no internet gateway.",
    NAT_GATEWAY: "a first deployment may fail: the NAT gateway ends in the state failed with "
    "Gateway.NotAttached.",
}


class _LookedFor(NamedTuple):
    """A resource of the kind `beside`, which configures what the property `of` names, and AWS's
    answer where it is not there yet. `what` it is, in words that go on with what is named; where
    that says it itself, in the property `within`, nothing need be waited for."""

    of: str
    beside: str
    named_by: str
    answer: str
    what: str = "the policy that lets its service use"
    within: str | None = "policy"


def _accepted(answer: str) -> _LookedFor:
    return _LookedFor(
        "transitGatewayAttachmentId",
        TRANSIT_GATEWAY_PEERING_ACCEPTER,
        "transitGatewayAttachmentId",
        f"{answer} answers IncorrectState: tgw-attach-... is in invalid state",
        what="what accepts",
        within=None,
    )


_LOOKED_FOR: Final = {
    TRAIL: _LookedFor(
        "s3BucketName",
        BUCKET_POLICY,
        "bucket",
        "CreateTrail answers InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is "
        "detected for bucket: ...",
    ),
    LOG_GROUP: _LookedFor(
        "kmsKeyId",
        KMS_KEY_POLICY,
        "keyId",
        "CreateLogGroup answers AccessDeniedException: The specified KMS key does not exist or is "
        "not allowed to be used with Arn 'arn:aws:logs:...'",
    ),
    TRANSIT_GATEWAY_ROUTE: _accepted("CreateTransitGatewayRoute"),
    TRANSIT_GATEWAY_ASSOCIATION: _accepted("AssociateTransitGatewayRouteTable"),
}
"""What must be in place before these kinds: a policy that stands in a resource of its own, or the
acceptance of a peering."""

_BALANCING: Final = "elasticloadbalancing.amazonaws.com"
_SCALES_NOTHING: Final = (
    "RegisterScalableTarget answers ValidationException: ECS service doesn't exist: service/..."
)
_MAY_NOT_CALL: Final = (
    "RegisterTargets answers AccessDenied: elasticloadbalancing principal does not have permission "
    "to invoke arn:aws:lambda:... from target group arn:..."
)


def waits_for_what_it_needs(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A resource must wait for what AWS needs in place before it."""
    yield from _CHECKS[subject.kind](subject, model)


def _secondary(cluster: Resource, model: Model) -> Iterator[Outcome]:
    """A new secondary must wait for an instance of its primary, unless that exists."""
    aurora = model.aurora
    database = aurora.database_of(cluster)
    if database is None or isinstance(database, CannotTell) or not joins(cluster):
        return
    primary = aurora.primary(database)
    if isinstance(primary, CannotTell) or primary is cluster:
        return
    writers = aurora.instances(primary)
    if not writers:
        yield from _without_instance(cluster, primary, model)
    elif all(each.is_new for each in writers) and not _waits(cluster, writers, model):
        yield Violation(
            cluster,
            f"{cluster.label} joins the global database of {primary.label} without waiting for an "
            "instance of that cluster:",
            chains=((cluster.label, "does not wait for", writers[0].label),),
            effect=f"a first deployment may fail: {_SOURCE_NOT_READY} The next one succeeds.",
            fix=f"Let {cluster.label} wait for {writers[0].label} (dependsOn). {_NO_USER_NAME}",
        )


def _without_instance(cluster: Resource, primary: Resource, model: Model) -> Iterator[Outcome]:
    """Of a primary that exists, or that another program may give an instance, nobody can tell."""
    if primary.is_new and not model.aurora.may_have_instances(primary):
        yield Violation(
            cluster,
            f"{cluster.label} joins the global database of {primary.label}, which has no instance:",
            chains=((cluster.label, primary.label, "no instance in this stack"),),
            effect=f"the deployment may fail: {_SOURCE_NOT_READY}",
            fix=f"Add an instance to {primary.label}, and let {cluster.label} wait for it "
            f"(dependsOn). {_NO_USER_NAME}",
        )


def _behind_a_gateway(vpc: Resource, model: Model) -> Iterator[Outcome]:
    """The finding on everything new in a VPC that does not wait for its new internet gateway."""
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
        yield Violation(
            vpc,
            f"{vpc.label} gets an internet gateway, and what needs the gateway does not wait for "
            "it:",
            chains=tuple((each.label, "does not wait for", attachments[0].label) for each in hasty),
            effect=" ".join(_NOT_ATTACHED[kind] for kind in kinds) + " The next one succeeds.",
            fix=f"Let {enumerated([each.label for each in hasty])} depend on "
            f"{attachments[0].label} (the option dependsOn).",
            parties=tuple(hasty),
        )


def _after_what_is_looked_for(subject: Resource, model: Model) -> Iterator[Outcome]:
    """What AWS looks for beside what is used must be there first."""
    looked_for = _LOOKED_FOR[subject.kind]
    used = target(model.stack.reference(subject, looked_for.of))
    if used is None or (looked_for.within is not None and used.sets(looked_for.within)):
        return
    beside = tuple(
        each
        for each, is_sure in model.stack.naming(used, looked_for.named_by, looked_for.beside)
        if is_sure
    )
    if beside and all(each.is_new for each in beside) and not _waits(subject, beside, model):
        yield _hasty(subject, beside[0], f"{looked_for.what} {used.label}", looked_for.answer)


def _after_the_permission(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """A load balancer must be allowed to call a function before that becomes its target."""
    function = target(model.stack.reference(attachment, "targetId", LAMBDA_FUNCTION))
    if function is None:
        return
    allowed = list(permissions(model.stack, function, _BALANCING))
    found = tuple(each for each, _ in allowed)
    is_sure = bool(allowed) and all(sure and each.is_new for each, sure in allowed)
    if is_sure and not _waits(attachment, found, model):
        what = f"the permission to call {function.label}"
        yield _hasty(attachment, found[0], what, _MAY_NOT_CALL)


def _after_the_service(scaled: Resource, model: Model) -> Iterator[Outcome]:
    """A service whose name stands in a text must be there before its scaling."""
    match scaled.text("resourceId"):
        case Known(text) if text.startswith("service/"):
            services = _services(text.rpartition("/")[2], scaled, model)
        case _:
            return
    are_new = bool(services) and all(each.is_new for each in services)
    if are_new and not _waits(scaled, services, model):
        yield _hasty(scaled, services[0], "the service that it scales", _SCALES_NOTHING)


def _services(name: str, beside: Resource, model: Model) -> tuple[Resource, ...]:
    """The services of that name in the region of another resource."""
    return tuple(
        each
        for each in model.stack.of(ECS_SERVICE)
        if each.text("name") == Known(name) and each.shares_region_with(beside)
    )


def _hasty(subject: Resource, awaited: Resource, what: str, answer: str) -> Violation:
    return Violation(
        subject,
        f"{subject.label} does not wait for {what}:",
        chains=((subject.label, "does not wait for", awaited.label),),
        effect=f"a first deployment may fail: {answer} The next one succeeds.",
        fix=f"Let {subject.label} depend on {awaited.label} (the option dependsOn).",
    )


def _waits(subject: Resource, others: tuple[Resource, ...], model: Model) -> bool:
    return bool(model.stack.waits_for(subject) & {other.urn for other in others})


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    CLUSTER: _secondary,
    VPC: _behind_a_gateway,
    TARGET_GROUP_ATTACHMENT: _after_the_permission,
    SCALABLE_TARGET: _after_the_service,
    **dict.fromkeys(_LOOKED_FOR, _after_what_is_looked_for),
}

CREATION_ORDER = StackRule(
    name="creation-order",
    title="Wait for what AWS needs first",
    description="A resource should wait for what AWS needs in place before it is created.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "rds", "vpc", "elasticloadbalancing", "cloudtrail", "ecs", "disaster-recovery"),
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
        Evidence(_MAY_NOT_CALL, "public deployment logs", "2026-11-26"),
        Evidence(_SCALES_NOTHING, "public deployment logs", "2026-11-26"),
        Evidence(
            "IncorrectState: tgw-attach-... is in invalid state",
            "https://github.com/hashicorp/terraform-provider-aws/issues/14228",
            "2026-11-26",
        ),
    ),
    fix="Name what the resource must wait for in its option dependsOn.",
    in_doubt="name what must exist first in the option dependsOn",
    kinds=tuple(_CHECKS),
    check=waits_for_what_it_needs,
)
