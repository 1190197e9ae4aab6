"""Two resources that are one thing in AWS, since they have one name.

A second alarm of a name is no error: PutMetricAlarm changes the first. The program then has two of
what there is one of, each deployment of one undoes the other, and to delete one is to delete both.
It is the slip of a component that is used twice and has its names written into it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.names import ONE_THING
from ..model.resource import Resource
from ..rule import Asked, Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation


def is_a_thing_of_its_own(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """Two resources must not be one thing. The later one is told of."""
    for other in model.names.namesakes(resource):
        if other.precedence < resource.precedence and model.names.are_one(resource, other):
            space = ONE_THING[resource.kind]
            yield Violation(
                resource,
                f"{resource.label} has the same {resource.own_name(space.property)} as "
                f"{other.label}, so both are one {space.of}.",
                effect=space.answer,
                parties=(other,),
            )
            return


OVERWRITTEN_NAMES = StackRule(
    name="overwritten-names",
    title="Names that AWS takes twice",
    description="Two alarms, dashboards, event rules, queues, topics or buckets should not share a "
    "name where AWS takes them for one.",
    asked=Asked.ALWAYS,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "cloudwatch", "events", "sns", "sqs", "s3", "disaster-recovery"),
    evidence=(
        Evidence(
            "PutMetricAlarm: when you update an existing alarm, its state is left unchanged, but "
            "the update completely overwrites the previous configuration of the alarm.",
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
            "API_PutMetricAlarm.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "PutRule: if you are updating an existing rule, the rule is replaced with what you "
            "specify in this PutRule command.",
            "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "CreateTopic and CreateQueue give the ARN and the URL of what has the name and the "
            "same attributes already.",
            "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html; "
            "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/"
            "API_CreateQueue.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "CreateBucket answers BucketAlreadyOwnedByYou in all AWS Regions except in the North "
            "Virginia Region.",
            "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Put what tells them apart (primary, standby) into the name, or leave the name to Pulumi.",
    kinds=tuple(ONE_THING),
    check=is_a_thing_of_its_own,
)
