"""Global databases of every service: each member holds what all others hold.

A member names what it belongs to, or is what that is made from. Aurora, DocumentDB, Neptune:
globalClusterIdentifier; ElastiCache: globalReplicationGroupId; MemoryDB: multiRegionClusterName.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..plain import NamedTuple
from ..references import Outside, Reference, Target, same
from ..resource import Resource
from ..stack import Stack
from ..values import Absent
from ..vocabulary import (
    CLUSTER,
    DOCDB_CLUSTER,
    DOCDB_GLOBAL_CLUSTER,
    GLOBAL_CLUSTER,
    NEPTUNE_CLUSTER,
    NEPTUNE_GLOBAL_CLUSTER,
)
from .stated_copies import Copy
from .unknown_names import is_named_by_the_unknown, may_name

REPLICATION_GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_GLOBAL_REPLICATION_GROUP: Final = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
_MEMORY_CLUSTER: Final = "aws:memorydb/cluster:Cluster"
_MULTI_REGION_CLUSTER: Final = "aws:memorydb/multiRegionCluster:MultiRegionCluster"


class Form(NamedTuple):
    """How members of a kind say what they belong to, and that, what it is made from."""

    belongs: str
    group: str
    made_from: str | None


FORMS: Final = {
    CLUSTER: Form("globalClusterIdentifier", GLOBAL_CLUSTER, "sourceDbClusterIdentifier"),
    DOCDB_CLUSTER: Form(
        "globalClusterIdentifier", DOCDB_GLOBAL_CLUSTER, "sourceDbClusterIdentifier"
    ),
    NEPTUNE_CLUSTER: Form(
        "globalClusterIdentifier", NEPTUNE_GLOBAL_CLUSTER, "sourceDbClusterIdentifier"
    ),
    REPLICATION_GROUP: Form(
        "globalReplicationGroupId", _GLOBAL_REPLICATION_GROUP, "primaryReplicationGroupId"
    ),
    _MEMORY_CLUSTER: Form("multiRegionClusterName", _MULTI_REGION_CLUSTER, None),
}


class Membership(NamedTuple):
    """That a resource belongs to what `group` names, or may."""

    member: Resource
    group: Reference
    is_certain: bool


def memberships(stack: Stack, kind: str) -> tuple[Membership, ...]:
    """Who belongs to which group, of one kind of member."""
    return tuple(_memberships(stack, kind, FORMS[kind]))


def _memberships(stack: Stack, kind: str, form: Form) -> Iterator[Membership]:
    members = stack.of(kind)
    is_unknown = any(map(is_named_by_the_unknown, stack.of(form.group)))
    for each in members:
        group = stack.reference(each, form.belongs, form.group)
        if isinstance(group, Outside) and is_unknown:
            group = Outside()
        if not isinstance(group, Absent):
            yield Membership(each, group, group != Outside())
    for joint in stack.of(form.group) if form.made_from is not None else ():
        source = stack.reference(joint, form.made_from or "", kind)
        candidates = (each for each in members if may_name(source, each))
        for each in candidates:
            yield Membership(each, Target(joint), isinstance(source, Target))


def peers(member: Resource, members: tuple[Membership, ...]) -> Iterator[Copy]:
    """The other members of the same group: copies of this one, certain or possible."""
    for own in members:
        if own.member is not member:
            continue
        for other in members:
            if other.member is member:
                continue
            alike = same(own.group, other.group)
            if alike is not False:
                is_certain = alike is True and own.is_certain and other.is_certain
                yield Copy(
                    member, other.member.region, other.member, other.member, is_certain=is_certain
                )
