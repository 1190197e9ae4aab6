"""What the clusters of an Aurora global database have in common.

They have one engine, one version and one encryption setting, and each a region of its own. AWS asks
for most of this when it makes a cluster, never of one that exists: a program that ignores the
version of its members keeps the old one when the global cluster is upgraded, and they with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model import Model
from ..model.answers import CannotTell, No
from ..model.aurora.global_databases import (
    ENGINE,
    ENGINE_VERSION,
    MOST_SECONDARIES,
    STORAGE_ENCRYPTED,
    Aurora,
    GlobalDatabase,
    joins,
)
from ..model.references import target
from ..model.resource import Resource
from ..model.values import Unknown, known_or_none
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..rule import (
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
from .engine_versions import SERVERLESS, fits_as_member, fits_global_database

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

_MISMATCH = "CreateDBCluster answers InvalidParameterValue: Value for {} should match setting for "
_EFFECT_OF_MISMATCH = {
    ENGINE: "lets no cluster of another engine join a global database.",
    ENGINE_VERSION: _MISMATCH.format(ENGINE_VERSION) + "global cluster.",
    STORAGE_ENCRYPTED: _MISMATCH.format(STORAGE_ENCRYPTED) + "global cluster.",
}


_SAME_ENCRYPTION = (
    "Set storageEncrypted of the global cluster and of all its members to the same value; a global "
    "cluster that does not set it is not encrypted."
)


def members_go_together(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """Members have their global database's engine, version and encryption; each its own region."""
    if subject.kind == GLOBAL_CLUSTER:
        yield from _not_too_many(subject, model.aurora)
        return
    match model.aurora.database_of(subject):
        case GlobalDatabase() as database:
            yield from _still_open(subject, _fit_as_source(subject, database))
            yield from _still_open(subject, _alike(subject, database, model.aurora))
            yield from _in_a_region_of_its_own(subject, database, model)
        case CannotTell(why) if subject.is_new:
            yield Unverified(subject, why)


def _still_open(cluster: Resource, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes without doubts about a cluster that exists: AWS has answered those."""
    return (each for each in outcomes if cluster.is_new or isinstance(each, Violation))


def _fit_as_source(cluster: Resource, database: GlobalDatabase) -> Iterator[Outcome]:
    """What aurora-global-engine-version asks of every other member. That this one is a member, the
    global cluster alone tells."""
    if joins(cluster) or target(database.source) is not cluster:
        return
    if cluster.text("engineMode") == SERVERLESS:
        return  # One defect, one finding: that of aurora-serverless-v1.
    yield from fits_as_member(cluster, Settings())


def _alike(cluster: Resource, database: GlobalDatabase, aurora: Aurora) -> Iterator[Outcome]:
    for name in (ENGINE, ENGINE_VERSION, STORAGE_ENCRYPTED):
        match aurora.agrees(cluster, name):
            case CannotTell(why):
                yield Unverified(cluster, why)
            case No(chain):
                if name != STORAGE_ENCRYPTED and _is_unfit(cluster, database, aurora):
                    return  # One defect, one finding: that of aurora-global-engine-version.
                yield Violation(
                    cluster,
                    f"{cluster.label} joins {database.label} with a different {name}:",
                    chains=((cluster.label, *chain),),
                    effect=_EFFECT_OF_MISMATCH[name],
                    fix=_SAME_ENCRYPTION
                    if name == STORAGE_ENCRYPTED
                    else f"Give every cluster of the global database the same {name}.",
                )
                if name == ENGINE:
                    return


def _is_unfit(cluster: Resource, database: GlobalDatabase, aurora: Aurora) -> bool:
    """Whether the engine or version of one of those that differ fits no global database at all."""
    concerned = (cluster, database.global_cluster, aurora.primary(database))
    return any(
        isinstance(outcome, Violation)
        for resource in concerned
        if isinstance(resource, Resource)
        for outcome in (fits_as_member if resource.kind == CLUSTER else fits_global_database)(
            resource, Settings()
        )
    )


def _in_a_region_of_its_own(
    cluster: Resource, database: GlobalDatabase, model: Model
) -> Iterator[Outcome]:
    others = [each for each in database.members if each is not cluster]
    sharing = [
        each for each in database.members if each is cluster or cluster.shares_region_with(each)
    ]
    # One of those in a region may stay: the primary, else one that exists, else the first by name.
    primary = model.aurora.primary(database)
    stays = min(sharing, key=lambda each: (each is not primary, each.is_new))
    if stays is not cluster:
        if any(model.regional_references.of(each).abroad for each in (stays, cluster)):
            return  # One defect, one finding: that of region-local-references.
        region = known_or_none(cluster.region) or "the region of their provider"
        yield Violation(
            cluster,
            f"{cluster.label} and {stays.label}, both of {database.label}, are in one region:",
            chains=tuple((database.label, each.label, region) for each in (stays, cluster)),
            effect="allows one cluster of a global database in each region.",
            fix=f"Create {cluster.label} in another region. Often its provider (or region) was "
            "forgotten, so that it is created by the default provider.",
        )
    elif isinstance(cluster.region, Unknown) and any(
        cluster.shares_region_with(each) is None for each in others
    ):
        yield Unverified(cluster, f"its region is {cluster.region.why}")


def _not_too_many(global_cluster: Resource, aurora: Aurora) -> Iterator[Outcome]:
    for database in aurora.databases:
        secondaries = len(database.members) - 1  # One of them at most is the primary.
        if database.global_cluster is global_cluster and secondaries > MOST_SECONDARIES:
            yield Violation(
                global_cluster,
                f"{global_cluster.label} has {secondaries} secondary clusters.",
                effect=f"allows at most {MOST_SECONDARIES} secondary clusters in a global "
                "database.",
                fix=f"Keep at most {MOST_SECONDARIES} secondary clusters in it.",
            )


GLOBAL_MEMBERS = StackRule(
    name="aurora-global-members",
    title="Members of an Aurora global database go together",
    description="The clusters of an Aurora global database must have its engine, version and "
    "encryption, and each must be in a region of its own.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterValue: Value for engineVersion should match setting for global "
            "cluster",
            source="https://github.com/aws/aws-cli/issues/8139",
            date="2026-04-13",
        ),
        Evidence(
            effect="InvalidParameterValue: Value for storageEncrypted should match setting for "
            "global cluster",
            source="CreateDBCluster, public deployment log",
            date="2023-05-17",
        ),
        Evidence(
            effect="One primary cluster and up to ten secondary ones, each in a region of its own.",
            source=_GUIDE + "aurora-global-database-configuration-requirements.html",
            date="2026-04-13",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Give all clusters of a global database the same engine, version and encryption setting, "
    "and each a region of its own.",
    in_doubt="state engine, engineVersion and storageEncrypted on the global cluster and on each "
    "member, and the region on each provider",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=members_go_together,
)
