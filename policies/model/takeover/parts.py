"""What part a resource has in serving requests: its tier."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from ..vocabulary import (
    ACCELERATOR,
    AUTO_SCALING_GROUP,
    BUCKET,
    CLASSIC_LOAD_BALANCER,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    DISTRIBUTION,
    DOCDB_CLUSTER,
    ECS_SERVICE,
    ENDPOINT_GROUP,
    FILE_SYSTEM,
    GLOBAL_CLUSTER,
    HEALTH_CHECK,
    INSTANCE,
    KMS_KEY,
    KMS_REPLICA_KEY,
    LAMBDA_FUNCTION,
    LOAD_BALANCER,
    NEPTUNE_CLUSTER,
    RECORD,
    TABLE_REPLICA,
)


class Tier(Enum):
    """The parts of a service, from its clients to its data; the words are a report's."""

    ENTRY = "entry"
    FRONT = "front"
    COMPUTE = "compute"
    DATA = "data"
    SECRETS = "secrets and keys"
    FAILOVER = "failover"


TABLE: Final = "aws:dynamodb/table:Table"
SECRET: Final = "aws:secretsmanager/secret:Secret"
PARAMETER: Final = "aws:ssm/parameter:Parameter"
REST_API: Final = "aws:apigateway/restApi:RestApi"
HTTP_API: Final = "aws:apigatewayv2/api:Api"
EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"

TIERS: Final[Mapping[str, Tier]] = {
    RECORD: Tier.ENTRY,
    HEALTH_CHECK: Tier.ENTRY,
    DISTRIBUTION: Tier.ENTRY,
    ACCELERATOR: Tier.ENTRY,
    ENDPOINT_GROUP: Tier.ENTRY,
    LOAD_BALANCER: Tier.FRONT,
    CLASSIC_LOAD_BALANCER: Tier.FRONT,
    REST_API: Tier.FRONT,
    HTTP_API: Tier.FRONT,
    "aws:lambda/functionUrl:FunctionUrl": Tier.FRONT,
    "aws:appsync/graphQLApi:GraphQLApi": Tier.FRONT,
    LAMBDA_FUNCTION: Tier.COMPUTE,
    ECS_SERVICE: Tier.COMPUTE,
    INSTANCE: Tier.COMPUTE,
    AUTO_SCALING_GROUP: Tier.COMPUTE,
    EKS_CLUSTER: Tier.COMPUTE,
    "aws:apprunner/service:Service": Tier.COMPUTE,
    "aws:batch/jobDefinition:JobDefinition": Tier.COMPUTE,
    "aws:ec2/spotFleetRequest:SpotFleetRequest": Tier.COMPUTE,
    "aws:elasticbeanstalk/environment:Environment": Tier.COMPUTE,
    "aws:lightsail/instance:Instance": Tier.COMPUTE,
    "aws:sfn/stateMachine:StateMachine": Tier.COMPUTE,
    CLUSTER: Tier.DATA,
    CLUSTER_INSTANCE: Tier.DATA,
    DB_INSTANCE: Tier.DATA,
    GLOBAL_CLUSTER: Tier.DATA,
    DOCDB_CLUSTER: Tier.DATA,
    NEPTUNE_CLUSTER: Tier.DATA,
    TABLE: Tier.DATA,
    TABLE_REPLICA: Tier.DATA,
    "aws:dynamodb/globalTable:GlobalTable": Tier.DATA,
    BUCKET: Tier.DATA,
    FILE_SYSTEM: Tier.DATA,
    "aws:elasticache/replicationGroup:ReplicationGroup": Tier.DATA,
    "aws:elasticache/cluster:Cluster": Tier.DATA,
    "aws:memorydb/cluster:Cluster": Tier.DATA,
    "aws:opensearch/domain:Domain": Tier.DATA,
    "aws:redshift/cluster:Cluster": Tier.DATA,
    "aws:sqs/queue:Queue": Tier.DATA,
    "aws:sns/topic:Topic": Tier.DATA,
    "aws:kinesis/stream:Stream": Tier.DATA,
    "aws:msk/cluster:Cluster": Tier.DATA,
    "aws:dsql/cluster:Cluster": Tier.DATA,
    SECRET: Tier.SECRETS,
    PARAMETER: Tier.SECRETS,
    KMS_KEY: Tier.SECRETS,
    KMS_REPLICA_KEY: Tier.SECRETS,
}
"""The kinds that a service is made of, by tier. What carries out a failover is found by what it
may do, not by its kind."""

SERVING: Final = tuple(
    kind for kind, tier in TIERS.items() if tier in (Tier.FRONT, Tier.COMPUTE, Tier.DATA)
)
"""What makes a region one that serves: a certificate or a key alone does not."""
