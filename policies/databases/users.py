"""Master users that RDS and DocumentDB take."""

from __future__ import annotations

from typing import Final

from ..model import Model
from ..model.answers import Yes
from ..model.databases.origins import is_made_afresh
from ..model.inputs import Block
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.vocabulary import CLUSTER, DB_INSTANCE, DOCDB_CLUSTER
from ..refusal import Refusal
from ..rule import Evidence

_NOT_ON_POSTGRESQL: Final = ("admin", "user")
_NOWHERE: Final = "rdsadmin"
"""The user by which RDS itself comes in."""
_ANSWER: Final = (
    "CreateDBCluster and CreateDBInstance answer InvalidParameterValue: MasterUsername ... "
    "cannot be used as it is a reserved word used by the engine"
)
_FIX: Final = "Choose another user name, such as that of the application."


def _is_reserved(database: Block, name: str) -> Truth:
    return database.holds(name, lambda user: user == _NOWHERE) | (
        database.holds("engine", lambda engine: "postgres" in engine)
        & database.holds(name, lambda user: user in _NOT_ON_POSTGRESQL)
    )


def _is_secondary(cluster: Resource, model: Model) -> bool:
    """Whether aurora-global-secondary rejects that it names a user at all."""
    return isinstance(model.aurora.is_secondary(cluster), Yes)


REFUSED_AT_CREATION: Final = (
    Refusal(
        id="cluster-user-reserved",
        kinds=(CLUSTER,),
        says="has a master user name that its engine reserves",
        when=lambda cluster: is_made_afresh(cluster) & _is_reserved(cluster, "masterUsername"),
        evidence=Evidence(_ANSWER, "CreateDBCluster, public deployment logs", "2026-11-26"),
        fix=_FIX,
        refused={"engine": "aurora-postgresql", "masterUsername": "admin"},
        accepted=(
            {"engine": "aurora-postgresql", "masterUsername": "postgres"},
            {"engine": "aurora-mysql", "masterUsername": "admin"},
            {
                "engine": "aurora-postgresql",
                "masterUsername": "admin",
                "snapshotIdentifier": "rds:app",
            },
        ),
        elsewhere=_is_secondary,
    ),
    Refusal(
        id="instance-user-reserved",
        kinds=(DB_INSTANCE,),
        says="has a master user name that its engine reserves",
        when=lambda instance: is_made_afresh(instance) & _is_reserved(instance, "username"),
        evidence=Evidence(_ANSWER, "CreateDBInstance, public deployment logs", "2026-11-26"),
        fix=_FIX,
        refused={"engine": "postgres", "username": "admin"},
        accepted=(
            {"engine": "postgres", "username": "postgres"},
            {"engine": "mysql", "username": "admin"},
            {"engine": "postgres", "username": "admin", "snapshotIdentifier": "rds:app"},
            {"engine": "postgres", "username": "admin", "replicateSourceDb": "app"},
        ),
    ),
    Refusal(
        id="docdb-user-reserved",
        kinds=(DOCDB_CLUSTER,),
        says="has a master user name that its engine reserves",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.lacks("globalClusterIdentifier")
            & cluster.holds("masterUsername", lambda user: user == "admin")
        ),
        evidence=Evidence(_ANSWER, "https://github.com/aws/aws-cdk/issues/13295", "2021-02-26"),
        fix=_FIX,
        refused={"masterUsername": "admin"},
        accepted=(
            {"masterUsername": "app"},
            {"masterUsername": "admin", "snapshotIdentifier": "rds:app"},
        ),
    ),
)
