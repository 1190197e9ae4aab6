"""What an ARN names: a resource of the model, by kind, region and name.

A program may name a resource by an ARN that it composes itself, also one that does not exist yet;
`arn:aws:rds:us-east-1:123456789012:cluster:app-east` is the cluster of us-east-1 whose
clusterIdentifier is app-east. Forms: AWS, "Service Authorization Reference" (resource types).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from .plain import NamedTuple
from .resource import Resource
from .values import Known
from .vocabulary import (
    BUCKET,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_SUBNET_GROUP,
    EGRESS_ONLY_GATEWAY,
    EIP,
    GLOBAL_CLUSTER,
    HEALTH_CHECK,
    HOSTED_ZONE,
    INSTANCE,
    INTERNET_GATEWAY,
    KMS_ALIAS,
    KMS_KEY,
    KMS_REPLICA_KEY,
    LOG_GROUP,
    METRIC_ALARM,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    PEERING,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    TRANSIT_GATEWAY,
    TRANSIT_GATEWAY_ATTACHMENT,
    VPC,
    VPC_ENDPOINT,
    VPN_GATEWAY,
)


class Arn(NamedTuple):
    """The parts of an ARN; region and account are empty for what has none."""

    service: str
    region: str
    account: str
    resource: str


class Form(NamedTuple):
    """What the ARNs of a kind look like: `prefix` and the value of `property`, or an id that AWS
    gave out, whatever the property is called. `ending` is what may
    follow: a version, a suffix that AWS adds."""

    service: str
    prefix: str
    property: str
    ending: str = ""

    def names(self, resource: str) -> Iterator[str]:
        """The values of the property that an ARN with this resource part may mean."""
        if resource.startswith(self.prefix):
            name = resource[len(self.prefix) :]
            if self.service == "iam":
                name = name.rpartition("/")[2]  # A path may stand before it.
            yield name
            shorter = re.sub(f"(?:{self.ending})$", "", name) if self.ending else name
            if shorter != name:
                yield shorter


_PARTITION: Final = r"aws(-[a-z]+)*"
"""`aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso-b` and whatever AWS opens next."""


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN; None where the text is none."""
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not re.fullmatch(_PARTITION, parts[1]):
        return None
    return Arn(*parts[2:])


def account_of(resource: Resource) -> str | None:
    """The account that the resource is in, where its outputs or its provider tell it."""
    for name in ("arn", "ownerId"):
        match resource.text(name):
            case Known(said):
                arn = parse_arn(said)
                found = arn.account if arn else said
                if re.fullmatch(_ACCOUNT, found):
                    return found
    given = resource.provider.properties if resource.provider else {}
    # The engine sends a provider's lists as JSON in a text.
    allowed = set(re.findall(_ACCOUNT, json.dumps(given.get("allowedAccountIds"), default=str)))
    return allowed.pop() if len(allowed) == 1 else None


_ACCOUNT: Final = r"(?<!\d)\d{12}(?!\d)"


def _ec2(prefix: str) -> Form:
    return Form("ec2", f"{prefix}/", "id")


FORMS: Final[Mapping[str, Form]] = {
    CLUSTER: Form("rds", "cluster:", "clusterIdentifier"),
    CLUSTER_INSTANCE: Form("rds", "db:", "identifier"),
    GLOBAL_CLUSTER: Form("rds", "global-cluster:", "globalClusterIdentifier"),
    DB_SUBNET_GROUP: Form("rds", "subgrp:", "name"),
    "aws:rds/instance:Instance": Form("rds", "db:", "identifier"),
    "aws:rds/parameterGroup:ParameterGroup": Form("rds", "pg:", "name"),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": Form("rds", "cluster-pg:", "name"),
    "aws:rds/optionGroup:OptionGroup": Form("rds", "og:", "name"),
    "aws:rds/snapshot:Snapshot": Form("rds", "snapshot:", "dbSnapshotIdentifier"),
    "aws:rds/clusterSnapshot:ClusterSnapshot": Form(
        "rds", "cluster-snapshot:", "dbClusterSnapshotIdentifier"
    ),
    # DocumentDB and Neptune use RDS's ARNs.
    "aws:docdb/cluster:Cluster": Form("rds", "cluster:", "clusterIdentifier"),
    "aws:docdb/clusterInstance:ClusterInstance": Form("rds", "db:", "identifier"),
    "aws:docdb/globalCluster:GlobalCluster": Form(
        "rds", "global-cluster:", "globalClusterIdentifier"
    ),
    "aws:docdb/subnetGroup:SubnetGroup": Form("rds", "subgrp:", "name"),
    "aws:neptune/cluster:Cluster": Form("rds", "cluster:", "clusterIdentifier"),
    "aws:neptune/clusterInstance:ClusterInstance": Form("rds", "db:", "identifier"),
    "aws:neptune/globalCluster:GlobalCluster": Form(
        "rds", "global-cluster:", "globalClusterIdentifier"
    ),
    "aws:neptune/subnetGroup:SubnetGroup": Form("rds", "subgrp:", "name"),
    "aws:redshift/cluster:Cluster": Form("redshift", "cluster:", "clusterIdentifier"),
    "aws:redshift/subnetGroup:SubnetGroup": Form("redshift", "subnetgroup:", "name"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Form(
        "elasticache", "replicationgroup:", "replicationGroupId"
    ),
    "aws:elasticache/cluster:Cluster": Form("elasticache", "cluster:", "clusterId"),
    "aws:elasticache/subnetGroup:SubnetGroup": Form("elasticache", "subnetgroup:", "name"),
    "aws:elasticache/parameterGroup:ParameterGroup": Form("elasticache", "parametergroup:", "name"),
    "aws:memorydb/cluster:Cluster": Form("memorydb", "cluster/", "name"),
    "aws:memorydb/subnetGroup:SubnetGroup": Form("memorydb", "subnetgroup/", "name"),
    "aws:dynamodb/table:Table": Form("dynamodb", "table/", "name", ending="/(?:stream|index)/.+"),
    KMS_KEY: Form("kms", "key/", "keyId"),
    KMS_REPLICA_KEY: Form("kms", "key/", "keyId"),
    KMS_ALIAS: Form("kms", "", "name"),  # Its name begins with alias/, as the ARN does.
    VPC: _ec2("vpc"),
    SUBNET: _ec2("subnet"),
    ROUTE_TABLE: _ec2("route-table"),
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _ec2("route-table"),
    SECURITY_GROUP: _ec2("security-group"),
    "aws:ec2/networkAcl:NetworkAcl": _ec2("network-acl"),
    INTERNET_GATEWAY: _ec2("internet-gateway"),
    EGRESS_ONLY_GATEWAY: _ec2("egress-only-internet-gateway"),
    "aws:ec2/carrierGateway:CarrierGateway": _ec2("carrier-gateway"),
    VPN_GATEWAY: _ec2("vpn-gateway"),
    NAT_GATEWAY: _ec2("natgateway"),
    EIP: Form("ec2", "elastic-ip/", "allocationId"),
    VPC_ENDPOINT: _ec2("vpc-endpoint"),
    NETWORK_INTERFACE: _ec2("network-interface"),
    INSTANCE: _ec2("instance"),
    "aws:ec2/launchTemplate:LaunchTemplate": _ec2("launch-template"),
    "aws:ebs/volume:Volume": _ec2("volume"),
    "aws:ebs/snapshot:Snapshot": _ec2("snapshot"),
    PEERING: _ec2("vpc-peering-connection"),
    TRANSIT_GATEWAY: _ec2("transit-gateway"),
    TRANSIT_GATEWAY_ATTACHMENT: _ec2("transit-gateway-attachment"),
    BUCKET: Form("s3", "", "bucket", ending="/.*"),
    "aws:lambda/function:Function": Form("lambda", "function:", "name", ending=":[^:]+"),
    "aws:sns/topic:Topic": Form("sns", "", "name"),
    "aws:sqs/queue:Queue": Form("sqs", "", "name"),
    "aws:iam/role:Role": Form("iam", "role/", "name"),
    "aws:iam/instanceProfile:InstanceProfile": Form("iam", "instance-profile/", "name"),
    "aws:iam/policy:Policy": Form("iam", "policy/", "name"),
    # AWS adds a hyphen and six characters to the name of a secret.
    "aws:secretsmanager/secret:Secret": Form(
        "secretsmanager", "secret:", "name", ending="-[A-Za-z0-9]{6}"
    ),
    LOG_GROUP: Form("logs", "log-group:", "name", ending=":\\*"),
    "aws:cloudwatch/eventBus:EventBus": Form("events", "event-bus/", "name"),
    "aws:kinesis/stream:Stream": Form("kinesis", "stream/", "name"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Form(
        "firehose", "deliverystream/", "name"
    ),
    "aws:sfn/stateMachine:StateMachine": Form("states", "stateMachine:", "name"),
    METRIC_ALARM: Form("cloudwatch", "alarm:", "name"),
    "aws:ecs/cluster:Cluster": Form("ecs", "cluster/", "name"),
    # With the number of a revision it is that revision's own, of which another one tells nothing.
    "aws:ecs/taskDefinition:TaskDefinition": Form("ecs", "task-definition/", "family"),
    "aws:ecr/repository:Repository": Form("ecr", "repository/", "name"),
    "aws:eks/cluster:Cluster": Form("eks", "cluster/", "name"),
    "aws:efs/fileSystem:FileSystem": Form("elasticfilesystem", "file-system/", "id"),
    "aws:efs/accessPoint:AccessPoint": Form("elasticfilesystem", "access-point/", "id"),
    "aws:backup/vault:Vault": Form("backup", "backup-vault:", "name"),
    HOSTED_ZONE: Form("route53", "hostedzone/", "zoneId"),
    HEALTH_CHECK: Form("route53", "healthcheck/", "id"),
}
"""By kind. Load balancers, listeners, target groups and certificates are not here: their ARNs hold
an id that nothing but the ARN tells."""
