"""Master users that RDS and DocumentDB take, and their passwords at RDS."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..model import Model
from ..model.answers import Yes
from ..model.databases.origins import REPLICATED, is_made_afresh
from ..model.databases.passwords import OF_DATABASES, PASSWORDS
from ..model.inputs import Block, Declared
from ..model.resource import Resource
from ..model.truth import Truth, every, some
from ..model.vocabulary import CLUSTER, DB_INSTANCE, DOCDB_CLUSTER
from ..refusal import Inputs, Refusal
from ..rule import Evidence, Kind
from .storage import may_be_a_secondary

_SEEN: Final = "2026-11-26"
_NOT_ON_POSTGRESQL: Final = ("admin", "user")
_NOWHERE: Final = "rdsadmin"
"""The user by which RDS itself comes in."""
_ANSWER: Final = (
    "CreateDBCluster and CreateDBInstance answer InvalidParameterValue: MasterUsername ... "
    "cannot be used as it is a reserved word used by the engine"
)
_PASSWORD_ANSWER: Final = (
    "CreateDBCluster and CreateDBInstance answer InvalidParameterValue: The parameter "
    "MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', "
    "'@', '\"', ' ' may be used."
)
_PASSWORD_FIX: Final = (
    'Give it a password of at least 8 printable ASCII characters without /, @, " and spaces; for a '
    "RandomPassword, set overrideSpecial."
)
_FIX: Final = "Choose another user name, such as that of the application."


_Matching = Callable[[str, tuple[str, ...]], bool]


def _exactly(user: str, reserved: tuple[str, ...]) -> bool:
    return user in reserved


def _in_other_case(user: str, reserved: tuple[str, ...]) -> bool:
    return user not in reserved and user.lower() in reserved


def _is_reserved(database: Block, name: str, matches: _Matching = _exactly) -> Truth:
    return database.holds(name, lambda user: matches(user, (_NOWHERE,))) | (
        database.holds("engine", lambda engine: "postgres" in engine)
        & database.holds(name, lambda user: matches(user, _NOT_ON_POSTGRESQL))
    )


def _has_a_refused_password(database: Declared) -> Truth:
    """A replica's is not sent; that of a restored database is set when it is there."""
    names = PASSWORDS[database.resource.kind]
    is_sent = every(database.lacks(each) for each in REPLICATED)
    return is_sent & some(database.holds(each, _is_refused) for each in names)


def _is_refused(password: str) -> bool:
    """A JSON object is what stands in for a secret where there is no AWS to look it up: whether the
    real one is a bare password is not known."""
    return not OF_DATABASES.accepts(password) and not re.fullmatch(r"\s*\{.*\}\s*", password, re.S)


def _is_secondary(cluster: Resource, model: Model) -> bool:
    """Whether aurora-global-secondary rejects that it names a user at all."""
    return isinstance(model.aurora.is_secondary(cluster), Yes)


def _refused_password(
    id: str,
    kind: str,
    name: str,
    copied: Inputs,
    elsewhere: Callable[[Resource, Model], bool] = lambda _, __: False,
) -> Refusal:
    return Refusal(
        id=id,
        kinds=(kind,),
        says="has a master password that RDS does not accept",
        when=_has_a_refused_password,
        evidence=Evidence(_PASSWORD_ANSWER, "CreateDBInstance, public deployment logs", _SEEN),
        fix=_PASSWORD_FIX,
        refused={name: "pass/word"},
        accepted=(
            {name: "pass-word"},
            {name: ""},
            {name: "short", **copied},
            {name: '{"password": "p@ss-word"}'},
        ),
        elsewhere=elsewhere,
    )


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
    _refused_password(
        "cluster-password",
        CLUSTER,
        "masterPassword",
        {"replicationSourceIdentifier": "app"},
        _is_secondary,
    ),
    _refused_password("instance-password", DB_INSTANCE, "password", {"replicateSourceDb": "app"}),
    Refusal(
        id="docdb-user-reserved",
        kinds=(DOCDB_CLUSTER,),
        says="has a master user name that its engine reserves",
        when=lambda cluster: (
            is_made_afresh(cluster) & cluster.holds("masterUsername", lambda user: user == "admin")
        ),
        evidence=Evidence(_ANSWER, "https://github.com/aws/aws-cdk/issues/13295", "2021-02-26"),
        fix=_FIX,
        refused={"masterUsername": "admin"},
        accepted=(
            {"masterUsername": "app"},
            {"masterUsername": "admin", "snapshotIdentifier": "rds:app"},
        ),
        elsewhere=may_be_a_secondary,
    ),
)


def _reserved_in_other_case(id: str, kind: str, name: str) -> Refusal:
    return Refusal(
        id=id,
        kinds=(kind,),
        says="has a master user name that is, in lower case, one that its engine reserves",
        when=lambda database: (
            is_made_afresh(database) & _is_reserved(database, name, _in_other_case)
        ),
        evidence=Evidence(
            "does not accept a reserved word of the engine as the master user name; whether the "
            "case of its letters counts is not documented.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
            _SEEN,
            Kind.DOCUMENTED,
        ),
        fix=_FIX,
        refused={"engine": "aurora-postgresql", name: "Admin"},
        accepted=(
            {"engine": "aurora-postgresql", name: "orders"},
            {"engine": "aurora-mysql", name: "Admin"},
        ),
    )


ADVICE: Final = (
    _reserved_in_other_case("cluster-user-in-other-case", CLUSTER, "masterUsername"),
    _reserved_in_other_case("instance-user-in-other-case", DB_INSTANCE, "username"),
)
