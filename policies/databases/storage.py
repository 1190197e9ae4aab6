"""Storage and zones of a database that RDS, DocumentDB and Neptune take.

The provider sends little of this for what is restored or replicated, and an instance that exists
may have grown beyond what its program says (`maxAllocatedStorage`).
"""

from __future__ import annotations

from typing import Final

from ..model import Model
from ..model.aurora.version_strings import RDS_MYSQL, RDS_POSTGRESQL
from ..model.databases.engines import MARIADB
from ..model.databases.origins import is_made_afresh
from ..model.inputs import Block, Declared
from ..model.references import target
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.vocabulary import DB_INSTANCE, DOCDB_CLUSTER, NEPTUNE_CLUSTER
from ..refusal import Refusal
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_STRIPED: Final = 400
"""GiB from which RDS stripes gp3 volumes of these engines, so that IOPS can be chosen."""

_INCLUDED: Final = (
    "Remove iops and storageThroughput (3000 IOPS and 125 MiB/s are included), or set "
    "allocatedStorage to at least 400."
)


def _provisions_a_small_gp3(instance: Block, *engines: str) -> Truth:
    return (
        is_made_afresh(instance)
        & instance.says("storageType", "gp3")
        & instance.says("engine", *engines)
        & (instance.number("allocatedStorage") < _STRIPED)
        & ((instance.number("iops") > 0) | (instance.number("storageThroughput") > 0))
    )


def _shrinks(instance: Block) -> Truth:
    most = instance.number("maxAllocatedStorage")
    return (most > 0) & (most < instance.number("allocatedStorage"))


def may_be_a_secondary(cluster: Resource, model: Model) -> bool:
    """Whether a cluster of DocumentDB or Neptune may take its user and encryption over from a
    primary in another region: it is in a global cluster, and not as the only member of a new
    one."""
    if Declared(cluster).lacks("globalClusterIdentifier") is Truth.TRUE:
        return False
    home = target(model.stack.reference(cluster, "globalClusterIdentifier"))
    if home is None or not home.is_new or home.sets("sourceDbClusterIdentifier"):
        return True
    return len(list(model.stack.naming(home, "globalClusterIdentifier", cluster.kind))) > 1


REFUSED: Final = (
    Refusal(
        id="max-storage-below-storage",
        kinds=(DB_INSTANCE,),
        says="has a maxAllocatedStorage below its allocatedStorage",
        when=lambda instance: is_made_afresh(instance) & _shrinks(instance),
        evidence=Evidence(
            "CreateDBInstance answers: Max storage size must be greater than storage size",
            f"CreateDBInstance; {_TESTED}",
            "2026-09-14",
        ),
        fix="Set maxAllocatedStorage to at least allocatedStorage, or remove it.",
        refused={"allocatedStorage": 100, "maxAllocatedStorage": 99},
        accepted=(
            {"allocatedStorage": 100, "maxAllocatedStorage": 100},
            {"allocatedStorage": 100, "maxAllocatedStorage": 0},
            {"allocatedStorage": 100, "maxAllocatedStorage": 99, "replicateSourceDb": "app"},
        ),
    ),
)

REFUSED_AT_CREATION: Final = (
    Refusal(
        id="gp3-provisioned",
        kinds=(DB_INSTANCE,),
        says="sets iops or storageThroughput on gp3 storage of less than 400 GiB",
        when=lambda instance: _provisions_a_small_gp3(instance, RDS_POSTGRESQL, RDS_MYSQL),
        evidence=Evidence(
            "CreateDBInstance answers InvalidParameterCombination: You can't specify IOPS or "
            "storage throughput for engine ... and a storage size less than 400.",
            f"CreateDBInstance, public deployment logs; {_TESTED}",
            "2026-09-13",
        ),
        fix=_INCLUDED,
        refused={"engine": "postgres", "storageType": "gp3", "allocatedStorage": 399, "iops": 3000},
        accepted=(
            {"engine": "postgres", "storageType": "gp3", "allocatedStorage": 400, "iops": 12000},
            {"engine": "postgres", "storageType": "gp3", "allocatedStorage": 399},
            {
                "engine": "sqlserver-se",
                "storageType": "gp3",
                "allocatedStorage": 399,
                "iops": 3000,
            },
        ),
    ),
    Refusal(
        id="io-without-iops",
        kinds=(DB_INSTANCE,),
        says="has the storageType io1 or io2, but no iops",
        when=lambda instance: (
            is_made_afresh(instance)
            & instance.says("storageType", "io1", "io2")
            & instance.lacks("iops")
        ),
        evidence=Evidence(
            "CreateDBInstance answers: The storage type ... requires iops to be specified.",
            f"CreateDBInstance; {_TESTED}",
            "2026-09-03",
        ),
        fix="Set iops, or use gp3.",
        refused={"storageType": "io1"},
        accepted=({"storageType": "io1", "iops": 1000}, {"storageType": "gp3"}),
    ),
    Refusal(
        id="magnetic-storage",
        kinds=(DB_INSTANCE,),
        says="has magnetic storage (storageType standard)",
        when=lambda instance: is_made_afresh(instance) & instance.says("storageType", "standard"),
        evidence=Evidence(
            "CreateDBInstance answers: RDS can't create the DB instance because magnetic storage "
            "is deprecated. Set StorageType to gp2, gp3, or io2.",
            f"CreateDBInstance; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set storageType to gp3.",
        refused={"storageType": "standard"},
        accepted=({"storageType": "gp2"},),
    ),
    Refusal(
        id="multi-az-zone",
        kinds=(DB_INSTANCE,),
        says="has multiAz set to true and also an availabilityZone",
        when=lambda instance: (
            is_made_afresh(instance)
            & instance.is_true("multiAz")
            & instance.sets("availabilityZone")
        ),
        evidence=Evidence(
            "CreateDBInstance answers: Requesting a specific availability zone is not valid for "
            "Multi-AZ instances.",
            f"CreateDBInstance; {_TESTED}",
            "2026-09-08",
        ),
        fix="Remove availabilityZone: RDS chooses both zones from the DB subnet group.",
        refused={"multiAz": True, "availabilityZone": "us-east-1a"},
        accepted=({"multiAz": True}, {"multiAz": False, "availabilityZone": "us-east-1a"}),
        whatever=("availabilityZone",),
    ),
    Refusal(
        id="neptune-key-unencrypted",
        kinds=(NEPTUNE_CLUSTER,),
        says="has a kmsKeyArn, but storageEncrypted is not true",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.sets("kmsKeyArn")
            & ~cluster.is_true("storageEncrypted")
        ),
        evidence=Evidence(
            "CreateDBCluster answers InvalidParameterCombination: You cannot specify KMS key for "
            "unencrypted clusters.",
            "CreateDBCluster of Neptune",
            "2026-09-15",
        ),
        fix="Set storageEncrypted to true.",
        refused={"kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/1"},
        accepted=(
            {"kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/1", "storageEncrypted": True},
            {},
        ),
        whatever=("kmsKeyArn",),
        elsewhere=may_be_a_secondary,
    ),
    Refusal(
        id="docdb-iopt1-version",
        kinds=(DOCDB_CLUSTER,),
        says="has the storageType iopt1, but an engineVersion below 5.0",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.says("storageType", "iopt1")
            & cluster.holds("engineVersion", lambda said: said.startswith(("3.", "4.")))
        ),
        evidence=Evidence(
            "CreateDBCluster answers: The iopt1 storage type isn't supported for the ... DB "
            "engine version.",
            "CreateDBCluster of DocumentDB",
            "2026-09-15",
        ),
        fix="Set engineVersion to 5.0.0 or later, or storageType to standard.",
        refused={"storageType": "iopt1", "engineVersion": "4.0.0"},
        accepted=(
            {"storageType": "iopt1", "engineVersion": "5.0.0"},
            {"storageType": "standard", "engineVersion": "4.0.0"},
        ),
    ),
)

ADVICE: Final = (
    Refusal(
        id="gp3-provisioned-mariadb",
        kinds=(DB_INSTANCE,),
        says="sets iops or storageThroughput on gp3 storage of less than 400 GiB",
        when=lambda instance: _provisions_a_small_gp3(instance, MARIADB),
        evidence=Evidence(
            "lets IOPS and throughput of gp3 storage be chosen from 400 GiB on for MariaDB, MySQL "
            "and PostgreSQL.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix=_INCLUDED,
        refused={"engine": "mariadb", "storageType": "gp3", "allocatedStorage": 399, "iops": 3000},
        accepted=(
            {"engine": "mariadb", "storageType": "gp3", "allocatedStorage": 400, "iops": 12000},
            {"engine": "mariadb", "storageType": "gp3", "allocatedStorage": 399},
        ),
    ),
)
