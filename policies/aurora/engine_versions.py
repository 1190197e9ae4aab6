"""Engines, versions and modes that a global database can have.

CreateGlobalCluster gives one answer for a version that AWS no longer creates and for one that no
global database can have: `InvalidParameterValue: The requested engine version was not found or does
not support global functionality`. The two facts are kept apart in `policies/data`;
`retired_versions` reports the first.

AWS decides when it creates a cluster or a global cluster, and when a program asks for an upgrade.
About what exists otherwise it has decided already.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model, values
from ..model.answers import CannotTell
from ..model.aurora import engine_versions
from ..model.aurora.engine_versions import (
    Replacement,
    Retired,
    Unsupported,
    creatable,
    global_database_support,
)
from ..model.aurora.facts import USER
from ..model.aurora.global_databases import GlobalDatabase, joins
from ..model.aurora.version_strings import RETIRED_MYSQL
from ..model.resource import Resource
from ..model.values import Absent, Known, Unknown, is_set, known_or_none
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Option,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_ANSWER = (
    "CreateGlobalCluster answers InvalidParameterValue: The requested engine version was not found "
    "or does not support global functionality."
)
SERVERLESS = Known("serverless")
_SERVERLESS_V2 = (
    "Remove engineMode and scalingConfiguration, set serverlessv2ScalingConfiguration, and add "
    "instances of the class db.serverless."
)
_ENGINES = "Use aurora-postgresql or aurora-mysql, provisioned or Serverless v2."
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
            yield f'"{version}" belongs to "{engine} {minimum.major}", and is given for "{what}".'


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


def inherits_from_source(resource: Resource) -> bool:
    """Whether it is a global cluster that has the engine and version of the cluster that it is
    made from."""
    return resource.kind == GLOBAL_CLUSTER and is_set(resource.text("sourceDbClusterIdentifier"))


def asks_for_upgrade(resource: Resource) -> bool:
    """Whether it exists with another version than the one that the program declares, so that this
    run asks AWS for that one. `15` and `15.10` are no two versions."""
    if resource.is_new or resource.ignores("engineVersion"):
        return False
    wanted = known_or_none(values.text(resource.declared_tree("engineVersion")))
    actual = known_or_none(resource.text("engineVersionActual"))
    if not wanted or not actual:
        return False
    return not f"{actual.strip().lower()}.".startswith(f"{wanted.strip().lower()}.")


def _is_asked(resource: Resource) -> bool:
    return resource.is_new or asks_for_upgrade(resource)


def global_database_takes_it(
    subject: Resource, model: Model, settings: Settings
) -> Iterator[Outcome]:
    """The engine and version of a global cluster and its members must fit global databases."""
    leader = _global_cluster_of(subject, model)
    for outcome in _fits_global_database(subject, settings):
        if isinstance(outcome, Unverified):
            if not _takes_version_over(subject, model):
                yield outcome
        elif (
            leader is not None
            and says_the_same_version(subject, leader)
            and any(isinstance(each, Violation) for each in fits_global_database(leader, settings))
        ):
            yield like_global_cluster(outcome, leader)
        else:
            yield outcome


def _global_cluster_of(subject: Resource, model: Model) -> Resource | None:
    """The global cluster that the cluster joins, where it is of this stack."""
    database = model.aurora.database_of(subject) if subject.kind == CLUSTER else None
    return database.global_cluster if isinstance(database, GlobalDatabase) else None


def _takes_version_over(subject: Resource, model: Model) -> bool:
    """Whether its engine or version is that of a cluster or global cluster of the stack, which is
    judged itself."""
    return any(
        isinstance(subject.text(name), Unknown)
        and model.stack.sources(subject, name, (GLOBAL_CLUSTER, CLUSTER))
        for name in ("engine", "engineVersion")
    )


def says_the_same_version(one: Resource, other: Resource) -> bool:
    """Whether both say one engine and one version."""
    return all(
        isinstance(one.text(name), Known) and one.text(name) == other.text(name)
        for name in ("engine", "engineVersion")
    )


def like_global_cluster(violation: Violation, leader: Resource) -> Violation:
    """The finding about a member that asks for the same as its global cluster: it points there."""
    member = violation.subject
    engine, version = (known_or_none(member.text(name)) for name in ("engine", "engineVersion"))
    return violation._replace(
        problem=f"{member.label} asks for {engine} {version}, as {leader.label} does.",
        effect="refuses both for the same reason.",
        fix=f"Change it together with {leader.label}, as the finding there says.",
    )


def fits_global_database(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    """Whether AWS, which is still to be asked about the resource, takes its engine and version."""
    if _is_asked(resource):
        yield from _fits_global_database(resource, settings)


def fits_as_member(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    """The same of a global cluster or cluster that is known to be in a global database."""
    if _is_asked(resource):
        yield from _fits_as_member(resource, settings)


def _fits_global_database(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    if inherits_from_source(resource) or (resource.kind == CLUSTER and not joins(resource)):
        return
    yield from _fits_as_member(resource, settings)


def _fits_as_member(resource: Resource, settings: Settings) -> Iterator[Outcome]:
    is_cluster = resource.kind == CLUSTER
    mode = resource.text("engineMode") if is_cluster else Absent()
    if mode == SERVERLESS:
        yield Violation(
            resource,
            f"{resource.label} uses Aurora Serverless v1 and joins a global database.",
            effect="does not support Aurora Serverless v1 in a global database, and no "
            "longer creates such clusters.",
            fix=_SERVERLESS_V2,
        )
        return
    match resource.text("engine"):
        case Absent() if is_cluster:
            yield Unverified(resource, "it sets no engine")
        case Absent():
            yield Violation(
                resource,
                f"{resource.label} sets neither engine nor sourceDbClusterIdentifier.",
                effect="CreateGlobalCluster answers: When creating standalone global cluster, "
                "value for engineName should be specified. The aws provider asks for the engine "
                "aurora instead, which AWS has retired.",
                fix=_ENGINES,
            )
        case Unknown(why):
            yield Unverified(resource, f"its engine is {why}")
        case Known(engine):
            outcome = _version_outcome(resource, engine, settings)
            if outcome is not None:
                yield outcome
            elif isinstance(mode, Unknown):
                yield Unverified(resource, f"its engineMode is {mode.why}")


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
    asked = Asked.ALWAYS if asks_for_upgrade(resource) else None
    return Violation(
        resource,
        f"{resource.label} asks for {engine} {version or ''}".rstrip()
        + ", which a new global database cannot have.",
        effect=_who_says_so(engine, version, support),
        fix=use(support.replacements, " on every member") if support.replacements else _ENGINES,
        asked=asked,
    )


def _who_says_so(engine: str, version: str | None, support: Unsupported) -> str:
    """One ground, the strongest: no Aurora engine, AWS has withdrawn the version, AWS's rule, the
    user's rule."""
    according = f"{support.reason}, according to {support.citation}."
    if engine.strip().lower() not in (*engine_versions.ENGINES, RETIRED_MYSQL):
        return according
    creation = creatable(engine, version)
    if isinstance(creation, Retired):
        return f"{_ANSWER} {creation.reason}."
    return according if support.citation.word == USER else f"{_ANSWER} {according}"


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
    if resource.leaves_as_it_is("engineVersion"):
        return None  # What it was made with says nothing of what it has been upgraded to.
    return Violation(
        resource,
        f"{resource.label} asks for {engine} {version}, below your own minimum of {wanted}.",
        effect="may accept it; the option minimumVersions of this policy does not.",
        fix=f"Use {wanted} or later.",
        asked=Asked.ALWAYS,
    )


def use(versions: tuple[Replacement, ...], where: str = "") -> str:
    """What to use instead, as a sentence."""
    return "Use " + " or ".join(str(version) for version in versions) + f"{where}."


def is_provisioned(cluster: Resource, _model: Model, _: Settings) -> Iterator[Outcome]:
    """A cluster outside of global databases must not be of Aurora Serverless v1."""
    if joins(cluster):
        return
    match cluster.text("engineMode"):
        case Known("serverless"):
            yield Violation(
                cluster,
                f"{cluster.label} uses Aurora Serverless v1.",
                chains=((cluster.label, "engineMode serverless"),),
                effect="CreateDBCluster answers: The engine mode serverless you requested is "
                "currently unavailable. AWS has created none since 2025-01-08 and ran the last "
                "ones until 2025-03-31.",
            )
        case Unknown(why):
            yield Unverified(cluster, f"its engineMode is {why}")


GLOBAL_ENGINE_VERSION = StackRule(
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
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Use a version that supports global databases and can still be created, the same on every "
    "member.",
    options=(MINIMUM_VERSIONS,),
    in_doubt="state the engine and one release of it, such as 17.7",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=global_database_takes_it,
)

SERVERLESS_V1 = StackRule(
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
