"""Where a database comes from: made afresh, restored, or a copy of another one.

What is restored or replicated takes most of what it is from its origin, and the provider then sends
little of what the program declares (terraform-provider-aws, `internal/service/rds`).
"""

from __future__ import annotations

from typing import Final

from ..inputs import Block
from ..truth import Truth, every, some

RESTORED: Final = ("snapshotIdentifier", "restoreToPointInTime", "s3Import")
_RESTORED_BY_ID: Final = "sourceDbClusterResourceId"
"""By which aws-native names a cluster that may be gone."""
REPLICATED: Final = ("replicateSourceDb", "replicationSourceIdentifier")


def is_made_afresh(database: Block) -> Truth:
    """Whether an instance or a cluster is neither restored nor a replica."""
    return every(database.lacks(name) for name in (*RESTORED, _RESTORED_BY_ID, *REPLICATED))


def is_restored(database: Block) -> Truth:
    """Whether an instance or a cluster is made from a backup."""
    return some(database.has(name) for name in (*RESTORED, _RESTORED_BY_ID))
