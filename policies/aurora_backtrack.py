"""Backtrack and Aurora global databases exclude each other.

AWS: "Backtracking Aurora DB clusters isn't supported" in a global database; CreateDBCluster answers
`InvalidParameterCombination: Backtrack is not supported for global databases.` A window of 0 turns
backtrack off and is accepted anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import Model
from .model.resource import Resource
from .model.stack import OneOf, Target
from .model.values import Known, Unknown, is_set
from .model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from .rule import (
    Evidence,
    Level,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_LIMITATION = Evidence(
    effect="Aurora global databases do not support backtracking.",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html",
    date="2026-04-08",
)
_REFUSAL = Evidence(
    effect="InvalidParameterCombination: Backtrack is not supported for global databases.",
    source="CreateDBCluster, public deployment logs",
    date="2026-04-08",
)
_TAGS = ("aws", "rds", "aurora", "disaster-recovery")


def _is_member(cluster: Resource) -> bool:
    return is_set(cluster.text("globalClusterIdentifier"))


def member_with_backtrack(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A cluster that joins a global database must not have a backtrack window."""
    if not _is_member(cluster):
        return
    match cluster.number("backtrackWindow"):
        case Known(seconds) if seconds > 0:
            yield Violation(
                cluster,
                f"{cluster.name} joins a global database with a backtrack window of "
                f"{seconds:.0f} seconds.",
                chains=((cluster.label, "globalClusterIdentifier and backtrackWindow"),),
            )
        case Unknown(why):
            yield Unverified(cluster, f"its backtrackWindow is {why}")


def without_backtrack(cluster: Resource) -> Sequence[str]:
    """The properties to drop so that the cluster can join its global database."""
    window = cluster.number("backtrackWindow")
    has_window = isinstance(window, Known) and window.value > 0
    return ("backtrackWindow",) if has_window and _is_member(cluster) else ()


def source_with_backtrack(global_cluster: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The cluster that a global database is made from must not have a backtrack window."""
    match model.stack.reference(global_cluster, "sourceDbClusterIdentifier"):
        case Target(source) if not _is_member(source):
            yield from _source(source, global_cluster)
        case OneOf(sources) if any(source.sets("backtrackWindow") for source in sources):
            yield Unverified(global_cluster, "which cluster is its source is not known")


def _source(source: Resource, global_cluster: Resource) -> Iterator[Outcome]:
    match source.number("backtrackWindow"):
        case Known(seconds) if seconds > 0:
            yield Violation(
                source,
                f"{source.name} has a backtrack window of {seconds:.0f} seconds, and "
                f"{global_cluster.label} is made from it.",
                chains=((global_cluster.label, source.label, "backtrackWindow"),),
            )
        case Unknown(why):
            yield Unverified(source, f"its backtrackWindow is {why}")


GLOBAL_BACKTRACK = ResourceRule(
    name="aurora-global-backtrack",
    title="No backtrack in an Aurora global database",
    description="An Aurora cluster in a global database must not have backtrack.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(_REFUSAL, _LIMITATION),
    fix="Remove backtrackWindow (or set it to 0) on every cluster of the global database; use "
    "point-in-time restore instead.",
    kinds=(CLUSTER,),
    check=member_with_backtrack,
    remediate=without_backtrack,
)

GLOBAL_SOURCE_BACKTRACK = StackRule(
    name="aurora-global-source-backtrack",
    title="No backtrack on the source of an Aurora global database",
    description="The cluster that an Aurora global database is made from must not have backtrack.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(_LIMITATION,),
    fix="Create the source cluster without backtrackWindow; it cannot be taken off later.",
    kinds=(GLOBAL_CLUSTER,),
    check=source_with_backtrack,
)
