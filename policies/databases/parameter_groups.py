"""Parameters that a running server does not take over.

ModifyDBParameterGroup takes a static parameter with the apply method `pending-reboot` only, and
where a program names no method, the provider sends `immediate`. Which parameters are static is
AWS's Apply_Type (RDS User Guide, "Working with parameters on your RDS for PostgreSQL DB instance"),
beside those that PostgreSQL itself reads at its start.
"""

from __future__ import annotations

from typing import Final

from ..model import values
from ..model.databases.engines import MYSQLS, POSTGRESQLS, Family, family_of
from ..model.inputs import Block
from ..model.truth import Truth
from ..model.values import Known
from ..model.vocabulary import DB_CLUSTER_PARAMETER_GROUP, DB_PARAMETER_GROUP
from ..refusal import Refusal
from ..rule import Evidence, Kind

_GROUPS: Final = (DB_PARAMETER_GROUP, DB_CLUSTER_PARAMETER_GROUP)
_ANSWER: Final = (
    "ModifyDBParameterGroup and ModifyDBClusterParameterGroup answer "
    "InvalidParameterCombination: cannot use immediate apply method for static parameter"
)
_FIX: Final = "Set applyMethod of the parameter to pending-reboot (the default is immediate)."

_STATIC: Final = (
    "autovacuum_freeze_max_age",
    "huge_pages",
    "logging_collector",
    "max_connections",
    "max_files_per_process",
    "max_locks_per_transaction",
    "max_logical_replication_workers",
    "max_pred_locks_per_transaction",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_wal_senders",
    "max_worker_processes",
    "rds.logical_replication",
    "rds.restrict_password_commands",
    "shared_buffers",
    "shared_preload_libraries",
    "track_activity_query_size",
    "track_commit_timestamp",
    "wal_buffers",
)
_STATIC_BEFORE_18: Final = ("autovacuum_max_workers",)
_STATIC_FROM_18: Final = ("autovacuum_worker_slots",)
"""PostgreSQL 18 starts and stops workers of autovacuum as it runs, within slots that are static."""
_STATIC_OF_MYSQL: Final = ("performance_schema", "lower_case_table_names", "innodb_log_file_size")


def _applies_at_once(group: Block, *names: str) -> Truth:
    return group.some(
        "parameters",
        lambda parameter: (
            parameter.says("name", *names)
            & (parameter.lacks("applyMethod") | parameter.says("applyMethod", "immediate"))
        ),
    )


def _family(group: Block) -> Family | None:
    said = values.text(group.at("family"))
    return family_of(said.value) if isinstance(said, Known) else None


def _static_of_postgresql(group: Block) -> tuple[str, ...]:
    """The static parameters of the group's family; none where it is not one of PostgreSQL."""
    family = _family(group)
    if family is None or family.engine not in POSTGRESQLS:
        return ()
    return (*_STATIC, *(_STATIC_FROM_18 if float(family.major) >= 18 else _STATIC_BEFORE_18))


def _static_of_mysql(group: Block) -> tuple[str, ...]:
    """The same, of MySQL and MariaDB."""
    family = _family(group)
    return _STATIC_OF_MYSQL if family is not None and family.engine in MYSQLS else ()


def _found(group: Block, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if _applies_at_once(group, name) is Truth.TRUE)


def _group(family: str, **parameter: str) -> dict[str, object]:
    return {"family": family, "parameters": [parameter]}


REFUSED: Final = (
    Refusal(
        id="static-parameter",
        kinds=_GROUPS,
        says="sets a static PostgreSQL parameter without the applyMethod pending-reboot",
        when=lambda group: _applies_at_once(group, *_static_of_postgresql(group)),
        names=lambda group: _found(group, _static_of_postgresql(group)),
        evidence=Evidence(
            _ANSWER,
            "ModifyDBParameterGroup and ModifyDBClusterParameterGroup, public deployment logs",
            "2026-11-26",
        ),
        fix=_FIX,
        refused=_group("postgres17", name="max_connections"),
        accepted=(
            _group("postgres17", name="max_connections", applyMethod="pending-reboot"),
            _group("postgres17", name="work_mem"),
            _group("postgres17", name="rds.force_ssl", applyMethod="immediate"),
            _group("aurora-postgresql16", name="temp_file_limit"),
            _group("aurora-postgresql18", name="autovacuum_max_workers"),
            _group("postgres17", name="autovacuum_worker_slots"),
            _group("mysql8.0", name="max_connections"),
        ),
    ),
)

ADVICE: Final = (
    Refusal(
        id="static-parameter-mysql",
        kinds=_GROUPS,
        says="sets a static MySQL parameter without the applyMethod pending-reboot",
        when=lambda group: _applies_at_once(group, *_static_of_mysql(group)),
        names=lambda group: _found(group, _static_of_mysql(group)),
        evidence=Evidence(
            _ANSWER,
            "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix=_FIX,
        refused=_group("mysql8.0", name="performance_schema"),
        accepted=(
            _group("mysql8.0", name="performance_schema", applyMethod="pending-reboot"),
            _group("mysql8.0", name="max_connections"),
        ),
    ),
)
