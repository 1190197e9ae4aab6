"""Where Aurora has backtrack: on Aurora MySQL alone, and in no global database.

AWS: "Backtracking Aurora DB clusters isn't supported" in a global database; CreateDBCluster answers
`InvalidParameterCombination: Backtrack is not supported for global databases.` Outside of one only
Aurora MySQL has it: `InvalidParameterValue: Backtrack is not enabled for the aurora-postgresql
engine.` A window of 0 turns backtrack off and is accepted anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Model
from ..model.answers import Yes
from ..model.aurora.global_databases import joins
from ..model.aurora.version_strings import MYSQL, RETIRED_MYSQL
from ..model.references import OneOf, Outside, Target
from ..model.resource import Resource
from ..model.values import Absent, Known, Reading, Unknown, known_or_none
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..rule import (
    Evidence,
    Kind,
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
    kind=Kind.DOCUMENTED,
)
_REFUSAL = Evidence(
    effect="InvalidParameterCombination: Backtrack is not supported for global databases.",
    source="CreateDBCluster, public deployment logs",
    date="2026-04-08",
    kind=Kind.DOCUMENTED,
)
_TAGS = ("aws", "rds", "aurora", "disaster-recovery")


def _window(cluster: Resource) -> Reading[float]:
    """The backtrack window; one of 0, which turns backtrack off, is none."""
    window = cluster.number("backtrackWindow")
    return Absent() if isinstance(window, Known) and window.value <= 0 else window


def _may_have_backtrack(cluster: Resource) -> Reading[bool]:
    """Whether the engine has backtrack."""
    match cluster.text("engine"):
        case Known(engine):
            # AWS withdrew the first Aurora MySQL, which had backtrack, as a whole.
            return Known(engine.strip().lower() in (MYSQL, RETIRED_MYSQL))
        case other:
            return other


def member_with_backtrack(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A cluster that joins a global database must not have a backtrack window."""
    if not joins(cluster):
        return
    match _window(cluster):
        case Known(seconds):
            yield Violation(
                cluster,
                f"{cluster.label} joins a global database with a backtrack window of "
                f"{seconds:.0f} seconds.",
                chains=((cluster.label, "globalClusterIdentifier and backtrackWindow"),),
            )
        case Unknown(why):
            yield Unverified(cluster, f"its backtrackWindow is {why}")


def without_backtrack(cluster: Resource) -> Sequence[str]:
    """The properties to drop so that the cluster can join its global database."""
    has_window = isinstance(_window(cluster), Known)
    return ("backtrackWindow",) if has_window and joins(cluster) else ()


def source_with_backtrack(global_cluster: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The cluster that a global database is made from must not have a backtrack window."""
    match model.stack.reference(global_cluster, "sourceDbClusterIdentifier"):
        case Target(source):
            # After a refresh the outputs of every source name the global cluster, too.
            joins_itself = isinstance(source.declares("globalClusterIdentifier"), Yes)
            if not joins_itself and _may_have_backtrack(source) != Known(False):
                yield from _source(source, global_cluster)
        case OneOf(sources) if any(not isinstance(_window(each), Absent) for each in sources):
            yield Unverified(global_cluster, "which cluster is its source is not known")
        case Outside() as outside if global_cluster.is_new:
            yield Unverified(global_cluster, f"its source cluster {outside.why}")


def _source(source: Resource, global_cluster: Resource) -> Iterator[Outcome]:
    match _window(source):
        case Known(seconds):
            yield Violation(
                source,
                f"{source.label} has a backtrack window of {seconds:.0f} seconds, and "
                f"{global_cluster.label} is made from it.",
                chains=((global_cluster.label, source.label, "backtrackWindow"),),
                parties=(global_cluster,),
            )
        case Unknown(why):
            yield Unverified(source, f"its backtrackWindow is {why}")


def engine_with_backtrack(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A cluster outside of global databases has a backtrack window only if it is Aurora MySQL."""
    window = _window(cluster)
    if joins(cluster) or isinstance(window, Absent):
        return
    match _may_have_backtrack(cluster), window:
        case Known(True), _:
            return
        case Known(False), Known(seconds):
            engine = known_or_none(cluster.text("engine"))
            yield Violation(
                cluster,
                f"{cluster.label} has a backtrack window of {seconds:.0f} seconds, and {engine} "
                "does not support backtrack.",
                chains=((cluster.label, f"engine {engine}", "backtrackWindow"),),
                effect="CreateDBCluster answers InvalidParameterValue: Backtrack is not enabled "
                f"for the {engine} engine.",
            )
        case Absent(), _:
            yield Unverified(cluster, "it sets no engine")
        case Unknown(why), _:
            yield Unverified(cluster, f"its engine is {why}")
        case _, Unknown(why):
            yield Unverified(cluster, f"its backtrackWindow is {why}")


def without_foreign_backtrack(cluster: Resource) -> Sequence[str]:
    """The properties to drop so that an engine without backtrack can be made."""
    wrong = any(isinstance(each, Violation) for each in engine_with_backtrack(cluster, Settings()))
    return ("backtrackWindow",) if wrong else ()


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
    in_doubt="give backtrackWindow a value that is known before the deployment",
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
    fix="Remove backtrackWindow from the source cluster (or set it to 0). Once it is off, it "
    "cannot be turned on again.",
    in_doubt="take sourceDbClusterIdentifier from the arn of one cluster of this stack",
    kinds=(GLOBAL_CLUSTER,),
    check=source_with_backtrack,
)

BACKTRACK_ENGINE = ResourceRule(
    name="aurora-backtrack-engine",
    title="Backtrack on Aurora MySQL only",
    description="Only an Aurora MySQL cluster may have backtrack.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterValue: Backtrack is not enabled for the aurora-postgresql "
            "engine.",
            source="CreateDBCluster, public deployment logs",
            date="2026-09-13",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Remove backtrackWindow (or set it to 0), and use point-in-time restore instead.",
    in_doubt="give engine and backtrackWindow values that are known before the deployment",
    kinds=(CLUSTER,),
    check=engine_with_backtrack,
    remediate=without_foreign_backtrack,
)
