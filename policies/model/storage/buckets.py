"""What the resources of a stack say of its buckets: versioning and ownership."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from ..answers import Answer, CannotTell, No, Yes
from ..inputs import Declared
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, some
from ..vocabulary import BUCKET_OWNERSHIP, BUCKET_VERSIONING

_WITH_ACLS: Final = ("BucketOwnerPreferred", "ObjectWriter")


class _Beside(NamedTuple):
    """The resources of one kind that configure a bucket: those that surely do, and those of which
    nothing tells which bucket they are for."""

    sure: Sequence[Resource] = ()
    possible: Sequence[Resource] = ()


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
            self._beside(bucket, BUCKET_VERSIONING),
            lambda each: each.says("versioningConfiguration.status", "Enabled"),
            "nothing in this stack enables its versioning",
        )

    def takes_acls(self, bucket: Resource) -> Answer:
        """Whether the bucket allows ACLs: since April 2023 a new one does only where ownership
        controls say so (Amazon S3 user guide, "Controlling ownership of objects")."""
        return self._answer(
            bucket,
            Truth.FALSE,
            self._beside(bucket, BUCKET_OWNERSHIP),
            lambda each: each.says("rule.objectOwnership", *_WITH_ACLS),
            "no ownership controls of this stack allow ACLs",
        )

    def _beside(self, bucket: Resource, kind: str) -> _Beside:
        """The resources of this kind that are for the bucket, or may be."""
        found = list(self._stack.naming(bucket, "bucket", kind))
        return _Beside(
            tuple(each for each, is_sure in found if is_sure),
            tuple(each for each, is_sure in found if not is_sure),
        )

    def _answer(
        self,
        bucket: Resource,
        inline: Truth,
        beside: _Beside,
        says: Callable[[Declared], Truth],
        missing: str,
    ) -> Answer:
        said = some((inline, *(says(Declared(each)) for each in beside.sure)))
        if said is Truth.TRUE:
            return Yes((bucket.label,))
        if said is Truth.UNKNOWN:
            return CannotTell(f"what this stack says of {bucket.label} is not known yet")
        for each in beside.possible:
            if says(Declared(each)) is not Truth.FALSE:
                return CannotTell(f"whether {each.label} is for {bucket.label} is not known")
        if not bucket.is_new:
            return CannotTell(f"{bucket.label} exists already, and {missing}")
        return No((bucket.label, missing))
