"""Engine versions: what a global database takes, and what AWS still lets anyone create.

CreateGlobalCluster answers alike in both cases: `InvalidParameterValue: The requested engine
version was not found or does not support global functionality`. CreateDBCluster says `Cannot find
version 15.4 for aurora-postgresql`. The two facts are kept apart in `policies/data`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.answers import CannotTell
from ..model.aurora import engine_versions
from ..model.aurora.engine_versions import (
    Replacement,
    Retired,
    Unsupported,
    creatable,
    global_database_support,
)
from ..model.aurora.global_databases import joins
from ..model.resource import Resource
from ..model.values import Absent, Known, Unknown, is_set, known_or_none
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..rule import (
    Evidence,
    Level,
    Option,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    Unverified,
    Violation,
)

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_ONE_MESSAGE = (
    "CreateGlobalCluster answers InvalidParameterValue: The requested engine version was not found "
    "or does not support global functionality; CreateDBCluster cannot find the version either, or "
    "cannot join it to the global database."
)
SERVERLESS = Known("serverless")
_SERVERLESS_V2 = (
    "Drop engineMode and use serverlessv2ScalingConfiguration with instances of the class "
    "db.serverless."
)
_ENGINES = "Use aurora-postgresql or aurora-mysql, as a provisioned (or serverless v2) cluster."
_MINIMUM_VERSIONS = "minimumVersions"


def _strange_minimums(settings: Settings) -> Iterator[str]:
    for what, version in sorted(settings.texts(_MINIMUM_VERSIONS).items()):
        engine, _, major = what.partition(" ")
        if engine not in engine_versions.ENGINES:
            yield f'"{what}" does not start with {" or ".join(engine_versions.ENGINES)}.'
            continue
        minimum = engine_versions.parse(engine, version)
        if minimum is None or not minimum.names_one_release:
            yield f'"{version}", the minimum of "{what}", is not one version of {engine}.'
        elif minimum.major != major:
            yield f'"{version}" is of "{engine} {minimum.major}", and stands at "{what}".'


MINIMUM_VERSIONS = Option(
    name=_MINIMUM_VERSIONS,
    schema={
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "Your own lowest version for each engine and major, "
        'such as {"aurora-postgresql 16": "16.8"}.',
    },
    default={},
    faults=_strange_minimums,
)


def _inherits_from_source(resource: Resource) -> bool:
    return resource.kind == GLOBAL_CLUSTER and is_set(resource.text("sourceDbClusterIdentifier"))


def fits_global_database(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    """The engine and version of a global cluster and its members must fit global databases."""
    if _inherits_from_source(resource) or (resource.kind == CLUSTER and not joins(resource)):
        return
    yield from fits_as_member(resource, settings)


def fits_as_member(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    """The same of a global cluster or cluster that is known to be in a global database."""
    is_cluster = resource.kind == CLUSTER
    mode = resource.text("engineMode") if is_cluster else Absent()
    if mode == SERVERLESS:
        yield Violation(
            resource,
            f"{resource.name} is an Aurora Serverless v1 cluster in a global database.",
            effect="Aurora Serverless v1 is not supported in a global database, and AWS creates no "
            "such cluster any more.",
            fix=_SERVERLESS_V2,
        )
        return
    match resource.text("engine"):
        case Absent() if is_cluster:
            yield Unverified(resource, "it sets no engine")
        case Absent():
            yield Violation(
                resource,
                f"{resource.name} states neither an engine nor a source cluster.",
                effect="The provider then asks for the engine aurora, which AWS has retired; the "
                "API answers: When creating standalone global cluster, value for engineName should "
                "be specified.",
                fix=_ENGINES,
            )
        case Unknown(why):
            yield Unverified(resource, f"its engine is {why}")
        case Known(engine):
            outcome = _version_outcome(resource, engine, settings)
            if isinstance(outcome, Violation) and _may_be_of_an_earlier_run(resource):
                yield Unverified(
                    resource,
                    "the program ignores changes of its engineVersion, so it may have another one",
                )
            elif outcome is not None:
                yield outcome
            elif isinstance(mode, Unknown):
                yield Unverified(resource, f"its engineMode is {mode.why}")


def _may_be_of_an_earlier_run(resource: Resource) -> bool:
    """Whether the version may be the one that a cluster was made with, before it was upgraded."""
    return resource.own_name("engineVersion") in resource.ignored


def _version_outcome(resource: Resource, engine: str, settings: Settings) -> Outcome | None:
    reading = resource.text("engineVersion")
    version = known_or_none(reading)
    support = global_database_support(engine, version, known_or_none(resource.region))
    match support:
        case Unsupported():
            return _unsupported(resource, engine, version, support)
        case CannotTell(why):
            if isinstance(reading, Unknown):
                why = f"its engineVersion is {reading.why}"
            return Unverified(resource, why)
        case _:
            return _below_own_minimum(resource, engine, version, settings)


def _unsupported(
    resource: Resource, engine: str, version: str | None, support: Unsupported
) -> Violation:
    creation = creatable(engine, version)
    retired = f" {creation.reason}." if isinstance(creation, Retired) else ""
    others = "".join(
        f" {floor.citation.word}'s own rule for {engine} {floor.major} is {floor}."
        for floor in support.other_floors
    )
    return Violation(
        resource,
        f"{resource.name} asks for {engine} {version or ''}".rstrip() + f": {support.reason}.",
        effect=f"{_ONE_MESSAGE}{retired}{others}",
        fix=_use(support.replacements) if support.replacements else _ENGINES,
    )


def _below_own_minimum(
    resource: Resource, engine: str, version: str | None, settings: Settings
) -> Violation | None:
    parsed = engine_versions.parse(engine, version or "")
    if parsed is None:
        return None
    wanted = settings.texts(MINIMUM_VERSIONS.name).get(f"{parsed.engine} {parsed.major}")
    minimum = engine_versions.parse(engine, wanted) if wanted else None
    if minimum is None or parsed.release >= minimum.release:
        return None
    return Violation(
        resource,
        f"{resource.name} asks for {engine} {version}; this organization's minimum is {wanted}.",
        effect="AWS may accept it; the configuration of this policy does not.",
        fix=f"Use {wanted} or later.",
    )


def _use(versions: tuple[Replacement, ...]) -> str:
    return "Use " + " or ".join(str(version) for version in versions) + " on every member."


def still_offered(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    """The engine version must be one that AWS still lets people create."""
    engine = known_or_none(resource.text("engine"))
    version = known_or_none(resource.text("engineVersion"))
    if engine is None or _inherits_from_source(resource):
        return
    creation = creatable(engine, version)
    if not isinstance(creation, Retired):
        return
    if any(isinstance(each, Violation) for each in fits_global_database(resource, settings)):
        return  # One defect, one finding: that of aurora-global-engine-version.
    if resource.kind == CLUSTER and resource.text("engineMode") == SERVERLESS:
        return  # The same with aurora-serverless-v1.
    answer = (
        f"CreateDBCluster answers InvalidParameterCombination: Cannot find version {version} for "
        f"{engine}."
        if version
        else "AWS creates no such cluster any more."
    )
    yield Violation(
        resource,
        f"{resource.name} asks for {engine} {version or ''}".rstrip() + f". {creation.reason}.",
        effect=f"{answer} A cluster that exists already keeps running. Date of the data: "
        f"{creation.citation.date}.",
        fix=_use(creation.replacements),
    )


def is_provisioned(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A cluster outside of global databases must not be of Aurora Serverless v1."""
    if joins(cluster):
        return
    match cluster.text("engineMode"):
        case Known("serverless"):
            yield Violation(
                cluster,
                f"{cluster.name} is an Aurora Serverless v1 cluster.",
                chains=((cluster.label, "engineMode serverless"),),
                effect="CreateDBCluster answers: The engine mode serverless you requested is "
                "currently unavailable. AWS has created none since 2025-01-08 and ran the last "
                "ones until 2025-03-31.",
            )
        case Unknown(why):
            yield Unverified(cluster, f"its engineMode is {why}")


GLOBAL_ENGINE_VERSION = ResourceRule(
    name="aurora-global-engine-version",
    title="Engine version that supports global databases",
    description="The engine and version of an Aurora global cluster and of its members must "
    "support global databases.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterValue: The requested engine version was not found or does not "
            "support global functionality",
            source="CreateGlobalCluster, public deployment logs",
            date="2026-11-24",
        ),
        Evidence(
            effect="Regions and engine versions that support Aurora global databases",
            source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html",
            date="2026-04-08",
        ),
    ),
    fix="Use a version that supports global databases and can still be created, the same on every "
    "member.",
    options=(MINIMUM_VERSIONS,),
    in_doubt="state the engine and one release of it, such as 17.7",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=fits_global_database,
)

ENGINE_VERSION_RETIRED = ResourceRule(
    name="engine-version-retired",
    title="Engine version that AWS still offers",
    description="The engine version of an Aurora cluster should be one that AWS still lets people "
    "create.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterCombination: Cannot find version 15.4 for aurora-postgresql",
            source="https://github.com/aws-samples/aws-saas-tenant-usage-and-cost-attribution/"
            "issues/4",
            date="2025-11-01",
        ),
    ),
    fix="Use a version that AWS still offers, best a long-term support one.",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=still_offered,
)

SERVERLESS_V1 = ResourceRule(
    name="aurora-serverless-v1",
    title="No Aurora Serverless v1",
    description="An Aurora cluster must not be of Serverless v1, which AWS has withdrawn.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="The engine mode serverless you requested is currently unavailable.",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-rds-engine-mode-serverless-retired)",
            date="2026-09-08",
        ),
    ),
    fix=_SERVERLESS_V2,
    in_doubt="give engineMode a value that is known before the deployment",
    kinds=(CLUSTER,),
    check=is_provisioned,
)
