"""What RDS, DocumentDB and Neptune refuse of one resource, in two policies.

One looks at inputs: RDS refuses to make such a database and to change one into it. The other looks
at what is new, since it is asked in a create call only, or may be otherwise by now of what exists.
"""

from __future__ import annotations

from ..refusal import Topic, family, family_of_creation
from . import aurora_clusters, maintenance, monitoring, parameter_groups, storage, users

_TAGS = ("aws", "rds", "disaster-recovery")

RDS_DECLARATION = family(
    Topic(
        name="rds-declaration",
        title="Databases and parameter groups that RDS accepts",
        description="The settings of a database or parameter group must be valid in combination.",
        tags=_TAGS,
        fix="Change the setting that RDS refuses.",
        reads_native=True,
    ),
    *parameter_groups.REFUSED,
    *monitoring.REFUSED,
    *storage.REFUSED,
    *maintenance.REFUSED,
)

RDS_CREATION = family_of_creation(
    Topic(
        name="rds-creation",
        title="New databases that RDS accepts",
        description="A new database must have settings that RDS, DocumentDB or Neptune accepts "
        "at creation.",
        tags=_TAGS,
        fix="Change the setting that AWS refuses at creation.",
        reads_native=True,
    ),
    *users.REFUSED_AT_CREATION,
    *storage.REFUSED_AT_CREATION,
    *aurora_clusters.REFUSED_AT_CREATION,
)
