"""Databases that stand in for one in another region, and whether anything fills them.

AWS keeps two databases alike only where one says what it is filled from, or a service copies it. A
database of neither kind begins empty. What the application itself copies, nothing here shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from ..answers import Answer, CannotTell, No, Yes
from ..databases.origins import RESTORED
from ..inputs import Declared
from ..plain import NamedTuple
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, some
from ..values import Known, Unknown
from ..vocabulary import (
    CLUSTER,
    DB_BACKUP_REPLICATION,
    DB_CLUSTER_PARAMETER_GROUP,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
    DOCDB_CLUSTER,
    NEPTUNE_CLUSTER,
)
from .copies import Copies
from .counterparts import Counterparts, is_called_a_standby
from .failovers import Failovers
from .homes import Homes
from .stated_copies import DSQL_CLUSTER
from .unknown_names import may_name

DATABASES: Final = (CLUSTER, DB_INSTANCE, DOCDB_CLUSTER, NEPTUNE_CLUSTER, DSQL_CLUSTER)
"""What holds the data of a service, and can be filled from another region. A cache fills itself."""

_GLOBAL: Final = "globalClusterIdentifier"
FILLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    CLUSTER: (_GLOBAL, "replicationSourceIdentifier", *RESTORED),
    DB_INSTANCE: ("replicateSourceDb", *RESTORED),
    DOCDB_CLUSTER: (_GLOBAL, "snapshotIdentifier", "restoreToPointInTime"),
    NEPTUNE_CLUSTER: (_GLOBAL, "replicationSourceIdentifier", "snapshotIdentifier"),
    DSQL_CLUSTER: ("multiRegionProperties",),
}
"""The properties by which a database says what it is filled from (pulumi-aws 7.51)."""

_FILLERS: Final = (
    DB_BACKUP_REPLICATION,
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    "aws:rds/integration:Integration",
    "aws:dms/replicationConfig:ReplicationConfig",
    "aws:dms/replicationTask:ReplicationTask",
    "aws:glue/job:Job",
    "postgresql:index/subscription:Subscription",
)
"""What may fill any database of a stack."""

_LOGICAL: Final = frozenset({"rds.logical_replication", "binlog_format", "gtid-mode"})
"""Parameters that let databases replicate without AWS."""

_PARAMETER_GROUPS: Final = (
    ("dbClusterParameterGroupName", DB_CLUSTER_PARAMETER_GROUP),
    ("parameterGroupName", DB_PARAMETER_GROUP),
)


class StandIn(NamedTuple):
    """A database, and the one in the region that is lost for which it stands in."""

    standby: Resource
    original: Resource
    reason: str | None
    """What tells that it stands in, beside being called alike; None where nothing does: two regions
    may each serve their own people."""


class StandbyDatabases:
    """The databases of a stack that stand in for others."""

    def __init__(
        self,
        stack: Stack,
        homes: Homes,
        counterparts: Counterparts,
        copies: Copies,
        failovers: Failovers,
    ) -> None:
        self._stack = stack
        self._homes = homes
        self._counterparts = counterparts
        self._copies = copies
        self._failovers = failovers

    def stand_in(self, database: Resource, lost: str) -> StandIn | None:
        """What the database stands in for when the region is lost, by their names; None where there
        is no such database, or several are called alike."""
        home = self._homes.of(database)
        if not isinstance(home, Known) or home.value == lost:
            return None
        original = self._counterparts.certain(database, lost)
        if original is None or self._counterparts.certain(original, home.value) is not database:
            return None
        return StandIn(database, original, self._reason(database, original, lost, home.value))

    def _reason(self, database: Resource, original: Resource, lost: str, region: str) -> str | None:
        if is_called_a_standby(original):
            return None
        if is_called_a_standby(database):
            return "by its name"
        if self._failovers.lead(lost, region):
            return "by its name and the failover records that lead there"
        return None

    def is_unfilled(self, pair: StandIn, lost: str) -> Answer:
        """Whether nothing that AWS does fills the standby, from the original or from a backup."""
        if self._may_be_filled_by_a_service:
            return No()
        standby, original = pair.standby, pair.original
        if original.is_opaque:
            return CannotTell(f"nothing is known of {original.label} before the deployment")
        if any(not isinstance(standby.declares(each), No) for each in FILLED_BY[standby.kind]):
            return No()
        for name in FILLED_BY[standby.kind]:
            if _loses(standby, name):
                own = standby.own_name(name)
                return CannotTell(f"this update takes its {own} away, perhaps to promote it")
        answers = [
            _is_of_one_engine(standby, original),
            *self._copied(standby, original, lost),
            *(self._replicates_by_itself(each) for each in (standby, original)),
        ]
        for answer in answers:
            if isinstance(answer, No):
                return answer
        return next((each for each in answers if isinstance(each, CannotTell)), Yes())

    def is_told_of(self, member: Resource) -> bool:
        """Whether a database in another region is called the standby of this one, and certainly
        nothing fills it."""
        home = self._homes.of(member)
        if member.kind not in DATABASES or not isinstance(home, Known):
            return False
        pairs = (self.stand_in(each, home.value) for each in self._stack.of(member.kind))
        return any(
            pair is not None
            and pair.original is member
            and pair.reason is not None
            and isinstance(self.is_unfilled(pair, home.value), Yes)
            for pair in pairs
        )

    def _copied(self, standby: Resource, original: Resource, lost: str) -> Iterator[Answer]:
        """Whether AWS copies neither of them: a standby that has copies itself is another's
        original, and backups that reach its region are what it may be restored from."""
        home = self._homes.of(standby)
        region = home.value if isinstance(home, Known) else lost
        for copied in (
            self._copies.survives(original, lost),
            self._copies.has_backup(original, region),
            self._copies.survives(standby, region),
        ):
            match copied:
                case Yes():
                    yield No()
                case CannotTell() as unknown:
                    yield unknown

    def _replicates_by_itself(self, database: Resource) -> Answer:
        for name, kind in _PARAMETER_GROUPS:
            named = self._stack.reference(database, name, kind)
            groups = (each for each in self._stack.of(kind) if may_name(named, each))
            for group in groups:
                if _sets_logical_replication(group) is not Truth.FALSE:
                    return CannotTell(
                        f"whether it is filled by logical replication, which {group.label} is for, "
                        "is not known"
                    )
        return Yes()

    @cached_property
    def _may_be_filled_by_a_service(self) -> bool:
        return bool(self._stack.of(*_FILLERS))


def _sets_logical_replication(group: Resource) -> Truth:
    return Declared(group).some(
        "parameters", lambda each: some(each.says("name", name) for name in _LOGICAL)
    )


def _is_of_one_engine(standby: Resource, original: Resource) -> Answer:
    """Whether both are of one engine: else they are no copies of each other, however called."""
    match standby.text("engine"), original.text("engine"):
        case (Known(own), Known(other)):
            return Yes() if own == other else No()
        case (Unknown(), _) | (_, Unknown()):
            return CannotTell("whether it is of the same engine is not known")
    return Yes()


def _loses(standby: Resource, name: str) -> bool:
    """Whether AWS shows a source that the program does not state any longer."""
    return not standby.is_new and standby.sets(name)
