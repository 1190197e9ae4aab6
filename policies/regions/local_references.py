"""References that AWS follows within one region.

A resource id is of use in the region of its resource only: elsewhere AWS answers that it does not
exist (InvalidVpcID.NotFound, InvalidSubnetID.NotFound). It is the slip of a stack that was copied
for its second region, and of a provider that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.regions.regional_references import Abroad, local_properties
from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import BUCKET
from ..rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_TAGS = ("aws", "disaster-recovery")
_ALARMS = (
    "PutMetricAlarm answers ValidationError: Invalid region ... specified. Only ... is supported."
)
_LOGGING = "PutBucketLogging answers CrossLocationLoggingProhibited."
_ANSWERS = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _ALARMS,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _ALARMS,
    "aws:s3/bucketNotification:BucketNotification": "PutBucketNotificationConfiguration answers "
    "InvalidArgument: The notification destination service region is not valid for the bucket "
    "location constraint.",
    "aws:s3/bucketLogging:BucketLogging": _LOGGING,
    BUCKET: _LOGGING,
}
"""AWS's answer, where it is not that there is no such resource."""


def within_its_region(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a resource names must be in its own region where AWS looks for it there."""
    found = model.regional_references.of(resource)
    if found.abroad and isinstance(resource.region, Known):
        here, evidence = resource.region.value, resource.region_evidence
        yield Violation(
            resource,
            f"{resource.label} is in {here} ({evidence}), but names what is in another region:",
            chains=tuple(_chain(resource, each) for each in found.abroad),
            effect=_ANSWERS.get(resource.kind),
        )
    elif found.doubt:
        yield Unverified(resource, found.doubt)


def _chain(resource: Resource, abroad: Abroad) -> tuple[str, ...]:
    if isinstance(abroad.what, Resource):
        place = f"in {abroad.region} ({abroad.what.region_evidence})"
        return (resource.label, abroad.path, abroad.what.label, place)
    return (resource.label, abroad.path, abroad.what)


REGION_LOCAL_REFERENCES = StackRule(
    name="region-local-references",
    title="References that stay within their region",
    description="A resource must not name resources of another region where AWS looks for them in "
    "its own.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="looks for them in the resource's own region only and answers that they do not "
            "exist, for example InvalidVpcID.NotFound or InvalidSubnetID.NotFound.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resources.html",
            date="2026-11-24",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="ValidationError: Invalid region ca-central-1 specified. Only us-west-2 is "
            "supported.",
            source="https://github.com/cds-snc/notification-terraform/pull/128",
            date="2026-11-24",
        ),
        Evidence(
            effect="The notification destination service region is not valid for the bucket "
            "location constraint",
            source="PutBucketNotificationConfiguration; "
            "https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-06",
        ),
    ),
    fix="Make the resource with the provider (or region) of what it names, or name what is in its "
    "own region. A resource without a provider option is made by the default provider.",
    in_doubt="state the region on each provider, and name each resource by its own output",
    kinds=local_properties,
    check=within_its_region,
)
