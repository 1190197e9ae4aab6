"""What AWS documents as refused, or refuses at times: the advice of all topics in one policy."""

from __future__ import annotations

from .databases import aurora_clusters, monitoring, parameter_groups
from .refusal import Topic, family
from .rule import Level, Severity

DOCUMENTED_REFUSALS = family(
    Topic(
        name="documented-refusals",
        title="What AWS documents that it refuses",
        description="What a resource declares should be what AWS's documentation allows.",
        tags=("aws", "disaster-recovery"),
        fix="Declare what the documentation allows.",
        severity=Severity.MEDIUM,
        level=Level.ADVISORY,
    ),
    *parameter_groups.ADVICE,
    *monitoring.ADVICE,
    *aurora_clusters.ADVICE,
)
