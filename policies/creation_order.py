"""Races that fail a first deployment although every resource is right.

Pulumi makes resources side by side unless one waits for the other. A secondary cluster that waits
for the primary cluster but not for its writer instance fails with `InvalidDBClusterStateFault:
Source cluster is in a state which is not valid for physical replication` or `The parameter
MasterUsername must be provided and must not be blank`; a load balancer or NAT
gateway that is made while the gateway is not attached yet fails with `InvalidSubnet: VPC vpc-… has
no internet gateway` or `Gateway.NotAttached`; a trail or log group whose bucket or key has its
policy in a resource of its own is refused until that is there; a listener that takes a certificate
which is not issued yet is refused too. The second `pulumi up` then succeeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .entry.first_things import FIRST
from .model import Model
from .model.answers import CannotTell
from .model.aurora.global_databases import joins
from .model.references import target
from .model.resource import Resource
from .model.vocabulary import (
    BUCKET_POLICY,
    CLUSTER,
    KMS_KEY_POLICY,
    LOAD_BALANCER,
    LOG_GROUP,
    NAT_GATEWAY,
    TRAIL,
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
    answer where it is not there yet."""

    of: str
    beside: str
    named_by: str
    answer: str


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
}
"""What must be in place before these kinds: a policy that stands in a resource of its own."""


def waits_for_what_it_needs(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A resource must wait for what AWS needs in place before it."""
    if subject.kind == CLUSTER:
        yield from _secondary(subject, model)
    elif subject.kind == VPC:
        yield from _behind_a_gateway(subject, model)
    elif subject.kind in _LOOKED_FOR:
        yield from _after_the_policy(subject, model)
    else:
        yield from _after_first_things(subject, model)


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


def _after_the_policy(subject: Resource, model: Model) -> Iterator[Outcome]:
    """What AWS lets a service use must have its policy first."""
    looked_for = _LOOKED_FOR[subject.kind]
    used = target(model.stack.reference(subject, looked_for.of))
    if used is None or used.sets("policy"):
        return
    policies = tuple(
        each
        for each, is_sure in model.stack.naming(used, looked_for.named_by, looked_for.beside)
        if is_sure
    )
    if policies and all(each.is_new for each in policies) and not _waits(subject, policies, model):
        yield Violation(
            subject,
            f"{subject.label} does not wait for the policy that lets its service use {used.label}:",
            chains=((subject.label, "does not wait for", policies[0].label),),
            effect=f"a first deployment may fail: {looked_for.answer} The next one succeeds.",
            fix=f"Let {subject.label} depend on {policies[0].label} (the option dependsOn).",
        )


def _after_first_things(subject: Resource, model: Model) -> Iterator[Outcome]:
    """What clients reach must find its certificate issued, its alarm and its key made."""
    for ask in FIRST[subject.kind]:
        for needed in ask(subject, model):
            first = needed.first
            if any(not each.is_new for each in first) or _waits(subject, first, model):
                continue
            what = f"{first[0].label}" if first else "a CertificateValidation"
            yield Violation(
                subject,
                f"{subject.label} does not wait {needed.why}:",
                chains=((subject.label, "does not wait for", what),),
                effect=f"a first deployment may fail with {needed.answers} The next one succeeds.",
                fix=f"Let {subject.label} depend on {what} (the option dependsOn), or take what it "
                "names from an output of that.",
                parties=first,
            )


def _waits(subject: Resource, others: tuple[Resource, ...], model: Model) -> bool:
    return bool(model.stack.waits_for(subject) & {other.urn for other in others})


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
            effect="UnsupportedCertificate: The certificate 'arn:...' must have a fully-qualified "
            "domain name, a supported signature, and a supported key size.",
            source="CreateListener, public deployment logs",
            date="2026-11-26",
        ),
    ),
    fix="Name what the resource must wait for in its option dependsOn.",
    in_doubt="name what must exist first in the option dependsOn",
    kinds=(CLUSTER, VPC, *_LOOKED_FOR, *FIRST),
    check=waits_for_what_it_needs,
)
