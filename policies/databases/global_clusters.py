"""Global clusters of DocumentDB and Neptune: versions of which AWS says that they have none."""

from __future__ import annotations

import re
from typing import Final

from ..model.inputs import Block, Declared
from ..model.truth import Truth
from ..model.vocabulary import (
    DOCDB_CLUSTER,
    DOCDB_GLOBAL_CLUSTER,
    NEPTUNE_CLUSTER,
    NEPTUNE_GLOBAL_CLUSTER,
)
from ..refusal import Refusal
from ..rule import Evidence, Kind

_READ: Final = "2026-11-26"
_CLUSTERS: Final = (DOCDB_CLUSTER, NEPTUNE_CLUSTER)


def _is_in_a_global_cluster(declared: Declared) -> Truth:
    """Whether it is a member, or the global cluster itself."""
    if declared.resource.kind in _CLUSTERS:
        return declared.sets("globalClusterIdentifier")
    return Truth.TRUE


def _is_below_1_2(database: Block) -> Truth:
    """Versions of Neptune are 1.1.1.0, 1.2.0.0 and so on."""
    return database.holds(
        "engineVersion", lambda version: re.fullmatch(r"1\.[01](\.\d+)*", version) is not None
    )


ADVICE: Final = (
    Refusal(
        id="docdb-global-version",
        kinds=(DOCDB_GLOBAL_CLUSTER, DOCDB_CLUSTER),
        says="belongs to a global cluster, but has the engineVersion 3.6",
        when=lambda database: (
            _is_in_a_global_cluster(database)
            & database.holds("engineVersion", lambda version: version.startswith("3.6"))
        ),
        evidence=Evidence(
            "Global clusters are not supported on Amazon DocumentDB v3.6.",
            "https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set engineVersion to 4.0.0 or later on all members.",
        refused={"globalClusterIdentifier": "letters", "engineVersion": "3.6.0"},
        accepted=({"globalClusterIdentifier": "letters", "engineVersion": "5.0.0"},),
        whatever=("globalClusterIdentifier",),
    ),
    Refusal(
        id="neptune-global-version",
        kinds=(NEPTUNE_GLOBAL_CLUSTER, NEPTUNE_CLUSTER),
        says="belongs to a global database, but has an engineVersion below 1.2.0.0",
        when=lambda database: _is_in_a_global_cluster(database) & _is_below_1_2(database),
        evidence=Evidence(
            "requires engine version 1.2.0.0 or later for a Neptune global database.",
            "https://docs.aws.amazon.com/neptune/latest/userguide/neptune-gdb-setup.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set engineVersion to 1.2.0.0 or later on all members.",
        refused={"globalClusterIdentifier": "graph", "engineVersion": "1.1.1.0"},
        accepted=(
            {"globalClusterIdentifier": "graph", "engineVersion": "1.2.0.0"},
            {"globalClusterIdentifier": "graph", "engineVersion": "1.10.0.0"},
        ),
        whatever=("globalClusterIdentifier",),
    ),
)
