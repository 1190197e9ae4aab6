"""Refusals of one resource that are documented or reported, without AWS's own answer: advice."""

from __future__ import annotations

from .copies import bucket_replication
from .refusal import Topic, family
from .rule import Level, Severity
from .storage import bucket_names, trails

DOCUMENTED_REFUSALS = family(
    Topic(
        name="documented-refusals",
        title="What is said to be refused",
        description="A resource should not be what AWS documents, or others report, to be refused.",
        tags=("aws", "disaster-recovery"),
        fix="Change the resource as the refusal says, or ignore the refusal.",
        severity=Severity.LOW,
        level=Level.ADVISORY,
    ),
    *bucket_replication.ADVICE,
    *bucket_names.ADVICE,
    *trails.ADVICE,
)
