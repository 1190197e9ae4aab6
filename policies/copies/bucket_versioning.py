"""Versioning of the buckets that cannot do without: those that replicate, and those that lock.

S3 replicates versions, so it asks for versioning on both sides when it is given a replication
configuration; object lock protects versions. Versioning that is Suspended counts as none.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import CannotTell, No, whichever
from ..model.inputs import Declared
from ..model.references import Reference, possible
from ..model.resource import Resource
from ..model.storage.replication import destinations
from ..model.truth import Truth
from ..model.vocabulary import BUCKET, BUCKET_OBJECT_LOCK, BUCKET_REPLICATION
from ..rule import (
    Evidence,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_DESTINATION = "InvalidRequest: Destination bucket must have versioning enabled."
_SOURCE = (
    "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication "
    "configuration"
)
_INLINE = "versioning must be enabled on S3 Bucket (...) to allow replication"
_LOCKED = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"


def is_versioned_where_it_must_be(
    subject: Resource, model: Model, _: Settings
) -> Iterator[Outcome]:
    """Buckets that replicate, are replicated to, or lock objects must be versioned."""
    if subject.kind == BUCKET:
        yield from _states_versioning_too(subject)
    else:
        bucket = model.stack.reference(subject, "bucket")
        if subject.kind == BUCKET_OBJECT_LOCK:
            effect = f"PutObjectLockConfiguration answers {_LOCKED}"
            yield from _needs_versioning(subject, "locks objects of", bucket, effect, model)
            return
        effect = f"PutBucketReplication answers {_SOURCE}"
        yield from _needs_versioning(subject, "replicates", bucket, effect, model)
    for destination in dict.fromkeys(destinations(model.stack, subject)):
        effect = f"PutBucketReplication answers {_DESTINATION}"
        yield from _needs_versioning(subject, "replicates to", destination, effect, model)


def _needs_versioning(
    subject: Resource, does: str, reference: Reference, effect: str, model: Model
) -> Iterator[Outcome]:
    """Of a bucket outside the stack nothing is said."""
    buckets = possible(reference)
    if not buckets:
        return
    match whichever(model.buckets.is_versioned(each) for each in buckets):
        case No(chain):
            yield Violation(
                subject,
                f"{subject.label} {does} {buckets[0].label}, which is not versioned:",
                chains=((subject.label, *chain),),
                effect=effect,
                parties=buckets,
            )
        case CannotTell(why):
            yield Unverified(
                subject, f"whether {buckets[0].label} is versioned cannot be told: {why}"
            )


def _states_versioning_too(bucket: Resource) -> Iterator[Outcome]:
    """A bucket with replication in itself: the provider looks for versioning in the same place,
    and a `BucketVersioning` beside it comes too late."""
    declared = Declared(bucket)
    states = declared.sets("replicationConfiguration.rules")
    if states & ~declared.is_true("versioning.enabled") is not Truth.TRUE:
        return
    if bucket.is_native:
        yield Violation(
            bucket,
            f"{bucket.label} has a replicationConfiguration, but no versioning:",
            chains=((bucket.label, "versioningConfiguration.status is not Enabled"),),
            effect=f"PutBucketReplication answers {_SOURCE}",
            fix="Set versioningConfiguration.status to Enabled.",
        )
    else:
        yield Violation(
            bucket,
            f"{bucket.label} has a replicationConfiguration of its own, but no versioning of its "
            "own:",
            chains=((bucket.label, "versioning.enabled is not true"),),
            effect=f"the provider answers: {_INLINE}",
            fix="Set versioning.enabled on the bucket itself, or move the replication to a "
            "BucketReplicationConfig.",
        )


S3_VERSIONING = StackRule(
    name="s3-versioning",
    title="Versioning of buckets that replicate or lock objects",
    description="A bucket that replicates, is a destination of replication, or locks objects "
    "must be versioned.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "s3", "disaster-recovery"),
    evidence=(
        Evidence(_DESTINATION, "PutBucketReplication, public deployment logs", "2026-11-26"),
        Evidence(
            _SOURCE,
            "PutBucketReplication (the provider repeats the call on this answer, then fails); "
            "https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-06",
        ),
        Evidence(
            _INLINE,
            "terraform-provider-aws, internal/service/s3/bucket.go and its acceptance test",
            "2026-11-26",
        ),
        Evidence(
            _LOCKED,
            "PutObjectLockConfiguration; https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-02",
        ),
    ),
    fix="Add a BucketVersioning with the status Enabled for the bucket, and name it in the "
    "dependsOn option of what needs it.",
    in_doubt="state the versioning of the bucket in this stack",
    kinds=(BUCKET_REPLICATION, BUCKET_OBJECT_LOCK, BUCKET),
    check=is_versioned_where_it_must_be,
)
