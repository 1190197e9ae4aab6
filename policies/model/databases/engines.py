"""The engines of RDS, as a database names them and as the families of parameter groups do."""

from __future__ import annotations

import re
from typing import Final

from ..aurora.version_strings import MYSQL, POSTGRESQL, RDS_MYSQL, RDS_POSTGRESQL, parse
from ..plain import NamedTuple

MARIADB: Final = "mariadb"
POSTGRESQLS: Final = (RDS_POSTGRESQL, POSTGRESQL)
MYSQLS: Final = (RDS_MYSQL, MYSQL, MARIADB)
AURORAS: Final = (POSTGRESQL, MYSQL)

LICENSED: Final = (
    *("oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb", "db2-ae", "db2-se"),
    *("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web"),
)
"""The engines that RDS has under licences, each edition by itself."""
_OPEN: Final = (*POSTGRESQLS, *MYSQLS)
_ALL: Final = (*_OPEN, *LICENSED)

_FAMILY: Final = r"([a-z0-9-]*?[a-z2])(-?)([0-9]+(?:\.[0-9]+)?)"


class Family(NamedTuple):
    """A family of parameter groups, `aurora-postgresql16` or `oracle-se2-19`: an engine and its
    major version."""

    engine: str
    major: str


def family_of(text: str) -> Family | None:
    """A family taken apart; None for engines whose families are named in other ways (those of RDS
    Custom have none)."""
    found = re.fullmatch(_FAMILY, text)
    if found is None or found[1] not in (LICENSED if found[2] else _OPEN):
        return None
    return Family(found[1], found[3])


def is_of_another_engine(family: Family, engine: str) -> bool:
    """Whether the family is certainly not one of the engine's."""
    return engine in _ALL and family.engine != engine


def is_of_another_major(family: Family, version: str) -> bool:
    """Whether the family is certainly not one of this version of its engine."""
    said = parse(family.engine, version)
    return said is not None and said.major != family.major
