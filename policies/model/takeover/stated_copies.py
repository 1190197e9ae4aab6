"""What states that a store is copied: a replica, a member of a global database, a rule.

Sources, for each kind: the provider's schema (pulumi-aws 7.51) and the service's guide on copies in
other regions. A multi-Region key has one id in all its regions, but an ARN in each (KMS, "How
multi-Region keys work"); a table, a secret and a repository keep their names, and only those.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from .. import values
from ..inputs import Block, Declared
from ..places import region_of_arn, region_of_zone
from ..plain import NamedTuple
from ..references import OneOf, Outside, Reference, Target, possible
from ..resource import Resource
from ..stack import Stack
from ..storage.replication import copies, replication
from ..truth import Truth
from ..values import UNKNOWN, Absent, Known, Reading, Unknown
from ..vocabulary import (
    BUCKET,
    BUCKET_REPLICATION,
    CLUSTER,
    DB_BACKUP_REPLICATION,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    FILE_SYSTEM,
    KMS_KEY,
    KMS_REPLICA_KEY,
    NEPTUNE_CLUSTER,
    TABLE_REPLICA,
)
from .parts import SECRET, TABLE

NATIVE_GLOBAL_TABLE: Final = "aws-native:dynamodb:GlobalTable"
REPOSITORY: Final = "aws:ecr/repository:Repository"
_GLOBAL_TABLE: Final = "aws:dynamodb/globalTable:GlobalTable"
_ECR_REPLICATION: Final = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
_EFS_REPLICATION: Final = "aws:efs/replicationConfiguration:ReplicationConfiguration"
DSQL_CLUSTER: Final = "aws:dsql/cluster:Cluster"
_DSQL_PEERING: Final = "aws:dsql/clusterPeering:ClusterPeering"
_BACKUP_PLAN: Final = "aws:backup/plan:Plan"
_BACKUP_SELECTION: Final = "aws:backup/selection:Selection"
_BACKUP_VAULT: Final = "aws:backup/vault:Vault"
_BACKED_UP: Final = (
    BUCKET,
    CLUSTER,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    FILE_SYSTEM,
    NEPTUNE_CLUSTER,
    TABLE,
)
"""The stores of AWS Backup that a rehearsal looks at."""

_SNAPSHOT_COPIES: Final = (
    (
        "aws:rds/snapshotCopy:SnapshotCopy",
        "sourceDbSnapshotIdentifier",
        "aws:rds/snapshot:Snapshot",
        "dbInstanceIdentifier",
        DB_INSTANCE,
    ),
    (
        "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
        "sourceDbClusterSnapshotIdentifier",
        "aws:rds/clusterSnapshot:ClusterSnapshot",
        "dbClusterIdentifier",
        CLUSTER,
    ),
)


class How(Enum):
    """How a copy is kept."""

    LIVE = "copy"
    """AWS keeps it up to date."""
    BACKUP = "backup"
    """It must be restored first."""


class Copy(NamedTuple):
    """A copy of a store, or what may be one."""

    original: Resource
    region: Reading[str]
    """Where it is: known or not."""
    stated_by: Resource
    resource: Resource | None = None
    """The copy itself, where it is a resource: a member, a bucket, a replica key."""
    is_certain: bool = True
    how: How = How.LIVE
    keeps_name: bool = False
    """Whether it answers to the name or id of the original. None answers to its ARN."""

    @property
    def label(self) -> str:
        """How messages call it."""
        place = self.region.value if isinstance(self.region, Known) else "another region"
        if self.resource is not None:
            return f"{self.resource.label} ({place})"
        return f"{'replica' if self.how is How.LIVE else 'backup'} in {place}"


class Stated(NamedTuple):
    """What a resource states of copies: of the resource of these kinds that `original` names."""

    original: Reference
    kinds: tuple[str, ...]
    copy: Copy
    """As it is where the original is certain; its own `original` counts for nothing."""


def stated(stack: Stack) -> Iterator[Stated]:
    """Everything in the stack that states a copy, but members of global databases."""
    for read in _READERS:
        yield from read(stack)


def _of(store: Resource, copy: Copy) -> Stated:
    return Stated(Target(store), (store.kind,), copy)


def _place(said: Reading[str]) -> Reading[str]:
    """A region as a property says it: one that is not there is taken for one not known."""
    return Unknown() if isinstance(said, Absent) else said


# --- tables, secrets, images: replicas of one name ------------------------------------------------


def _replicas(stack: Stack) -> Iterator[Stated]:
    for kind, name, region in (
        (TABLE, "replicas", "regionName"),
        (SECRET, "replicas", "region"),
        (NATIVE_GLOBAL_TABLE, "replicas", "region"),
    ):
        for store in stack.of(kind):
            match values.items(store.tree(name)):
                case Known(replicas):
                    for each in replicas:
                        place = _place(Block.within(each).text(region))
                        yield _of(store, Copy(store, place, store, keeps_name=True))
                case Unknown():
                    yield _of(store, _possible(store, store, keeps_name=True))


def _possible(original: Resource, stated_by: Resource, *, keeps_name: bool = False) -> Copy:
    return Copy(original, Unknown(), stated_by, is_certain=False, keeps_name=keeps_name)


def _table_replicas(stack: Stack) -> Iterator[Stated]:
    for replica in stack.of(TABLE_REPLICA):
        original = stack.reference(replica, "globalTableArn", TABLE)
        copy = Copy(replica, replica.region, replica, replica, keeps_name=True)
        yield Stated(original, (TABLE,), copy)


def _global_tables(stack: Stack) -> Iterator[Stated]:
    """The global tables of 2017 are of all tables that have their name."""
    for joint in stack.of(_GLOBAL_TABLE):
        name, replicas = joint.text("name"), joint.items("replicas")
        for table in stack.of(TABLE):
            own = table.text("name")
            is_known = isinstance(name, Known) and isinstance(own, Known)
            if is_known and name != own:
                continue
            for each in replicas.value if isinstance(replicas, Known) else (UNKNOWN,):
                place = _place(Block.within(each).text("regionName"))
                if place == table.region:
                    continue
                is_certain = is_known and isinstance(table.region, Known)
                copy = Copy(table, place, joint, is_certain=is_certain, keeps_name=True)
                yield _of(table, copy)


def _images(stack: Stack) -> Iterator[Stated]:
    """A registry's rules are for all its repositories whose names begin as the filters say."""
    for registry in stack.of(_ECR_REPLICATION):
        rules = values.items(Declared(registry).at("replicationConfiguration.rules"))
        for rule in map(Block.within, rules.value if isinstance(rules, Known) else (UNKNOWN,)):
            places = values.items(rule.at("destinations"))
            for repository in stack.of(REPOSITORY):
                if registry.shares_region_with(repository) is False:
                    continue
                copied = _is_copied(rule, repository)
                if registry.shares_region_with(repository) is None:
                    copied &= Truth.UNKNOWN
                if copied is Truth.FALSE:
                    continue
                for each in places.value if isinstance(places, Known) else (UNKNOWN,):
                    place = _place(Block.within(each).text("region"))
                    is_certain = copied is Truth.TRUE and isinstance(place, Known)
                    copy = Copy(repository, place, registry, is_certain=is_certain, keeps_name=True)
                    yield _of(repository, copy)


def _is_copied(rule: Block, repository: Resource) -> Truth:
    name = repository.text("name")

    def fits(one: Block) -> Truth:
        if not isinstance(name, Known):
            return Truth.UNKNOWN
        return one.holds("filter", name.value.startswith)

    return rule.lacks("repositoryFilters") | rule.some("repositoryFilters", fits)


# --- copies that are resources --------------------------------------------------------------------


def _replica_databases(stack: Stack) -> Iterator[Stated]:
    for kind, name, kinds in (
        (DB_INSTANCE, "replicateSourceDb", (DB_INSTANCE, CLUSTER)),
        (CLUSTER, "replicationSourceIdentifier", (CLUSTER, DB_INSTANCE)),
        (NEPTUNE_CLUSTER, "replicationSourceIdentifier", (NEPTUNE_CLUSTER,)),
        (KMS_REPLICA_KEY, "primaryKeyArn", (KMS_KEY,)),
    ):
        for each in stack.of(kind):
            original = stack.resolve(each, name, _stated_text(each, name), *kinds)
            copy = Copy(each, each.region, each, each, keeps_name=kind == KMS_REPLICA_KEY)
            yield Stated(original, kinds, copy)


def _stated_text(resource: Resource, name: str) -> Reading[str]:
    """What the program says, where it was seen: what it says no longer ends with this update."""
    if resource.declared is None:
        return resource.text(name)
    return values.text(resource.declared_tree(name))


def _buckets(stack: Stack) -> Iterator[Stated]:
    for configuration in stack.of(BUCKET_REPLICATION, BUCKET):
        is_inline = configuration.kind == BUCKET
        original: Reference = (
            Target(configuration) if is_inline else stack.reference(configuration, "bucket")
        )
        rules = values.items(replication(Declared(configuration)).at("rules"))
        if isinstance(rules, Unknown):
            yield Stated(original, (BUCKET,), _possible(configuration, configuration))
        for rule, destination in copies(stack, configuration):
            is_on = rule.says("status", "Enabled")
            if is_on is Truth.FALSE:
                continue
            copy = Copy(configuration, Unknown(), configuration, is_certain=is_on is Truth.TRUE)
            for each in _led_to(destination, copy):
                yield Stated(original, (BUCKET,), each)


def _led_to(destination: Reference, copy: Copy) -> Iterator[Copy]:
    """The copy at its destination: certain where one resource is named; else whichever it is."""
    match destination:
        case Target(resource):
            yield copy._replace(resource=resource, region=resource.region)
        case OneOf(resources):
            for each in resources:
                yield copy._replace(resource=each, region=each.region, is_certain=False)
        case Outside():
            yield copy


def _file_systems(stack: Stack) -> Iterator[Stated]:
    for configuration in stack.of(_EFS_REPLICATION):
        original = stack.reference(configuration, "sourceFileSystemId", FILE_SYSTEM)
        destination = Declared(configuration).inner("destination")
        place, zone = destination.text("region"), destination.text("availabilityZoneName")
        copy = Copy(configuration, _place(place), configuration)
        if isinstance(place, Absent) and isinstance(zone, Known):
            copy = copy._replace(region=_known(region_of_zone(zone.value)))
        said = destination.text("fileSystemId")
        named = stack.resolve(configuration, "destination", said, FILE_SYSTEM)
        if isinstance(named, Target) and named.resource not in possible(original):
            region = copy.region if isinstance(copy.region, Known) else named.resource.region
            copy = copy._replace(resource=named.resource, region=region)
        yield Stated(original, (FILE_SYSTEM,), copy)


def _known(region: str | None) -> Reading[str]:
    return Known(region) if region else Unknown()


def _peered_clusters(stack: Stack) -> Iterator[Stated]:
    """A peering of Aurora DSQL, stated by either cluster or beside them, holds both ways."""
    for peering in stack.of(_DSQL_PEERING, DSQL_CLUSTER):
        if peering.kind == DSQL_CLUSTER:
            own: Reference = Target(peering)
            name, inner = "multiRegionProperties", "clusters"
            listed = stack.references(peering, name, DSQL_CLUSTER, inner=inner)
        else:
            own = stack.reference(peering, "identifier", DSQL_CLUSTER)
            listed = stack.references(peering, "clusters", DSQL_CLUSTER)
        if isinstance(listed, Absent):
            continue
        for other in listed.possible:
            if other in possible(own):
                continue
            is_certain = other in listed.certain
            copy = Copy(peering, other.region, peering, other, is_certain=is_certain)
            yield Stated(own, (DSQL_CLUSTER,), copy)
            if isinstance(own, Target):
                back = copy._replace(resource=own.resource, region=own.resource.region)
                yield _of(other, back)
        for outside in listed.outside:
            place = _known(region_of_arn(outside.literal or ""))
            copy = Copy(peering, place, peering, is_certain=isinstance(place, Known))
            yield Stated(own, (DSQL_CLUSTER,), copy)


# --- backups --------------------------------------------------------------------------------------


def _database_backups(stack: Stack) -> Iterator[Stated]:
    for each in stack.of(DB_BACKUP_REPLICATION):
        copy = Copy(each, each.region, each, how=How.BACKUP)
        yield Stated(stack.reference(each, "sourceDbInstanceArn"), (DB_INSTANCE,), copy)
    for kind, source, snapshot_kind, name, database_kind in _SNAPSHOT_COPIES:
        for each in stack.of(kind):
            place = each.text("destinationRegion")
            region = each.region if isinstance(place, Absent) else place
            snapshots = stack.reference(each, source, snapshot_kind)
            is_certain = isinstance(snapshots, Target)
            copy = Copy(each, region, each, is_certain=is_certain, how=How.BACKUP)
            for snapshot in possible(snapshots):
                original = stack.reference(snapshot, name, database_kind)
                yield Stated(original, (database_kind,), copy)


def _backups(stack: Stack) -> Iterator[Stated]:
    """What AWS Backup copies out: a plan with copy actions, and what is selected for it."""
    for selection in stack.of(_BACKUP_SELECTION):
        plans = stack.reference(selection, "planId", _BACKUP_PLAN)
        for plan in possible(plans):
            for place in _copied_to(stack, plan):
                is_certain = isinstance(plans, Target) and isinstance(place, Known)
                copy = Copy(plan, place, plan, is_certain=is_certain, how=How.BACKUP)
                yield from _selected(stack, selection, copy)


def _copied_to(stack: Stack, plan: Resource) -> Iterator[Reading[str]]:
    inner = "copyActions.destinationVaultArn"
    vaults = stack.references(plan, "rules", _BACKUP_VAULT, inner=inner)
    if isinstance(vaults, Absent):
        return
    yield from (each.region for each in vaults.certain)
    for each in vaults.outside:
        yield _known(region_of_arn(each.literal or ""))
    if vaults.pool:
        yield Unknown()


def _selected(stack: Stack, selection: Resource, copy: Copy) -> Iterator[Stated]:
    """What is selected by its ARN is so for certain; by tags and patterns, perhaps."""
    perhaps = copy._replace(is_certain=False)
    listed = stack.references(selection, "resources", *_BACKED_UP)
    if not isinstance(listed, Absent):
        for each in listed.certain:
            yield _of(each, copy)
        for each in listed.pool:
            yield _of(each, perhaps)
    is_open = not isinstance(listed, Absent) and listed.outside
    if is_open or selection.sets("selectionTags") or selection.sets("conditions"):
        yield Stated(Outside(), _BACKED_UP, perhaps)


_READERS: Final = (
    _replicas,
    _table_replicas,
    _global_tables,
    _images,
    _replica_databases,
    _buckets,
    _file_systems,
    _peered_clusters,
    _database_backups,
    _backups,
)
