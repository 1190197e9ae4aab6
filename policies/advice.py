"""What AWS's documentation or others say that it refuses of one resource, without its own answer.

Each topic's module holds its rows as `ADVICE`, beside the refusals that were seen.
"""

from __future__ import annotations

from .compute import lambda_environment, task_definitions
from .copies import bucket_replication, dynamodb_replicas, elasticache
from .databases import (
    aurora_clusters,
    global_clusters,
    monitoring,
    parameter_groups,
    storage,
    users,
)
from .entry import health_checks, load_balancer_declarations
from .network import endpoints
from .refusal import Topic, family
from .rule import Level, Severity
from .storage import bucket_names, trails

DOCUMENTED_REFUSALS = family(
    Topic(
        name="documented-refusals",
        title="Settings that AWS is documented or reported to refuse",
        description="A resource should not have settings that AWS is documented or reported to "
        "refuse, or to fail with later.",
        tags=("aws", "disaster-recovery"),
        unread="the documented properties can have other names and meanings there",
        fix="Make the change that the finding names.",
        severity=Severity.MEDIUM,
        level=Level.ADVISORY,
    ),
    *parameter_groups.ADVICE,
    *users.ADVICE,
    *storage.ADVICE,
    *monitoring.ADVICE,
    *aurora_clusters.ADVICE,
    *global_clusters.ADVICE,
    *dynamodb_replicas.ADVICE,
    *elasticache.ADVICE,
    *lambda_environment.ADVICE,
    *task_definitions.ADVICE,
    *bucket_replication.ADVICE,
    *bucket_names.ADVICE,
    *trails.ADVICE,
    *endpoints.ADVICE,
    *health_checks.ADVICE,
    *load_balancer_declarations.ADVICE,
)
