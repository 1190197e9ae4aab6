"""Versions that AWS no longer creates, or soon will not: of Aurora, of RDS instances and of
Multi-AZ DB clusters.

CreateDBCluster and CreateDBInstance answer `InvalidParameterCombination: Cannot find version 15.4
for aurora-postgresql`. A database that exists keeps running, one that is restored or replicated
brings its version with it, and a member of a global database must have that database's version.
Aurora and RDS retire versions apart: 15.10 lives on in Aurora and is gone from RDS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model import Model
from ..model.answers import CannotTell
from ..model.aurora.engine_versions import (
    ENGINES,
    RDS_ENGINES,
    Replacement,
    Retired,
    creatable,
    data_day,
    ending_support,
    is_accepted_by_user,
    parse,
    replacements,
    upgrades,
)
from ..model.aurora.facts import SupportEnd
from ..model.aurora.global_databases import GlobalDatabase, joins
from ..model.references import Target
from ..model.resource import Resource
from ..model.values import Absent, known_or_none
from ..model.vocabulary import CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE, GLOBAL_CLUSTER
from ..rule import Asked, Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation
from .engine_versions import (
    SERVERLESS,
    fits_as_member,
    fits_global_database,
    inherits_from_source,
    like_global_cluster,
    says_the_same_version,
    use,
)

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_KINDS = (CLUSTER, GLOBAL_CLUSTER, DB_INSTANCE, CLUSTER_INSTANCE)
_ORIGINS = (
    *("snapshotIdentifier", "restoreToPointInTime", "s3Import", "replicationSourceIdentifier"),
    *("replicateSourceDb", "dbSnapshotIdentifier", "dbClusterSnapshotIdentifier"),
    *("sourceDbClusterIdentifier", "sourceDbInstanceIdentifier", "sourceDbiResourceId"),
    *("sourceDbClusterResourceId", "sourceDbInstanceAutomatedBackupsArn"),
)
"""What a database may be restored or copied from, in both dialects; its version comes along."""


def can_be_created(subject: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A new database must have an engine version that AWS still creates."""
    retired = _refused(subject, model, settings)
    if retired is None:
        return
    violation = Violation(
        subject,
        f"{subject.label} asks for {_asked_for(subject)}, which AWS no longer creates.",
        effect=f"{_answer(subject)} {retired.reason}.",
        fix=use(retired.replacements) if retired.replacements else None,
    )
    database = _database_of(subject, model)
    leader = database.global_cluster if database is not None else None
    if leader is not None and leader is not subject and says_the_same_version(subject, leader):
        violation = like_global_cluster(violation, leader)
    yield violation


def _refused(subject: Resource, model: Model, settings: Settings) -> Retired | None:
    """Why AWS refuses to create the database for its version, where that is certain and this
    policy's to tell."""
    engine, version = _declared(subject)
    retired = _retired(subject, engine, version)
    if (
        retired is None
        or not retired.listed
        or not subject.is_new
        or _names_no_release(engine, version)
        or (version is not None and is_accepted_by_user(engine, version))
        or _brings_its_version(subject)
        or _must_follow_what_exists(subject, model)
        or _is_told_elsewhere(subject, model, settings)
    ):
        return None
    return retired


def _declared(subject: Resource) -> tuple[str, str | None]:
    engine = known_or_none(subject.text("engine")) or ""
    return engine.strip().lower(), known_or_none(subject.text("engineVersion"))


def _retired(subject: Resource, engine: str, version: str | None) -> Retired | None:
    if subject.kind == CLUSTER_INSTANCE and (
        not subject.is_native or subject.sets("clusterIdentifier")
    ):
        return None  # It has its cluster's version. Of aws-native, others are databases themselves.
    if subject.kind in (DB_INSTANCE, CLUSTER_INSTANCE) and engine not in RDS_ENGINES:
        return None
    if subject.kind == GLOBAL_CLUSTER and engine in RDS_ENGINES:
        return None
    creation = creatable(engine, version)
    return creation if isinstance(creation, Retired) else None


def _names_no_release(engine: str, version: str | None) -> bool:
    """Whether AWS chooses the release: of a major version that is not for a rule to call gone."""
    parsed = parse(engine, version) if version else None
    return engine in (*ENGINES, *RDS_ENGINES) and not (parsed and parsed.names_one_release)


def _brings_its_version(subject: Resource) -> bool:
    return inherits_from_source(subject) or any(subject.sets(name) for name in _ORIGINS)


def _must_follow_what_exists(subject: Resource, model: Model) -> bool:
    """Whether it joins a global database that is not made in this run, whose version it must
    have."""
    if subject.kind != CLUSTER or not joins(subject):
        return False
    database = _database_of(subject, model)
    if database is None or database.global_cluster is None or not database.global_cluster.is_new:
        return True
    match database.source:
        case Target(source):
            return not source.is_new
        case Absent():
            return False
    return True


def _is_told_elsewhere(subject: Resource, model: Model, settings: Settings) -> bool:
    """One defect, one finding: that of aurora-global-engine-version, of aurora-global-members
    (about a source) or of aurora-serverless-v1."""
    if subject.kind == CLUSTER and subject.text("engineMode") == SERVERLESS:
        return True
    is_source = subject.kind == CLUSTER and _database_of(subject, model) is not None
    fits = fits_as_member if is_source else fits_global_database
    return subject.kind in (CLUSTER, GLOBAL_CLUSTER) and any(
        isinstance(each, Violation) for each in fits(subject, settings)
    )


def _database_of(subject: Resource, model: Model) -> GlobalDatabase | None:
    if subject.kind == GLOBAL_CLUSTER:
        return next(
            (each for each in model.aurora.databases if each.global_cluster is subject), None
        )
    found = model.aurora.database_of(subject) if subject.kind == CLUSTER else None
    return None if isinstance(found, CannotTell) else found


def _asked_for(subject: Resource) -> str:
    engine, version = _declared(subject)
    return f"{engine} {version or ''}".rstrip()


def _answer(subject: Resource) -> str:
    engine, version = _declared(subject)
    if subject.kind == GLOBAL_CLUSTER:
        return (
            "CreateGlobalCluster answers InvalidParameterValue: The requested engine version was "
            "not found or does not support global functionality."
        )
    if not version:
        return "refuses it: the engine has been withdrawn as a whole."
    create = "CreateDBCluster" if subject.kind == CLUSTER else "CreateDBInstance"
    return (
        f"{create} answers InvalidParameterCombination: Cannot find version {version} for {engine}."
    )


# --- what ends -----------------------------------------------------------------------------------


def can_be_rebuilt(subject: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A database should have a version that a lost region can be rebuilt with, for a while yet."""
    if not _tells(subject, model, settings):
        return
    engine, version = _actual(subject)
    alike = model.once(_by_version, settings)[engine, version]
    if alike[0] is not subject:
        return  # One version, one finding, however many databases have it.
    chains = tuple((each.label, f"{engine} {version}") for each in alike if len(alike) > 1)
    retired = _retired(subject, engine, version)
    if retired is not None:
        if subject.is_new and _brings_its_version(subject):
            return
        may_work = version is not None and is_accepted_by_user(engine, version)
        yield Violation(
            subject,
            f"{subject.label} has {engine} {version or ''}".rstrip()
            + (
                ", which AWS lists as deprecated." if may_work else ", which AWS no longer creates."
            ),
            chains=chains,
            effect=_consequence(subject, engine, version, f"{retired.reason}."),
            fix=_upgrade(_instead(subject, model, retired.replacements)),
            parties=tuple(
                each
                for each in model.stack.of(*_KINDS)
                if each is not subject and _actual(each) == (engine, version)
            ),
            same_as=_SAME_OF_NEW,
        )
        return
    end = ending_support(engine, version)
    if end is not None and subject.kind in (CLUSTER, GLOBAL_CLUSTER):
        yield Violation(
            subject,
            f"{subject.label} has {engine} {version}, whose {_support(end)} {_when(end)}.",
            chains=chains,
            effect="withdraws a version soon after its support ends: then no region can be "
            "rebuilt with it, and AWS upgrades what still has it in a maintenance window. "
            f"Source: {end.citation}.",
            fix=_upgrade(_instead(subject, model)),
        )


def _by_version(
    model: Model, settings: Settings
) -> Mapping[tuple[str, str | None], Sequence[Resource]]:
    """The databases that are told of, by engine and version."""
    index: dict[tuple[str, str | None], list[Resource]] = {}
    for each in model.stack.of(*_KINDS):
        if _tells(each, model, settings):
            index.setdefault(_actual(each), []).append(each)
    return index


def _tells(subject: Resource, model: Model, settings: Settings) -> bool:
    is_own = _teller(subject, model) is subject and not subject.is_neighbour
    return is_own and not _is_told_elsewhere_now(subject, model, settings)


def _teller(subject: Resource, model: Model) -> Resource:
    """The one resource of its database that is told of, where all have one version."""
    database = _database_of(subject, model)
    if database is None:
        return subject
    tellers = [each for each in (database.global_cluster, *database.members) if each is not None]
    alike = (
        each
        for each in tellers
        if not (inherits_from_source(each) and isinstance(database.source, Target))
        and _actual(each) == _actual(subject)
    )
    return next(alike, subject)


def _is_told_elsewhere_now(subject: Resource, model: Model, settings: Settings) -> bool:
    return _refused(subject, model, settings) is not None or (
        _is_told_elsewhere(subject, model, settings)
        or (subject.is_new and inherits_from_source(subject))
        or (subject.kind == CLUSTER and subject.text("engineMode") == SERVERLESS)
    )


def _actual(subject: Resource) -> tuple[str, str | None]:
    """Engine and version as they are: what exists may have been upgraded since it was declared."""
    engine, declared = _declared(subject)
    actual = None if subject.is_new else known_or_none(subject.text("engineVersionActual"))
    return engine, actual or declared


def _consequence(subject: Resource, engine: str, version: str | None, why: str) -> str:
    """What AWS does about a version that it has retired, and how that is known."""
    if not subject.is_new:
        return f"keeps it running, but a lost region cannot be rebuilt with this version. {why}"
    if version is not None and is_accepted_by_user(engine, version):
        return (
            f"may answer: Cannot find version {version} for {engine}. {why} This version is "
            "reported to work, so the pack does not reject it."
        )
    if subject.kind == CLUSTER and joins(subject):
        return (
            "may refuse to create the cluster until its global database, which exists already and "
            f"whose version it must have, is upgraded. {why}"
        )
    return f"may answer: Cannot find version {version} for {engine}. {why}"


def _upgrade(versions: Sequence[Replacement]) -> str:
    return "Upgrade to " + " or ".join(map(str, versions)) + "." if versions else _FIX


def _instead(
    subject: Resource, model: Model, of_the_engine: Sequence[Replacement] = ()
) -> Sequence[Replacement]:
    """The versions to use instead, those whose support ends soon only where there are no others;
    those of the engine, where the version cannot be read. What exists does not go back to an older
    one, nor does what must have the version of something that exists."""
    engine, version = _actual(subject)
    parsed = parse(engine, version or "")
    if parsed is None:
        return of_the_engine
    is_free = subject.is_new and not _must_follow_what_exists(subject, model)
    better = replacements(engine, parsed.major) if is_free else upgrades(parsed)
    return [each for each in better if ending_support(engine, each.version) is None] or better


def _support(end: SupportEnd) -> str:
    kinds = {"lts": "long-term support", "major": "standard support"}
    return kinds.get(end.kind, "support")


def _when(end: SupportEnd) -> str:
    verb = "ended" if end.until <= data_day() else "ends"
    return f"{verb} {'on' if end.until.count('-') > 1 else 'in'} {end.until}"


_SAME_OF_NEW = ("engine-version-retired", "aurora-global-engine-version")
_FIX = "Upgrade to a version that AWS still offers, preferably one with long-term support."

_LISTING = Evidence(
    effect="Versions that DescribeDBEngineVersions shows as deprecated; a version that is newer "
    "than the listing is never called retired",
    source="cfn-lint 1.58.0, https://pypi.org/project/cfn-lint/1.58.0/",
    date="2026-10-20",
)

ENGINE_VERSION_RETIRED = StackRule(
    name="engine-version-retired",
    title="Engine version that AWS still creates",
    description="A new database (Aurora, RDS instance, Multi-AZ DB cluster) must have an engine "
    "version that AWS still creates.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterCombination: Cannot find version 15.4 for postgres",
            source="CreateDBInstance and CreateDBCluster, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="InvalidParameterCombination: Cannot find version 15.4 for aurora-postgresql",
            source="https://github.com/aws-samples/aws-saas-tenant-usage-and-cost-attribution/"
            "issues/4",
            date="2025-11-01",
        ),
        _LISTING,
    ),
    fix="Use a version that AWS still offers, preferably one with long-term support.",
    kinds=_KINDS,
    check=can_be_created,
)

ENGINE_VERSION_ENDING = StackRule(
    name="engine-version-ending",
    title="Engine version that a region can be rebuilt with",
    description="A database should have an engine version that AWS will still create when a lost "
    "region is rebuilt.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        _LISTING,
        Evidence(
            effect="Release calendars with the end of support of each version",
            source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/"
            "aurorapostgresql-release-calendar.html",
            date="2026-04-13",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix=_FIX,
    kinds=_KINDS,
    check=can_be_rebuilt,
    asked=Asked.ALWAYS,
)
