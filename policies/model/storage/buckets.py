"""What the resources of a stack say of its buckets: versioning and ownership."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..answers import Answer, CannotTell, No, Yes
from ..inputs import Declared
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, some
from ..values import Known, text
from ..vocabulary import BUCKET, BUCKET_OWNERSHIP, BUCKET_VERSIONING

OFF: Final = ("Suspended", "Disabled")
"""What versioning says where a bucket keeps no versions."""
WITHOUT_ACLS: Final = "BucketOwnerEnforced"
"""What ownership controls say where a bucket takes no ACLs."""


class Buckets:
    """Answers about the buckets of a stack.

    Only a new bucket is certain to lack what this stack does not give it: one that exists may have
    been configured by hand or by another program."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def is_versioned(self, bucket: Resource) -> Answer:
        """Whether the bucket keeps versions of its objects. Object lock implies that it does."""
        declared = Declared(bucket)
        inline = (
            declared.is_true("versioning.enabled")
            | declared.is_true("objectLockEnabled")
            | declared.says("objectLockConfiguration.objectLockEnabled", "Enabled")
        )
        return self._answer(
            bucket,
            inline,
            BUCKET_VERSIONING,
            lambda each: ~each.says("versioningConfiguration.status", *OFF),
            "nothing in this stack enables its versioning",
        )

    def takes_acls(self, bucket: Resource) -> Answer:
        """Whether the bucket allows ACLs: since April 2023 a new one does only where ownership
        controls say so (Amazon S3 user guide, "Controlling ownership of objects")."""
        if bucket.is_native:
            return CannotTell(f"what {bucket.label} says itself is not read")
        return self._answer(
            bucket,
            Truth.FALSE,
            BUCKET_OWNERSHIP,
            lambda each: ~each.says("rule.objectOwnership", WITHOUT_ACLS),
            "no ownership controls of this stack allow ACLs",
        )

    def of_logs(self, distribution: Resource) -> Resource | None:
        """The bucket of this stack that CloudFront logs to, which is named by its domain name."""
        said = text(Declared(distribution).at("loggingConfig.bucket"))
        if isinstance(said, Known):
            named = self._stack.called(said.value.partition(".s3.")[0], BUCKET)
            return named[0] if len(named) == 1 else None
        return target(self._stack.resolve(distribution, "loggingConfig", said, BUCKET))

    def _answer(
        self,
        bucket: Resource,
        inline: Truth,
        kind: str,
        says: Callable[[Declared], Truth],
        missing: str,
    ) -> Answer:
        """Whether the bucket itself says it, or a resource of this kind that is for the bucket."""
        beside = list(self._stack.naming(bucket, "bucket", kind))
        said = some((inline, *(says(Declared(each)) for each, is_sure in beside if is_sure)))
        if said is Truth.TRUE:
            return Yes((bucket.label,))
        if said is Truth.UNKNOWN:
            return CannotTell(f"what this stack says of {bucket.label} is not known yet")
        for each, is_sure in beside:
            if not is_sure and says(Declared(each)) is not Truth.FALSE:
                return CannotTell(f"whether {each.label} is for {bucket.label} is not known")
        if not bucket.is_new:
            return CannotTell(f"{bucket.label} exists already, and {missing}")
        return No((bucket.label, missing))
