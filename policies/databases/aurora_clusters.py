"""What Aurora clusters and global clusters leave out.

Aurora allocates its storage by itself, its instances have the class, and a global cluster that is
made from a cluster takes over what that one has.
"""

from __future__ import annotations

from typing import Final

from ..model.databases.engines import AURORAS
from ..model.databases.origins import is_made_afresh
from ..model.inputs import Block
from ..model.truth import Truth
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..refusal import Refusal
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_OF_VOLUMES: Final = ("gp2", "gp3", "io1", "io2", "standard")
"""Storage types of RDS; Aurora has aurora and aurora-iopt1."""


def _is_aurora(cluster: Block) -> Truth:
    return is_made_afresh(cluster) & cluster.says("engine", *AURORAS)


REFUSED_AT_CREATION: Final = (
    Refusal(
        id="aurora-allocated-storage",
        kinds=(CLUSTER,),
        says="is an Aurora cluster with allocatedStorage",
        when=lambda cluster: _is_aurora(cluster) & (cluster.number("allocatedStorage") > 0),
        evidence=Evidence(
            "AllocatedStorage isn't supported for DB engine aurora-postgresql.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Leave allocatedStorage out: the storage of Aurora grows by itself.",
        refused={"engine": "aurora-postgresql", "allocatedStorage": 100},
        accepted=(
            {"engine": "aurora-postgresql"},
            {"engine": "postgres", "allocatedStorage": 100},
        ),
    ),
    Refusal(
        id="aurora-storage-type",
        kinds=(CLUSTER,),
        says="is an Aurora cluster with a storage type of RDS",
        when=lambda cluster: _is_aurora(cluster) & cluster.says("storageType", *_OF_VOLUMES),
        evidence=Evidence(
            "You can't use the gp3 storage type.", f"CreateDBCluster; {_TESTED}", "2026-09-08"
        ),
        fix="Set storageType to aurora-iopt1, or leave it out.",
        refused={"engine": "aurora-postgresql", "storageType": "gp3"},
        accepted=(
            {"engine": "aurora-postgresql", "storageType": "aurora-iopt1"},
            {"engine": "aurora-postgresql", "storageType": ""},
            {"engine": "mysql", "storageType": "gp3"},
        ),
    ),
    Refusal(
        id="aurora-cluster-class",
        kinds=(CLUSTER,),
        says="is an Aurora cluster with dbClusterInstanceClass",
        when=lambda cluster: _is_aurora(cluster) & cluster.has("dbClusterInstanceClass"),
        evidence=Evidence(
            "DBClusterInstanceClass isn't supported for DB engine aurora-postgresql.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set instanceClass of its instances, and leave dbClusterInstanceClass to Multi-AZ DB "
        "clusters.",
        refused={"engine": "aurora-mysql", "dbClusterInstanceClass": "db.r6g.large"},
        accepted=(
            {"engine": "aurora-mysql"},
            {"engine": "mysql", "dbClusterInstanceClass": "db.m6gd.large"},
        ),
    ),
    Refusal(
        id="write-forwarding-alone",
        kinds=(CLUSTER,),
        says="forwards writes to a global database (enableGlobalWriteForwarding) and is in none",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.is_true("enableGlobalWriteForwarding")
            & cluster.lacks("globalClusterIdentifier")
        ),
        evidence=Evidence(
            "Requested global functionality, but global cluster identifier is not specified",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set globalClusterIdentifier, or leave enableGlobalWriteForwarding to the secondaries.",
        refused={"enableGlobalWriteForwarding": True},
        accepted=(
            {"enableGlobalWriteForwarding": False},
            {"enableLocalWriteForwarding": True},
        ),
    ),
    Refusal(
        id="scaling-without-serverless",
        kinds=(CLUSTER,),
        says="has a scalingConfiguration and is not of the engine mode serverless",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.has("scalingConfiguration")
            & ~cluster.says("engineMode", "serverless")
        ),
        evidence=Evidence(
            "You can only specify scaling configuration for an Aurora Serverless v1 cluster.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Use serverlessv2ScalingConfiguration, with instances of the class db.serverless.",
        refused={"scalingConfiguration": {"maxCapacity": 4}},
        accepted=({"serverlessv2ScalingConfiguration": {"minCapacity": 1, "maxCapacity": 4}},),
        whatever=("scalingConfiguration.maxCapacity",),
    ),
    Refusal(
        id="global-source-database-name",
        kinds=(GLOBAL_CLUSTER,),
        says="is made from a cluster and names a database",
        when=lambda cluster: (
            cluster.sets("sourceDbClusterIdentifier") & cluster.has("databaseName")
        ),
        evidence=Evidence(
            "When creating global cluster from existing db cluster, value for databaseName should "
            "not be specified since it will be inherited from source cluster",
            "CreateGlobalCluster, public deployment logs",
            "2026-11-26",
        ),
        fix="Leave databaseName to the source cluster.",
        refused={"sourceDbClusterIdentifier": "app", "databaseName": "app"},
        accepted=({"sourceDbClusterIdentifier": "app"}, {"databaseName": "app"}),
        whatever=("sourceDbClusterIdentifier",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="serverless-capacity-order",
        kinds=(CLUSTER,),
        says="has a minCapacity above its maxCapacity",
        when=lambda cluster: _is_upside_down(cluster.inner("serverlessv2ScalingConfiguration")),
        evidence=Evidence(
            "The largest capacity of Aurora Serverless v2 must be the smallest at least.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-serverless-v2.setting-capacity.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Let maxCapacity be minCapacity at least.",
        refused={"serverlessv2ScalingConfiguration": {"minCapacity": 4, "maxCapacity": 2}},
        accepted=({"serverlessv2ScalingConfiguration": {"minCapacity": 4, "maxCapacity": 4}},),
    ),
)


def _is_upside_down(scaling: Block) -> Truth:
    return scaling.number("minCapacity") > scaling.number("maxCapacity")
