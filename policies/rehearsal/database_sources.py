"""A database that stands in for another one must be filled from it.

Two databases that are called primary and standby deploy whether or not one replicates the other.
Without a source the standby lacks the data on the day that it is needed. What stands in for what,
names tell, or the regions that the user sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.answers import CannotTell, Yes
from ..model.references import target
from ..model.resource import Resource
from ..model.takeover.global_groups import FORMS
from ..model.takeover.standby_databases import DATABASES, FILLED_BY, StandIn
from ..model.values import Known
from ..model.vocabulary import CLUSTER, DB_INSTANCE, DOCDB_CLUSTER, NEPTUNE_CLUSTER
from ..regions.standing_in import PRIMARY, REGIONS, losses, take_over
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_WAYS: Final = {
    CLUSTER: "Set globalClusterIdentifier of {standby} to the global database of {original}.",
    DOCDB_CLUSTER: "Set globalClusterIdentifier of {standby} to the global cluster of {original}.",
    NEPTUNE_CLUSTER: "Set globalClusterIdentifier of {standby} to the global database of "
    "{original}.",
    DB_INSTANCE: "Set replicateSourceDb of {standby} to the ARN of {original}.",
}
_PEERING: Final = (
    "Set multiRegionProperties of {standby} and {original}, and peer them (ClusterPeering)."
)
_ELSE: Final = " If the application copies the data itself, exempt the database."


def is_filled(database: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A database that stands in for one that is lost should be filled from it."""
    for lost, left in losses(model, settings):
        pair = model.takeover.databases.stand_in(database, lost)
        home = model.takeover.homes.of(database)
        if pair is None or not isinstance(home, Known) or home.value not in left:
            continue
        if pair.reason is None and not take_over(settings, lost, home.value):
            continue
        match model.takeover.databases.is_unfilled(pair, lost):
            case Yes():
                yield _unfilled(pair, model, lost, home.value)
            case CannotTell(why):
                yield Unverified(database, why, parties=(pair.original,), lost=lost)


def _unfilled(pair: StandIn, model: Model, lost: str, region: str) -> Violation:
    standby, original = pair.standby, pair.original
    names = ", ".join(standby.own_name(each) for each in FILLED_BY[standby.kind])
    reason = pair.reason or "by its name and the regions that are set"
    return Violation(
        standby,
        f"{standby.label} in {region} stands in for {original.label} in {lost} {reason}, and "
        "nothing fills it:",
        chains=(
            (f"{original.label} ({lost})", *_replication(original, model)),
            (f"{standby.label} ({region})", f"none of {names}"),
        ),
        effect=f"copies nothing between the two: what is written in {lost} never reaches {region}, "
        f"and is lost with {lost}.",
        fix=_WAYS.get(standby.kind, _PEERING).format(standby=standby.label, original=original.label)
        + _ELSE,
        parties=(original,),
        lost=lost,
    )


def _replication(original: Resource, model: Model) -> tuple[str, ...]:
    """What the original belongs to, or that it has no copy."""
    form = FORMS.get(original.kind)
    group = form and target(model.stack.reference(original, form.belongs, form.group))
    return (form.belongs, group.label) if form and group else ("no copy in another region",)


STANDBY_DATABASE_SOURCE = StackRule(
    name="standby-database-source",
    title="A standby database that has the data",
    description="A database that stands in for one in another region should be filled from it.",
    level=Level.ADVISORY,
    severity=Severity.CRITICAL,
    tags=("aws", "rds", "aurora", "docdb", "neptune", "dsql", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "replicates an Aurora database to another region if the clusters belong to one global "
            "database, and a DB instance if it is the source of a read replica there.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-global-database.html; https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
            "USER_ReadRepl.XRgn.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "replicates DocumentDB, Neptune and Aurora DSQL between regions in global clusters and "
            "peered clusters only.",
            "https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html; "
            "https://docs.aws.amazon.com/neptune/latest/userguide/neptune-global-database.html; "
            "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/"
            "configuring-multi-region-clusters.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Fill the standby from the database that it stands in for: make it a member of its global "
    "database, or a read replica of it.",
    in_doubt="state what the standby is made from, or which databases belong to a global one",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=DATABASES,
    check=is_filled,
)
