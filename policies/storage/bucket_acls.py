"""ACLs of buckets that take ACLs.

Since April 2023 the objects of a new bucket belong to its owner and ACLs are off, `private` ones
too, unless ownership controls turn them on (Amazon S3 user guide, "Controlling ownership of objects
and disabling ACLs for your bucket").
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import CannotTell, No, whichever
from ..model.references import possible
from ..model.resource import Resource
from ..model.vocabulary import BUCKET_ACL
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


def is_for_a_bucket_that_takes_acls(acl: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The bucket of an ACL must allow ACLs."""
    buckets = possible(model.stack.reference(acl, "bucket"))
    if not buckets:
        return
    match whichever(model.buckets.takes_acls(each) for each in buckets):
        case No(chain):
            yield Violation(
                acl,
                f"{acl.label} is for {buckets[0].label}, which does not allow ACLs:",
                chains=((acl.label, *chain),),
                parties=buckets,
            )
        case CannotTell(why):
            yield Unverified(acl, f"whether {buckets[0].label} allows ACLs cannot be told: {why}")


S3_ACL = StackRule(
    name="s3-acl",
    reads_native=False,
    unread="it has no type for an ACL, since a bucket states its own",
    title="ACLs only of buckets that allow them",
    description="An ACL must be for a bucket whose ownership controls allow ACLs.",
    level=Level.MANDATORY,
    severity=Severity.MEDIUM,
    tags=("aws", "s3"),
    evidence=(
        Evidence(
            "PutBucketAcl answers AccessControlListNotSupported: The bucket does not allow ACLs",
            "PutBucketAcl, public deployment logs",
            "2026-11-26",
        ),
    ),
    fix="Remove the ACL and use a bucket policy, or add BucketOwnershipControls with "
    "BucketOwnerPreferred or ObjectWriter and name them in the dependsOn option of the ACL.",
    in_doubt="state the ownership controls of the bucket in this stack",
    kinds=(BUCKET_ACL,),
    check=is_for_a_bucket_that_takes_acls,
)
