"""Trails of CloudTrail: what they record of objects, and whether they may write to their bucket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ..model import Model
from ..model.arns import account_of
from ..model.inputs import Block, Declared
from ..model.references import possible
from ..model.resource import Resource
from ..model.resource_policies import let_in_by_bucket
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import TRAIL
from ..refusal import Inputs, Refusal, Topic, family
from ..rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Violation,
)

_TAGS: Final = ("aws", "cloudtrail", "s3")
_S3: Final = r"arn:[^:]+:s3(?::::(?:([^/]*)(/.*)?)?)?"
"""An ARN of S3: its bucket and its key, where it has them."""


def _names_no_object(value: str) -> bool:
    """`arn:aws:s3` and `arn:aws:s3:::` stand for all objects, `arn:aws:s3:::BUCKET/` for those of a
    bucket. ARNs of other forms are left alone."""
    found = re.fullmatch(_S3, value)
    if found is None:
        return not value.startswith("arn:")
    bucket, key = found.group(1), found.group(2)
    return bucket in ("", "*") if key else bool(bucket)


def _has_a_pattern(value: str) -> bool:
    found = re.fullmatch(_S3, value)
    bucket = found.group(1) if found else None
    return bool(bucket) and "*" in str(bucket) and not _names_no_object(value)


def _some_value(condition: Callable[[str], bool]) -> Callable[[Declared], Truth]:
    """Whether the condition holds of a value for S3 objects in a selector of the trail."""

    def of_resource(resource: Block) -> Truth:
        return resource.says("type", "AWS::S3::Object") & resource.some_text("values", condition)

    return lambda trail: trail.some(
        "eventSelectors", lambda selector: selector.some("dataResources", of_resource)
    )


def _selects(*objects: str) -> Inputs:
    resource = {"type": "AWS::S3::Object", "values": list(objects)}
    return {"eventSelectors": [{"dataResources": [resource]}]}


CLOUDTRAIL_TRAIL = family(
    Topic(
        name="cloudtrail-trail",
        title="Event selectors that CloudTrail accepts",
        description="The event selectors of a trail must name S3 objects in a form that "
        "CloudTrail accepts.",
        tags=_TAGS,
        fix="Use arn:aws:s3 for all objects, or arn:aws:s3:::BUCKET/ (with the slash) for those "
        "of a bucket.",
        reads_native=True,
    ),
    Refusal(
        id="trail-data-resource",
        kinds=(TRAIL,),
        says="has an event selector whose value for AWS::S3::Object is neither all of S3 nor the "
        "ARN of a bucket followed by a slash",
        when=_some_value(_names_no_object),
        evidence=Evidence(
            "PutEventSelectors answers InvalidEventSelectorsException: Value ... for "
            "DataResources.Values is invalid.",
            "PutEventSelectors, public deployment logs; "
            "https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-24",
        ),
        fix="Use arn:aws:s3 for all objects, or the ARN of a bucket followed by a slash.",
        refused=_selects("arn:aws:s3:::*/*"),
        accepted=(
            _selects("arn:aws:s3"),
            _selects("arn:aws-cn:s3:::"),
            _selects("arn:aws:s3:::documents/"),
            _selects("arn:aws:s3:::documents/2026/*"),
        ),
    ),
)

ADVICE: Final = (
    Refusal(
        id="trail-data-resource-pattern",
        kinds=(TRAIL,),
        says="has an event selector whose value for AWS::S3::Object has a wildcard in the bucket "
        "name",
        when=_some_value(_has_a_pattern),
        evidence=Evidence(
            "PutEventSelectors may refuse it, as it refuses arn:aws:s3:::*/*.",
            "public deployment logs, of * alone",
            "2026-09-24",
            Kind.REPORTED,
        ),
        fix="Name each bucket, or use advancedEventSelectors with startsWith.",
        refused=_selects("arn:aws:s3:::logs-*/"),
        accepted=(_selects("arn:aws:s3:::logs-east/"),),
    ),
)


def may_write_to_its_bucket(trail: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The policy of a trail's bucket must let CloudTrail in. Nothing is said of a bucket outside
    the stack, nor of a policy that is not known."""
    buckets = possible(model.stack.reference(trail, "s3BucketName"))
    if not buckets:
        return
    shut = [_shuts_out(each, model) for each in buckets]
    if all(shut):
        yield Violation(
            trail,
            f"{trail.label} writes to {buckets[0].label}, whose policy does not allow CloudTrail "
            "to write:",
            chains=((trail.label, buckets[0].label, str(shut[0])),),
            parties=buckets,
        )


def _shuts_out(bucket: Resource, model: Model) -> str | None:
    """Why CloudTrail may not write to the bucket; None where it may, or that is not known. A policy
    that lets other accounts in may let that of CloudTrail in, as older ones do."""
    match let_in_by_bucket(model.stack, bucket, "s3:PutObject"):
        case Absent():
            return "no bucket policy in this stack"
        case Known(those):
            is_open = those.has_anybody or those.has_accounts_but(account_of(bucket))
            if not is_open and not any("cloudtrail" in each for each in those.services):
                return "no statement of the policy allows CloudTrail"
    return None


CLOUDTRAIL_BUCKET_POLICY = StackRule(
    name="cloudtrail-bucket-policy",
    title="Buckets that CloudTrail may write to",
    description="The bucket of a trail must have a policy that allows CloudTrail to write to it.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            "CreateTrail answers InsufficientS3BucketPolicyException: Incorrect S3 bucket policy "
            "is detected for bucket: ...",
            "CreateTrail, public deployment logs",
            "2026-11-26",
        ),
    ),
    fix="Add a BucketPolicy that allows cloudtrail.amazonaws.com the actions s3:GetBucketAcl and "
    "s3:PutObject, and name it in the dependsOn option of the trail.",
    kinds=(TRAIL,),
    check=may_write_to_its_bucket,
)
