"""Aurora global databases: who belongs to one, who is its primary, and on what all must agree.

AWS, "Using Amazon Aurora Global Database": one primary cluster and up to ten secondary ones, each
in a region of its own. A cluster joins when it is made, by globalClusterIdentifier, or is the
source that the global cluster is made from; the first to join is the primary, and the others take
its credentials and databases over. A switchover makes another member the primary; then the outputs
of the global cluster tell who writes (`globalClusterMembers`), as far as they were refreshed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from .. import values
from ..answers import Answer, CannotTell, No, Yes
from ..plain import NamedTuple
from ..references import OneOf, Outside, Reference, Target, possible, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown, is_set
from ..vocabulary import CLUSTER, CLUSTER_INSTANCE, GLOBAL_CLUSTER
from .version_strings import parse

MOST_SECONDARIES = 10
"""AWS, "Configuration requirements of an Amazon Aurora global database"; until 2025 it was 5."""

ENGINE = "engine"
ENGINE_VERSION = "engineVersion"
STORAGE_ENCRYPTED = "storageEncrypted"

CREDENTIALS = ("masterUsername", "masterPassword", "masterPasswordWo")
_RESTORED = ("snapshotIdentifier", "restoreToPointInTime", "sourceDbClusterIdentifier")
"""What makes a cluster from one that was; the last is aws-native's way to restore to a point in
time and no property of a cluster elsewhere."""
_CONTENTS = (*_RESTORED, "s3Import")
"""What else a cluster may start from."""


class GlobalDatabase(NamedTuple):
    """One global database, as far as the stack shows it; its members in the order of their URNs.

    `global_cluster` is None where it is not in the stack and the members agree on its name only.
    `source` is the cluster that it is made from."""

    label: str
    global_cluster: Resource | None
    members: tuple[Resource, ...]
    source: Reference


def joins(cluster: Resource) -> bool:
    """Whether the cluster names a global database that it belongs to, known or not."""
    return is_set(cluster.text("globalClusterIdentifier"))


class ShownMember(NamedTuple):
    """A member that the outputs of a global cluster show: a cluster of the stack or another."""

    cluster: Resource | None
    writes: bool


class Aurora:
    """The global databases of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def databases(self) -> tuple[GlobalDatabase, ...]:
        """Every global database that the stack has or names."""
        joined: dict[str, list[Resource]] = {}
        foreign: dict[tuple[str, str], list[Resource]] = {}
        for cluster in self._stack.of(CLUSTER):
            match self._stack.reference(cluster, "globalClusterIdentifier"):
                case Target(global_cluster):
                    joined.setdefault(global_cluster.urn, []).append(cluster)
                case Outside(str(name)):
                    named = (name, self._stack.names_of(cluster))
                    foreign.setdefault(named, []).append(cluster)
        found: list[GlobalDatabase] = []
        for each in self._stack.of(GLOBAL_CLUSTER):
            source = self._stack.reference(each, "sourceDbClusterIdentifier")
            clusters = {member.urn: member for member in joined.pop(each.urn, [])}
            if isinstance(source, Target):
                clusters[source.resource.urn] = source.resource
            members = tuple(clusters[urn] for urn in sorted(clusters))
            found.append(GlobalDatabase(each.label, each, members, source))
        for (name, _), some in sorted(foreign.items()):
            found.append(GlobalDatabase(f"global cluster {name}", None, tuple(some), Absent()))
        return tuple(found)

    @cached_property
    def _by_member(self) -> Mapping[str, GlobalDatabase]:
        return {member.urn: each for each in self.databases for member in each.members}

    def database_of(self, cluster: Resource) -> GlobalDatabase | CannotTell | None:
        """The global database that the cluster belongs to; None where it belongs to none."""
        if cluster.urn in self._by_member:
            return self._by_member[cluster.urn]
        if joins(cluster):
            return CannotTell("which global database it joins is not known")
        return None

    def may_have_more_members(self, database: GlobalDatabase) -> bool:
        """Whether a cluster may belong to it of which that is not certain."""
        if isinstance(database.source, (OneOf, Outside)):
            return True
        for cluster in self._stack.of(CLUSTER):
            match self._stack.reference(cluster, "globalClusterIdentifier"):
                case Outside(None):
                    return True
                case OneOf(candidates) if database.global_cluster in candidates:
                    return True
        return False

    def is_member(self, cluster: Resource) -> Answer:
        """Whether the cluster belongs to a global database, whichever that is."""
        if cluster.is_opaque:
            return CannotTell(f"nothing is known of {cluster.label} before the deployment")
        if joins(cluster):
            return Yes((cluster.label, "globalClusterIdentifier"))
        for each in self.databases:
            if target(each.source) is cluster:
                return Yes((cluster.label, f"source of {each.label}"))
        for each in self.databases:
            if cluster in possible(each.source):
                return CannotTell(f"which cluster {each.label} is made from is not known")
        return No()

    def instances(self, cluster: Resource) -> tuple[Resource, ...]:
        """The instances that are certainly the cluster's."""
        return self._instances.get(cluster.urn, ())

    def may_have_instances(self, cluster: Resource) -> bool:
        """Whether an instance of the stack is the cluster's, or may be for all that is known."""
        return any(
            cluster in possible(named) or named == Outside()
            for named in (
                self._stack.reference(each, "clusterIdentifier")
                for each in self._stack.of(CLUSTER_INSTANCE)
            )
        )

    @cached_property
    def _instances(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, tuple[Resource, ...]] = {}
        for instance in self._stack.of(CLUSTER_INSTANCE):
            cluster = target(self._stack.reference(instance, "clusterIdentifier"))
            if cluster is not None:
                found[cluster.urn] = (*found.get(cluster.urn, ()), instance)
        return found

    # --- who is the primary ----------------------------------------------------------------------

    def shown_members(self, database: GlobalDatabase) -> tuple[ShownMember, ...]:
        """The members that the outputs of a global cluster show, without those that the program
        makes anew: they were deleted since. None are shown before a refresh has seen them."""
        name = "globalClusterMembers"
        home = database.global_cluster
        listed = Absent() if home is None or home.is_new else home.items(name)
        if home is None or not isinstance(listed, Known):
            return ()
        found: list[ShownMember] = []
        for entry in listed.value:
            arn = values.text(values.field(entry, "dbClusterArn"))
            if not isinstance(arn, Known):
                continue
            cluster = target(self._stack.resolve(home, name, arn, CLUSTER))
            if cluster is None or not cluster.is_new:
                writes = values.flag(values.field(entry, "isWriter")) == Known(True)
                found.append(ShownMember(cluster, writes))
        return tuple(found)

    def existing_members(self, database: GlobalDatabase) -> tuple[Resource, ...]:
        """The members that exist. Of a global cluster that is still to be made there are none."""
        home = database.global_cluster
        if home is not None and home.is_new:
            return ()
        return tuple(member for member in database.members if not member.is_new)

    def primary(self, database: GlobalDatabase) -> Resource | CannotTell:
        """The cluster that writes, as the outputs of a global cluster that exists show; else the
        one that the global cluster is made from; else the one that the others wait for; else the
        only one that starts with credentials or contents of its own. Where members exist, one of
        those."""
        shown = self.shown_members(database)
        existing = self.existing_members(database)
        writers = [each.cluster for each in shown if each.writes]
        if writers and writers[0] is not None:
            return writers[0]
        if writers or (shown and not existing):
            return CannotTell(f"the primary of {database.label} is not a cluster of this stack")
        source = target(database.source)
        if source is not None and (not existing or source in existing):
            return source
        unknown = CannotTell(f"nothing tells which member of {database.label} is the primary")
        if not isinstance(database.source, (Absent, Target)):
            return unknown
        candidates = existing or database.members
        starters = [_declares_any(each, (*CREDENTIALS, *_CONTENTS)) for each in candidates]
        if database.global_cluster is None and (
            len(database.members) == 1 or all(isinstance(each, No) for each in starters)
        ):
            return unknown  # Its primary may be in the stack that has the global cluster.
        if len(existing) == 1:
            return existing[0]
        waited_for = self._waited_for(candidates)
        if len(waited_for) == 1:
            return waited_for[0]
        if any(isinstance(each, CannotTell) for each in starters):
            return unknown
        own_start = [
            member
            for member, starts in zip(candidates, starters, strict=True)
            if isinstance(starts, Yes)
        ]
        return own_start[0] if len(own_start) == 1 else unknown

    def _waited_for(self, members: Iterable[Resource]) -> list[Resource]:
        waits = {member: self._waits(member) for member in members}
        return [
            member
            for member in waits
            if len(waits) > 1
            and all(member.urn in waits[other] for other in waits if other is not member)
        ]

    def _waits(self, cluster: Resource) -> frozenset[str]:
        """What must exist before the cluster or one of its instances is made."""
        found = set(self._stack.waits_for(cluster))
        for instance in self.instances(cluster):
            found |= self._stack.waits_for(instance)
        # Declared only: of every secondary that exists, the outputs name the primary here.
        named = values.text(cluster.declared_tree("replicationSourceIdentifier"))
        origin = self._stack.resolve(cluster, "replicationSourceIdentifier", named, CLUSTER)
        return frozenset(found | {each.urn for each in possible(origin)})

    def is_secondary(self, cluster: Resource) -> Answer:
        """Whether the cluster joins a global database that has its primary already."""
        database = self.database_of(cluster)
        if database is None:
            return No()
        if isinstance(database, CannotTell):
            return database
        if not joins(cluster):
            return No()  # The source is made before there is anything to join.
        primary = self.primary(database)
        if primary is cluster:
            return No()
        role = f"secondary of {database.label}"
        if isinstance(primary, Resource):
            return Yes((role, f"primary {primary.label}"))
        if cluster.is_new and self.has_members_already(database):
            # Whoever the primary is: what joins a global database that has members is none.
            others = self.existing_members(database)
            return Yes((role, f"beside {others[0].label if others else 'members that exist'}"))
        if self._joins_a_copy(cluster, database):
            return Yes((role, "made from another cluster"))
        return primary

    def has_members_already(self, database: GlobalDatabase) -> bool:
        """Whether a cluster of it exists, in this stack or elsewhere."""
        return bool(self.existing_members(database) or self.shown_members(database))

    def _joins_a_copy(self, cluster: Resource, database: GlobalDatabase) -> bool:
        """Whether it waits for a global cluster that is made from a cluster which exists before."""
        global_cluster = database.global_cluster
        return (
            global_cluster is not None
            and not isinstance(database.source, Absent)
            and global_cluster.urn in self._stack.waits_for(cluster)
        )

    def rivals(self, database: GlobalDatabase) -> tuple[Resource, ...]:
        """The members that set credentials, where several do and nothing tells which of them is
        the primary. One at most can be."""
        return self._several(database, lambda each: _declares_any(each, CREDENTIALS))

    def keyless(self, database: GlobalDatabase) -> tuple[Resource, ...]:
        """The encrypted members that name no key, where there are several and nothing tells which
        of them is the primary. One at most may leave its key to AWS."""
        return self._several(database, self._is_keyless)

    def _is_keyless(self, cluster: Resource) -> Answer:
        names_a_key = cluster.declares("kmsKeyId")
        return self.is_encrypted(cluster) if isinstance(names_a_key, No) else No()

    def _several(
        self, database: GlobalDatabase, holds: Callable[[Resource], Answer]
    ) -> tuple[Resource, ...]:
        """The members of which something holds that holds of the primary alone, if there are two or
        more and nothing tells the primary."""
        known = isinstance(self.primary(database), Resource)
        if known or not isinstance(database.source, Absent) or self.has_members_already(database):
            return ()
        found = tuple(each for each in database.members if isinstance(holds(each), Yes))
        return found if len(found) > 1 else ()

    # --- on what members agree -------------------------------------------------------------------

    def agrees(self, cluster: Resource, name: str) -> Answer:
        """Whether the cluster is like its global database; AWS asks when it makes the cluster. `No`
        leads from what the cluster says to who says otherwise, and what.

        What the global cluster does not say, the primary does; made from a source, it says what
        the source does."""
        database = self.database_of(cluster)
        if not isinstance(database, GlobalDatabase):
            return database or Yes()
        if cluster.leaves_as_it_is(name):
            # The usual program for an upgrade: the members' inputs stay what they were while the
            # global cluster upgrades them.
            return Yes()
        if name == STORAGE_ENCRYPTED and not isinstance(_declares_any(cluster, _RESTORED), No):
            return Yes()  # Its storage is as that which it is restored from.
        authority = _authority(database)
        primary = self.primary(database)
        for holder in (authority, primary):
            if not isinstance(holder, Resource) or holder is cluster:
                continue
            answer = self._agrees_with(cluster, holder, name)
            if isinstance(answer, No) or (
                holder is authority and not isinstance(_said(holder, name, cluster), Absent)
            ):
                return answer
        if name == ENGINE_VERSION and authority is not cluster and cluster.sets(name):
            who = database.label if authority is None else authority.label
            named = self._stack.reference(cluster, "globalClusterIdentifier")
            source = named.source if isinstance(named, Outside) else None
            whence = f", which comes from {source}" if source else ""
            return CannotTell(f"nothing in this stack sets the engineVersion of {who}{whence}")
        return Yes()

    def _agrees_with(self, cluster: Resource, holder: Resource, name: str) -> Answer:
        own, theirs = _said(cluster, name, cluster), _said(holder, name, cluster)
        if isinstance(theirs, Absent):
            if name == STORAGE_ENCRYPTED and own == Known("true") and _is_unencrypted(holder):
                return No((f"{name} true", holder.label, f"no {name}"))
            return Yes()
        if isinstance(own, Absent):
            if name == ENGINE_VERSION:
                return CannotTell("no engine version is set, so AWS chooses one")
            if name == STORAGE_ENCRYPTED and theirs == Known("true"):
                return self._is_encrypted_by_default(cluster)
            return Yes()
        if isinstance(own, Unknown):
            if holder in self._stack.sources(cluster, name, (GLOBAL_CLUSTER, CLUSTER)):
                return Yes()
            return CannotTell(f"its {name} is {own.why}")
        if isinstance(theirs, Unknown):
            return CannotTell(f"the {name} of {holder.label} is {theirs.why}")
        differ = _differ(cluster, name, own.value, theirs.value)
        if differ is None:
            return CannotTell(f"{own.value} and {theirs.value} do not both name one version")
        if differ and holder.leaves_as_it_is(name):
            return CannotTell(
                f"{holder.label} ignores changes of its {name}, which may be {own.value} by now"
            )
        if differ:
            return No((f"{name} {own.value}", holder.label, f"{name} {theirs.value}"))
        return Yes()

    def _is_encrypted_by_default(self, cluster: Resource) -> Answer:
        """Whether a member that does not mention encryption fits an encrypted global database."""
        is_without_key = isinstance(cluster.declares("kmsKeyId"), No)
        if not is_without_key or isinstance(self.is_secondary(cluster), Yes):
            return Yes()  # A key says it, and a secondary without one is another policy's finding.
        return CannotTell(
            "it does not set storageEncrypted, and whether AWS encrypts it by default is not known"
        )

    def is_encrypted(self, cluster: Resource) -> Answer:
        """Whether the storage of the cluster is encrypted, by its own word or by that of its global
        database."""
        database = self.database_of(cluster)
        holders: tuple[Resource | CannotTell | None, ...] = (cluster,)
        if isinstance(database, GlobalDatabase):
            holders = (cluster, _authority(database), self.primary(database))
        for holder in holders:
            if isinstance(holder, Resource):
                match _said(holder, STORAGE_ENCRYPTED, cluster):
                    case Known(said):
                        return Yes() if said == "true" else No()
                    case Unknown(why):
                        return CannotTell(f"whether its storage is encrypted is {why}")
        return No()


def _authority(database: GlobalDatabase) -> Resource | None:
    """Whose engine, version and encryption all members must have; None outside the stack."""
    if isinstance(database.source, Absent):
        return database.global_cluster
    return target(database.source)


def _is_unencrypted(holder: Resource) -> bool:
    """Whether silence means no encryption: AWS makes such global clusters without it."""
    return holder.kind == GLOBAL_CLUSTER and holder.is_new


def _declares_any(cluster: Resource, names: Iterable[str]) -> Answer:
    answers = [cluster.declares(name) for name in names]
    for kind in (Yes, CannotTell):
        for answer in answers:
            if isinstance(answer, kind):
                return answer
    return No()


def _said(resource: Resource, name: str, asking: Resource) -> Reading[str]:
    """What a cluster or global cluster is like, in words that can be compared.

    A cluster that is being made must be like what exists. One that exists is compared by what the
    program says of both, so that the answer is the same before and after the deployment."""
    tree = resource.tree(name) if asking.is_new else resource.declared_tree(name)
    if name == STORAGE_ENCRYPTED:
        flag = values.flag(tree)
        return Known(str(flag.value).lower()) if isinstance(flag, Known) else flag
    text = values.text(tree)
    return Known(text.value.strip().lower()) if isinstance(text, Known) else text


def _differ(cluster: Resource, name: str, one: str, other: str) -> bool | None:
    """Whether two values are different for AWS; None where AWS may take them for the same."""
    if one == other:
        return False
    if name != ENGINE_VERSION:
        return True
    engine = _said(cluster, ENGINE, cluster)
    if not isinstance(engine, Known):
        return None
    first, second = parse(engine.value, one), parse(engine.value, other)
    if first is None or second is None:
        return None
    if (first.major, first.limitless) != (second.major, second.limitless):
        return True
    if not (first.names_one_release and second.names_one_release):
        return None
    # 15.4 takes in its patch levels, such as 15.4.1.
    shared = min(len(first.release), len(second.release))
    return first.release[:shared] != second.release[:shared]
