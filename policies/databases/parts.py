"""What an instance or a cluster needs of its parameter group and its cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..model import Model, values
from ..model.databases.engines import (
    AURORAS,
    family_of,
    is_of_another_engine,
    is_of_another_major,
)
from ..model.databases.origins import is_made_afresh
from ..model.inputs import Block, Declared
from ..model.references import possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Known
from ..model.vocabulary import CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_PARAMETERS: Final[Mapping[str, str]] = {
    DB_INSTANCE: "parameterGroupName",
    CLUSTER_INSTANCE: "dbParameterGroupName",
    CLUSTER: "dbClusterParameterGroupName",
}
_NO_SCALING: Final = (
    "InvalidDBClusterStateFault: Set the Serverless v2 scaling configuration on the parent DB "
    "cluster before creating a Serverless v2 DB instance."
)
_NO_ROLE: Final = (
    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
)


def fits_its_parts(database: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A database needs parameters of its engine, and an instance what its cluster must say."""
    yield from _has_parameters_of_its_engine(database, model.stack)
    if database.kind == CLUSTER_INSTANCE:
        clusters = possible(model.stack.reference(database, "clusterIdentifier"))
        yield from _scales(database, clusters)
        yield from _is_monitored(database, clusters)


def _has_parameters_of_its_engine(database: Resource, stack: Stack) -> Iterator[Outcome]:
    name = _PARAMETERS[database.kind]
    groups = possible(stack.reference(database, name))
    if groups and all(_is_of_another_family(database, group) for group in groups):
        family = groups[0].text("family")
        said = family.value if isinstance(family, Known) else "..."
        yield Violation(
            database,
            f"{database.label} has a parameter group for another engine or major version:",
            chains=tuple((database.label, name, group.label) for group in groups),
            effect="answers InvalidParameterCombination: The parameter group ... with "
            f"DBParameterGroupFamily {said} can't be used for this instance. Use a parameter "
            "group with DBParameterGroupFamily ...",
            fix="Set family of the parameter group to that of the database's engine and major "
            "version.",
            parties=groups,
        )


def _is_of_another_family(database: Resource, group: Resource) -> bool:
    said, engine = group.text("family"), database.text("engine")
    family = family_of(said.value) if isinstance(said, Known) else None
    if family is None or not isinstance(engine, Known):
        return False
    if is_of_another_engine(family, engine.value):
        return True
    version = values.text(database.declared_tree("engineVersion"))
    return (
        family.engine == engine.value
        and isinstance(version, Known)
        and is_made_afresh(Declared(database)) is Truth.TRUE
        and is_of_another_major(family, version.value)
    )


def _scales(instance: Resource, clusters: tuple[Resource, ...]) -> Iterator[Outcome]:
    is_serverless = Declared(instance).says("instanceClass", "db.serverless") is Truth.TRUE
    if is_serverless and clusters and all(map(_lacks_scaling, clusters)):
        yield Violation(
            instance,
            f"{instance.label} has the class db.serverless, but its cluster has no scaling "
            "configuration:",
            chains=tuple(
                (instance.label, cluster.label, "no serverlessv2ScalingConfiguration")
                for cluster in clusters
            ),
            effect=f"CreateDBInstance answers {_NO_SCALING}",
            fix="Set serverlessv2ScalingConfiguration on the cluster.",
            parties=clusters,
        )


def _lacks_scaling(cluster: Resource) -> bool:
    """Whether an Aurora cluster has no scaling for Serverless v2. Of one with the engine mode or
    the scaling of Serverless v1, aurora-serverless-v1 and rds-creation tell."""
    said = Declared(cluster)
    is_provisioned = (
        said.says("engine", *AURORAS)
        & ~said.says("engineMode", "serverless")
        & said.lacks("scalingConfiguration")
    )
    return (is_provisioned & _lacks(cluster, "serverlessv2ScalingConfiguration")) is Truth.TRUE


def _is_monitored(instance: Resource, clusters: tuple[Resource, ...]) -> Iterator[Outcome]:
    said = Declared(instance)
    asks = (said.number("monitoringInterval") > 0) & said.lacks("monitoringRoleArn")
    if asks is Truth.TRUE and clusters and all(map(_names_no_role, clusters)):
        yield Violation(
            instance,
            f"{instance.label} has a monitoringInterval, but neither it nor its cluster has a "
            "monitoringRoleArn:",
            chains=tuple(
                (instance.label, cluster.label, "no monitoringRoleArn") for cluster in clusters
            ),
            effect=f"CreateDBInstance answers: {_NO_ROLE}",
            fix="Set monitoringRoleArn to a role that monitoring.rds.amazonaws.com may assume, "
            "or set monitoringInterval to 0.",
        )


def _names_no_role(cluster: Resource) -> bool:
    """Whether it has no role for its instances. Of one that is monitored itself, rds-declaration
    tells."""
    is_told = Declared(cluster).number("monitoringInterval") > 0
    return (_lacks(cluster, "monitoringRoleArn") & ~is_told) is Truth.TRUE


def _lacks(cluster: Resource, name: str) -> Truth:
    """Whether neither the program nor what exists says it."""
    return Declared(cluster).lacks(name) & Block(cluster.tree).lacks(name)


RDS_MATCHING_PARTS = StackRule(
    name="rds-matching-parts",
    title="Parameter groups, clusters and instances that match",
    description="A database must have a parameter group for its engine and version, and a "
    "cluster must have the settings that its instances need.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "rds", "aurora", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidParameterCombination: The parameter group ... with "
            "DBParameterGroupFamily postgres15 can't be used for this instance. Use a parameter "
            "group with DBParameterGroupFamily postgres17.",
            source="CreateDBInstance, public deployment logs; "
            "https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-08",
        ),
        Evidence(
            effect=_NO_SCALING,
            source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-serverless-v2.create.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect=_NO_ROLE,
            source="CreateDBInstance, public deployment logs",
            date="2026-09-08",
        ),
    ),
    fix="Use a parameter group for the engine and version, and set on the cluster what its "
    "instances need.",
    kinds=tuple(_PARAMETERS),
    check=fits_its_parts,
)
