"""References that AWS is documented to follow within one region, without its answer being known.

What AWS was seen to refuse is told of by region-local-references, whose data hold nearly all such
properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..messaging.queue_kinds import QUEUE
from ..model import Model
from ..model.plain import NamedTuple
from ..model.regions.regional_references import Row, local_properties
from ..model.resource import Resource
from ..model.vocabulary import BUCKET, LAMBDA_FUNCTION, LOG_GROUP, TOPIC_SUBSCRIPTION
from ..model.words import listed
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation
from .local_references import chain, parties, problem
from .zones import without_an_answer, zones_elsewhere

_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
_READ: Final = "2026-11-26"


class _Place(NamedTuple):
    """A property by which AWS is said to look in the resource's own region."""

    row: Row
    evidence: Evidence


_EVENTS: Final = _Place(
    Row(
        "arn",
        (
            *(LAMBDA_FUNCTION, "aws:lambda/alias:Alias", QUEUE),
            *("aws:sns/topic:Topic", "aws:kinesis/stream:Stream", LOG_GROUP),
            *("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",),
            *("aws:sfn/stateMachine:StateMachine", "aws:ecs/cluster:Cluster"),
            *("aws:batch/jobQueue:JobQueue", "aws:codebuild/project:Project"),
            *("aws:codepipeline/pipeline:Pipeline", "aws:ssm/document:Document"),
            *("aws:glue/workflow:Workflow", "aws:redshift/cluster:Cluster"),
            *("aws:sagemaker/pipeline:Pipeline",),
            "aws:cloudwatch/eventApiDestination:EventApiDestination",
        ),
        arns_of=(
            *("lambda", "sqs", "sns", "kinesis", "logs", "firehose", "states", "ecs", "batch"),
            *("codebuild", "codepipeline", "ssm", "glue", "redshift", "sagemaker"),
            *("execute-api", "appsync"),
        ),
    ),
    Evidence(
        "sends events to another region only through an event bus of that region.",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html",
        _READ,
        Kind.DOCUMENTED,
    ),
)
_DEAD_LETTERS: Final = _Place(
    Row("redrivePolicy", (QUEUE,), json_key="deadLetterTargetArn"),
    Evidence(
        "SNS asks that the dead-letter queue is in the same region as the subscription: "
        "RedrivePolicy: deadLetterTargetArn must be in the same region as the subscription",
        "https://github.com/badmintoncryer/cdk-preflight, without a deployment of its own",
        _READ,
        Kind.REPORTED,
    ),
)
_CONFIGURATION: Final = _Place(
    Row("bucket", (BUCKET,)),
    Evidence(
        "S3 answers PermanentRedirect to requests in any region other than the bucket's.",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        _READ,
        Kind.DOCUMENTED,
    ),
)
_OF_BUCKETS: Final = (
    *("bucketAccelerateConfiguration:BucketAccelerateConfiguration", "bucketAcl:BucketAcl"),
    *("bucketCorsConfiguration:BucketCorsConfiguration", "bucketLogging:BucketLogging"),
    *("bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucketMetric:BucketMetric"),
    *("bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",),
    *("bucketNotification:BucketNotification", "bucketPolicy:BucketPolicy"),
    *("bucketObject:BucketObject", "bucketObjectv2:BucketObjectv2", "inventory:Inventory"),
    *("bucketObjectLockConfiguration:BucketObjectLockConfiguration",),
    *("bucketOwnershipControls:BucketOwnershipControls",),
    *("bucketPublicAccessBlock:BucketPublicAccessBlock",),
    *("bucketReplicationConfig:BucketReplicationConfig", "bucketVersioning:BucketVersioning"),
    *("bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",),
    *("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",),
    *("bucketWebsiteConfiguration:BucketWebsiteConfiguration",),
    *("analyticsConfiguration:AnalyticsConfiguration",),
    *("bucketCorsConfigurationV2:BucketCorsConfigurationV2",),
    *("bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2",),
    "bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    *("bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",),
)
"""What configures a bucket, or is in it, beside it."""

_PLACES: Final[Mapping[str, _Place]] = {
    _TARGET: _EVENTS,
    TOPIC_SUBSCRIPTION: _DEAD_LETTERS,
    **{f"aws:s3/{name}": _CONFIGURATION for name in _OF_BUCKETS},
}


_ZONES: Final = Evidence(
    "does not have the zone {zone} in this region: a zone is named by its region and a letter, and "
    "it is in that region only.",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    "2026-04-08",
    Kind.DOCUMENTED,
)


def is_where_aws_looks(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a resource names should be in its region. One that is itself in the wrong place is told
    of by region-local-references, and a zone whose name was seen to be refused by
    zone-in-region."""
    if resource.kind in _PLACES:
        yield from _references(resource, model)
    if resource.kind in without_an_answer():
        yield from zones_elsewhere(resource, model, _ZONES.effect)
    yield from _ids_of_two_regions(resource, model)


def _references(resource: Resource, model: Model) -> Iterator[Outcome]:
    row, evidence = _PLACES[resource.kind]
    references = model.regional_references
    abroad = references.by(resource, row).abroad
    if abroad and not references.of(resource).abroad:
        yield Violation(
            resource,
            problem(resource, abroad),
            chains=tuple(chain(resource, each) for each in abroad),
            effect=evidence.effect,
            parties=parties(abroad),
        )


_IDS: Final = Evidence(
    "gives an id to one resource, which is in one region, and does not find it in any other.",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resources.html",
    "2026-11-27",
    Kind.DOCUMENTED,
)


def _ids_of_two_regions(resource: Resource, model: Model) -> Iterator[Outcome]:
    """An id that stands in the program is of one region, whatever uses it in another."""
    twice = model.regional_references.twice(resource)
    if twice:
        others = tuple({each.other.urn: each.other for each in twice}.values())
        yield Violation(
            resource,
            f"{resource.label} names in {listed(sorted({each.looked_in for each in twice}))} an id "
            "that another resource names in another region:",
            chains=tuple(
                (resource.label, each.path, each.id, f"{each.other.label}, in {each.elsewhere}")
                for each in twice
            ),
            effect=_IDS.effect,
            fix="Look up the id in each region, or take it from the configuration of each.",
            parties=others,
        )


DOCUMENTED_REGIONS = StackRule(
    name="documented-regions",
    reads_native=False,
    unread="targets and configuration are blocks of one resource there",
    title="References that AWS documents to stay within their region",
    description="A resource should not refer to a resource or a zone in another region where AWS "
    "documents that both must be in one.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "events", "s3", "sns", "disaster-recovery"),
    evidence=(
        *dict.fromkeys(each.evidence for each in _PLACES.values()),
        _ZONES._replace(effect=_ZONES.effect.format(zone="us-west-2a")),
        _IDS,
    ),
    fix="Create the resource with the provider (or region) of what it refers to, or refer to a "
    "resource in its own region; to send events to another region, target an event bus there.",
    kinds=lambda: tuple(
        dict.fromkeys((*_PLACES, *sorted(without_an_answer()), *local_properties()))
    ),
    check=is_where_aws_looks,
)
