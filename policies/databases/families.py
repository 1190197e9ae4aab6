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
        title="Databases and parameter groups that RDS takes",
        description="What a database or a parameter group declares must go together.",
        tags=_TAGS,
        fix="Declare what RDS takes together.",
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
        title="Databases that RDS creates",
        description="A database that is new must be one that RDS, DocumentDB or Neptune creates.",
        tags=_TAGS,
        fix="Declare what AWS takes when it creates a database.",
        reads_native=True,
    ),
    *users.REFUSED_AT_CREATION,
    *storage.REFUSED_AT_CREATION,
    *aurora_clusters.REFUSED_AT_CREATION,
)
