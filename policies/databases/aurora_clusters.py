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
        says="is an Aurora cluster, but has an allocatedStorage",
        when=lambda cluster: _is_aurora(cluster) & (cluster.number("allocatedStorage") > 0),
        evidence=Evidence(
            "CreateDBCluster answers: AllocatedStorage isn't supported for DB engine ...",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Remove allocatedStorage: Aurora storage grows by itself.",
        refused={"engine": "aurora-postgresql", "allocatedStorage": 100},
        accepted=(
            {"engine": "aurora-postgresql"},
            {"engine": "postgres", "allocatedStorage": 100},
        ),
    ),
    Refusal(
        id="aurora-storage-type",
        kinds=(CLUSTER,),
        says="is an Aurora cluster, but has a storageType that Aurora does not have",
        when=lambda cluster: _is_aurora(cluster) & cluster.says("storageType", *_OF_VOLUMES),
        evidence=Evidence(
            "CreateDBCluster answers: You can't use the ... storage type.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set storageType to aurora-iopt1, or remove it.",
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
        says="is an Aurora cluster, but has a dbClusterInstanceClass",
        when=lambda cluster: _is_aurora(cluster) & cluster.has("dbClusterInstanceClass"),
        evidence=Evidence(
            "CreateDBCluster answers: DBClusterInstanceClass isn't supported for DB engine ...",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Remove dbClusterInstanceClass, which is for Multi-AZ DB clusters, and set "
        "instanceClass on the cluster's instances.",
        refused={"engine": "aurora-mysql", "dbClusterInstanceClass": "db.r6g.large"},
        accepted=(
            {"engine": "aurora-mysql"},
            {"engine": "mysql", "dbClusterInstanceClass": "db.m6gd.large"},
        ),
    ),
    Refusal(
        id="write-forwarding-alone",
        kinds=(CLUSTER,),
        says="has enableGlobalWriteForwarding set to true, but no globalClusterIdentifier",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.is_true("enableGlobalWriteForwarding")
            & cluster.lacks("globalClusterIdentifier")
        ),
        evidence=Evidence(
            "CreateDBCluster answers: Requested global functionality, but global cluster "
            "identifier is not specified",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set globalClusterIdentifier, or remove enableGlobalWriteForwarding, which is for "
        "secondary clusters.",
        refused={"enableGlobalWriteForwarding": True},
        accepted=(
            {"enableGlobalWriteForwarding": False},
            {"enableLocalWriteForwarding": True},
        ),
    ),
    Refusal(
        id="scaling-without-serverless",
        kinds=(CLUSTER,),
        says="has a scalingConfiguration, but its engineMode is not serverless",
        when=lambda cluster: (
            is_made_afresh(cluster)
            & cluster.has("scalingConfiguration")
            & ~cluster.says("engineMode", "serverless")
        ),
        evidence=Evidence(
            "CreateDBCluster answers: You can only specify scaling configuration for an Aurora "
            "Serverless v1 cluster.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Use serverlessv2ScalingConfiguration and instances of the class db.serverless.",
        refused={"scalingConfiguration": {"maxCapacity": 4}},
        accepted=({"serverlessv2ScalingConfiguration": {"minCapacity": 1, "maxCapacity": 4}},),
        whatever=("scalingConfiguration.maxCapacity",),
    ),
    Refusal(
        id="serverless-capacity-most",
        kinds=(CLUSTER,),
        says="has a serverlessv2ScalingConfiguration whose maxCapacity is above 256",
        when=lambda cluster: cluster.number("serverlessv2ScalingConfiguration.maxCapacity") > 256,
        evidence=Evidence(
            "CreateDBCluster answers: Serverless v2 capacity value ... is not valid. The valid "
            "scaling range for this cluster is 0.0 to 256.0.",
            f"CreateDBCluster; {_TESTED}",
            "2026-09-13",
        ),
        fix="Set maxCapacity to 256 at most, in Aurora capacity units.",
        refused={"serverlessv2ScalingConfiguration": {"maxCapacity": 256.5}},
        accepted=({"serverlessv2ScalingConfiguration": {"maxCapacity": 256}},),
    ),
    Refusal(
        id="global-source-database-name",
        kinds=(GLOBAL_CLUSTER,),
        says="is made from an existing cluster, but has a databaseName",
        when=lambda cluster: (
            cluster.sets("sourceDbClusterIdentifier") & cluster.has("databaseName")
        ),
        evidence=Evidence(
            "CreateGlobalCluster answers: When creating global cluster from existing db cluster, "
            "value for databaseName should not be specified since it will be inherited from "
            "source cluster",
            "CreateGlobalCluster, public deployment logs",
            "2026-11-26",
        ),
        fix="Remove databaseName: it is inherited from the source cluster.",
        refused={"sourceDbClusterIdentifier": "app", "databaseName": "app"},
        accepted=({"sourceDbClusterIdentifier": "app"}, {"databaseName": "app"}),
        whatever=("sourceDbClusterIdentifier",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="aurora-iops",
        kinds=(CLUSTER,),
        says="is an Aurora cluster, but has iops",
        when=lambda cluster: _is_aurora(cluster) & (cluster.number("iops") > 0),
        evidence=Evidence(
            "lets provisioned IOPS be set for Multi-AZ DB clusters only.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Remove iops, and set storageType to aurora-iopt1 where input and output are many.",
        refused={"engine": "aurora-postgresql", "iops": 3000},
        accepted=(
            {"engine": "aurora-postgresql", "storageType": "aurora-iopt1"},
            {"engine": "postgres", "iops": 3000},
        ),
    ),
    Refusal(
        id="serverless-capacity-steps",
        kinds=(CLUSTER,),
        says="has a serverlessv2ScalingConfiguration with a capacity that is no multiple of 0.5",
        when=lambda cluster: (
            cluster.number("serverlessv2ScalingConfiguration.minCapacity").holds(_is_between_steps)
            | cluster.number("serverlessv2ScalingConfiguration.maxCapacity").holds(
                _is_between_steps
            )
        ),
        evidence=Evidence(
            "takes capacities of Aurora Serverless v2 in half-step increments: 8, 8.5, 9.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
            "API_ServerlessV2ScalingConfiguration.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Set minCapacity and maxCapacity to multiples of 0.5.",
        refused={"serverlessv2ScalingConfiguration": {"minCapacity": 0.75}},
        accepted=({"serverlessv2ScalingConfiguration": {"minCapacity": 0.5, "maxCapacity": 8}},),
    ),
    Refusal(
        id="serverless-capacity-order",
        kinds=(CLUSTER,),
        says="has a serverlessv2ScalingConfiguration whose minCapacity is above its maxCapacity",
        when=lambda cluster: _is_upside_down(cluster.inner("serverlessv2ScalingConfiguration")),
        evidence=Evidence(
            "requires that the maximum capacity of Aurora Serverless v2 is at least the minimum "
            "capacity.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-serverless-v2.setting-capacity.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Set maxCapacity to at least minCapacity.",
        refused={"serverlessv2ScalingConfiguration": {"minCapacity": 4, "maxCapacity": 2}},
        accepted=({"serverlessv2ScalingConfiguration": {"minCapacity": 4, "maxCapacity": 4}},),
    ),
)


def _is_between_steps(capacity: float) -> bool:
    return not (capacity * 2).is_integer()


def _is_upside_down(scaling: Block) -> Truth:
    return scaling.number("minCapacity") > scaling.number("maxCapacity")
