"""Both dialects of AWS in Pulumi, `aws:` and `aws-native:`, in the words of the first.

A *kind* is the type token of the `aws` provider; other tokens of the same thing (the second family
of load balancers, aliases in old state, `aws-native`) map to it here, with the property names that
differ. So a rule is written once, in the `aws` provider's words.

Tokens and property names: pulumi-aws 6.83 and 7.51, pulumi-aws-native 1.84 (their SDK sources).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from .plain import NamedTuple
from .values import UNKNOWN, Derive, Tree

VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
DEFAULT_ROUTE_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ROUTE: Final = "aws:ec2/route:Route"
ROUTE_TABLE_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN_ROUTE_TABLE_ASSOCIATION: Final = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
INTERNET_GATEWAY_ATTACHMENT: Final = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
EGRESS_ONLY_GATEWAY: Final = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
VPN_GATEWAY: Final = "aws:ec2/vpnGateway:VpnGateway"
VPN_GATEWAY_ATTACHMENT: Final = "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment"
NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"
EIP: Final = "aws:ec2/eip:Eip"
VPC_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
VPC_ENDPOINT_TABLE: Final = (
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
)
VPC_ENDPOINT_SUBNET: Final = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
NETWORK_INTERFACE: Final = "aws:ec2/networkInterface:NetworkInterface"
INSTANCE: Final = "aws:ec2/instance:Instance"
TRANSIT_GATEWAY: Final = "aws:ec2transitgateway/transitGateway:TransitGateway"
TRANSIT_GATEWAY_ATTACHMENT: Final = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
TRANSIT_GATEWAY_PEERING: Final = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
TRANSIT_GATEWAY_ACCEPTER: Final = (
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
)
TRANSIT_GATEWAY_ROUTE: Final = "aws:ec2transitgateway/route:Route"
TRANSIT_GATEWAY_ASSOCIATION: Final = (
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
)
EIP_ASSOCIATION: Final = "aws:ec2/eipAssociation:EipAssociation"
CLOUD_WAN_ATTACHMENT: Final = "aws:networkmanager/vpcAttachment:VpcAttachment"
VPC_CIDR: Final = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
PEERING_ACCEPTER: Final = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
SECURITY_GROUP_ASSOCIATION: Final = (
    "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"
)
SECURITY_GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
NETWORK_ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_NETWORK_ACL: Final = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
NETWORK_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
PREFIX_LIST: Final = "aws:ec2/managedPrefixList:ManagedPrefixList"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
LOAD_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
CLASSIC_LOAD_BALANCER: Final = "aws:elb/loadBalancer:LoadBalancer"
LISTENER_RULE: Final = "aws:lb/listenerRule:ListenerRule"
LISTENER: Final = "aws:lb/listener:Listener"
LISTENER_CERTIFICATE: Final = "aws:lb/listenerCertificate:ListenerCertificate"
TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"
TARGET_GROUP_ATTACHMENT: Final = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
AUTO_SCALING_GROUP: Final = "aws:autoscaling/group:Group"
AUTO_SCALING_ATTACHMENT: Final = "aws:autoscaling/attachment:Attachment"
AUTO_SCALING_TRAFFIC_SOURCE: Final = (
    "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment"
)
CLUSTER: Final = "aws:rds/cluster:Cluster"
CLUSTER_INSTANCE: Final = "aws:rds/clusterInstance:ClusterInstance"
DB_INSTANCE: Final = "aws:rds/instance:Instance"
GLOBAL_CLUSTER: Final = "aws:rds/globalCluster:GlobalCluster"
DB_SUBNET_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
DB_PARAMETER_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"
DB_CLUSTER_PARAMETER_GROUP: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
DB_BACKUP_REPLICATION: Final = (
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
)
DOCDB_CLUSTER: Final = "aws:docdb/cluster:Cluster"
DOCDB_CLUSTER_INSTANCE: Final = "aws:docdb/clusterInstance:ClusterInstance"
DOCDB_GLOBAL_CLUSTER: Final = "aws:docdb/globalCluster:GlobalCluster"
DOCDB_SUBNET_GROUP: Final = "aws:docdb/subnetGroup:SubnetGroup"
NEPTUNE_CLUSTER: Final = "aws:neptune/cluster:Cluster"
NEPTUNE_CLUSTER_INSTANCE: Final = "aws:neptune/clusterInstance:ClusterInstance"
NEPTUNE_GLOBAL_CLUSTER: Final = "aws:neptune/globalCluster:GlobalCluster"
NEPTUNE_SUBNET_GROUP: Final = "aws:neptune/subnetGroup:SubnetGroup"
CACHE_SUBNET_GROUP: Final = "aws:elasticache/subnetGroup:SubnetGroup"
MEMORYDB_SUBNET_GROUP: Final = "aws:memorydb/subnetGroup:SubnetGroup"
REDSHIFT_SUBNET_GROUP: Final = "aws:redshift/subnetGroup:SubnetGroup"
HOSTED_ZONE: Final = "aws:route53/zone:Zone"
RECORD: Final = "aws:route53/record:Record"
RECORDS_EXCLUSIVE: Final = "aws:route53/recordsExclusive:RecordsExclusive"
HEALTH_CHECK: Final = "aws:route53/healthCheck:HealthCheck"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
ECS_SERVICE: Final = "aws:ecs/service:Service"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE_ATTACHMENTS: Final = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
IAM_POLICY: Final = "aws:iam/policy:Policy"
INSTANCE_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"
LAMBDA_PERMISSION: Final = "aws:lambda/permission:Permission"
SECRET_ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
ACCESS_POINT: Final = "aws:efs/accessPoint:AccessPoint"
ZONE_ASSOCIATION: Final = "aws:route53/zoneAssociation:ZoneAssociation"
QUERY_LOG: Final = "aws:route53/queryLog:QueryLog"
KEY_SIGNING_KEY: Final = "aws:route53/keySigningKey:KeySigningKey"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
WEB_ACL: Final = "aws:wafv2/webAcl:WebAcl"
ACCELERATOR: Final = "aws:globalaccelerator/accelerator:Accelerator"
ACCELERATOR_LISTENER: Final = "aws:globalaccelerator/listener:Listener"
ENDPOINT_GROUP: Final = "aws:globalaccelerator/endpointGroup:EndpointGroup"
CERTIFICATE: Final = "aws:acm/certificate:Certificate"
CERTIFICATE_VALIDATION: Final = "aws:acm/certificateValidation:CertificateValidation"
LAMBDA_FUNCTION: Final = "aws:lambda/function:Function"
SCALABLE_TARGET: Final = "aws:appautoscaling/target:Target"
TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
TABLE_REPLICA: Final = "aws:dynamodb/tableReplica:TableReplica"
FILE_SYSTEM: Final = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET: Final = "aws:efs/mountTarget:MountTarget"
KMS_KEY: Final = "aws:kms/key:Key"
KMS_REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
KMS_ALIAS: Final = "aws:kms/alias:Alias"
KMS_KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
BUCKET: Final = "aws:s3/bucket:Bucket"
BUCKET_ACL: Final = "aws:s3/bucketAcl:BucketAcl"
BUCKET_OBJECT_LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
BUCKET_OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
BUCKET_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
BUCKET_REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
BUCKET_VERSIONING: Final = "aws:s3/bucketVersioning:BucketVersioning"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
METRIC_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
TRAIL: Final = "aws:cloudtrail/trail:Trail"

_DEFAULT_VPC: Final = "aws:ec2/defaultVpc:DefaultVpc"
_DEFAULT_SUBNET: Final = "aws:ec2/defaultSubnet:DefaultSubnet"


class Term(NamedTuple):
    """How one type token says what its kind says.

    `names` gives the token's own name of a property where it differs; `derived` computes one that
    the token does not have, from the token's own properties. `identifiers` are the properties by
    whose value other resources name this one.
    """

    kind: str
    names: Mapping[str, str] = MappingProxyType({})
    derived: Mapping[str, tuple[str, Derive]] = MappingProxyType({})
    identifiers: tuple[str, ...] = ("id",)
    is_default: bool = False
    """One of the resources that every account comes with (default VPC, default subnets)."""


def _internal(scheme: Tree) -> Tree:
    """aws-native says `scheme`; AWS's default is internet-facing."""
    if scheme is UNKNOWN:
        return UNKNOWN
    return None if scheme is None else scheme == "internal"


def _block(name: str) -> Derive:
    """aws-native says in a property of its own (`weight`) what `aws` says in a block of one."""

    def derived(said: Tree) -> Tree:
        return said if said is UNKNOWN or said is None or said == "" else [{name: said}]

    return derived


def _blocks(names: Mapping[str, str]) -> Derive:
    """The same, of a block whose properties have other names."""

    def derived(said: Tree) -> Tree:
        if not isinstance(said, Mapping):
            return said
        return [{names.get(own, own): value for own, value in said.items()}]

    return derived


def _only(said: Tree) -> Tree:
    """aws-native takes a list, of which AWS takes one, where `aws` takes that one."""
    if isinstance(said, Sequence) and not isinstance(said, str):
        return said[0] if len(said) == 1 else UNKNOWN if said else None
    return said


def _primary(members: Tree) -> Tree:
    """aws-native says the role of each member where `aws` names the primary alone."""
    if not isinstance(members, Sequence) or isinstance(members, str):
        return members
    for each in members:
        if not isinstance(each, Mapping) or each.get("role") is UNKNOWN:
            return UNKNOWN
        if each.get("role") == "PRIMARY":
            return each.get("replicationGroupId")
    return None


def _enabled(said: Tree) -> Tree:
    """aws-native says a status where a bucket of `aws` says whether it is enabled."""
    if not isinstance(said, Mapping):
        return said
    status = said.get("status")
    return {"enabled": status if status is UNKNOWN or status is None else status == "Enabled"}


def _names_and_arn(*names: str) -> tuple[str, ...]:
    return ("id", *names, "arn")


_LOAD_BALANCER_NATIVE = Term(
    LOAD_BALANCER,
    names={"zoneId": "canonicalHostedZoneId", "loadBalancerType": "type", "arn": "loadBalancerArn"},
    derived={"internal": ("scheme", _internal)},
    identifiers=("id", "loadBalancerArn"),
)
_CLUSTER_NATIVE = Term(
    CLUSTER,
    names={
        "clusterIdentifier": "dbClusterIdentifier",
        "masterPassword": "masterUserPassword",
        "enabledCloudwatchLogsExports": "enableCloudwatchLogsExports",
        "serverlessv2ScalingConfiguration": "serverlessV2ScalingConfiguration",
        "arn": "dbClusterArn",
    },
    derived={
        "restoreToPointInTime": (
            "sourceDbClusterIdentifier",
            _block("sourceClusterIdentifier"),
        ),
    },
    identifiers=("id", "dbClusterIdentifier", "dbClusterArn"),
)

_NATIVE: Final[Mapping[str, Term]] = {
    "aws-native:ec2:Instance": Term(
        INSTANCE,
        names={
            "ami": "imageId",
            "vpcSecurityGroupIds": "securityGroupIds",
            "privateIp": "privateIpAddress",
        },
        identifiers=("id", "instanceId"),
    ),
    "aws-native:ec2:NetworkInterface": Term(
        NETWORK_INTERFACE, names={"securityGroups": "groupSet"}
    ),
    "aws-native:ec2:SecurityGroupIngress": Term(
        INGRESS_RULE,
        names={
            "securityGroupId": "groupId",
            "cidrIpv4": "cidrIp",
            "referencedSecurityGroupId": "sourceSecurityGroupId",
            "prefixListId": "sourcePrefixListId",
        },
    ),
    "aws-native:ec2:SecurityGroupEgress": Term(
        EGRESS_RULE,
        names={
            "securityGroupId": "groupId",
            "cidrIpv4": "cidrIp",
            "referencedSecurityGroupId": "destinationSecurityGroupId",
            "prefixListId": "destinationPrefixListId",
        },
    ),
    "aws-native:ec2:TransitGatewayRouteTable": Term(
        "aws:ec2transitgateway/routeTable:RouteTable",
        identifiers=("id", "transitGatewayRouteTableId"),
    ),
    "aws-native:ec2:TransitGatewayRoute": Term(TRANSIT_GATEWAY_ROUTE),
    "aws-native:apigateway:VpcLink": Term(
        "aws:apigateway/vpcLink:VpcLink", derived={"targetArn": ("targetArns", _only)}
    ),
    "aws-native:apigatewayv2:Api": Term("aws:apigatewayv2/api:Api", identifiers=("id", "apiId")),
    "aws-native:apigatewayv2:Integration": Term("aws:apigatewayv2/integration:Integration"),
    "aws-native:autoscaling:AutoScalingGroup": Term(
        AUTO_SCALING_GROUP,
        names={"name": "autoScalingGroupName", "vpcZoneIdentifiers": "vpcZoneIdentifier"},
    ),
    "aws-native:autoscaling:LifecycleHook": Term(
        "aws:autoscaling/lifecycleHook:LifecycleHook",
        names={"autoscalingGroupName": "autoScalingGroupName"},
    ),
    "aws-native:backup:BackupVault": Term(
        "aws:backup/vault:Vault",
        names={"name": "backupVaultName", "kmsKeyArn": "encryptionKeyArn"},
    ),
    "aws-native:cloudtrail:Trail": Term(
        TRAIL, names={"cloudWatchLogsGroupArn": "cloudWatchLogsLogGroupArn"}
    ),
    "aws-native:certificatemanager:Certificate": Term(CERTIFICATE),
    "aws-native:cloudwatch:Alarm": Term(METRIC_ALARM, names={"name": "alarmName"}),
    "aws-native:cloudwatch:CompositeAlarm": Term("aws:cloudwatch/compositeAlarm:CompositeAlarm"),
    "aws-native:dynamodb:Table": Term(
        "aws:dynamodb/table:Table", names={"name": "tableName"}, identifiers=("id", "arn")
    ),
    "aws-native:ecs:Cluster": Term(
        "aws:ecs/cluster:Cluster", names={"name": "clusterName"}, identifiers=("id", "arn")
    ),
    "aws-native:ecs:Service": Term(ECS_SERVICE),
    "aws-native:ecs:TaskDefinition": Term(TASK_DEFINITION, identifiers=("id", "taskDefinitionArn")),
    "aws-native:efs:AccessPoint": Term(
        "aws:efs/accessPoint:AccessPoint", identifiers=("id", "accessPointId", "arn")
    ),
    "aws-native:efs:FileSystem": Term(
        "aws:efs/fileSystem:FileSystem", identifiers=("id", "fileSystemId", "arn")
    ),
    "aws-native:efs:MountTarget": Term("aws:efs/mountTarget:MountTarget"),
    "aws-native:eks:Cluster": Term(
        "aws:eks/cluster:Cluster", names={"vpcConfig": "resourcesVpcConfig"}
    ),
    "aws-native:elasticache:GlobalReplicationGroup": Term(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        derived={"primaryReplicationGroupId": ("members", _primary)},
    ),
    "aws-native:elasticache:ReplicationGroup": Term(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        names={
            "nodeType": "cacheNodeType",
            "parameterGroupName": "cacheParameterGroupName",
            "subnetGroupName": "cacheSubnetGroupName",
        },
    ),
    "aws-native:elasticache:SubnetGroup": Term(
        CACHE_SUBNET_GROUP, names={"name": "cacheSubnetGroupName"}
    ),
    "aws-native:events:Archive": Term(
        "aws:cloudwatch/eventArchive:EventArchive", names={"eventSourceArn": "sourceArn"}
    ),
    "aws-native:events:EventBus": Term(
        "aws:cloudwatch/eventBus:EventBus", identifiers=("id", "arn")
    ),
    "aws-native:events:Rule": Term("aws:cloudwatch/eventRule:EventRule", identifiers=("id", "arn")),
    "aws-native:globalaccelerator:EndpointGroup": Term(ENDPOINT_GROUP),
    "aws-native:iam:Role": Term(
        "aws:iam/role:Role",
        names={"name": "roleName", "assumeRolePolicy": "assumeRolePolicyDocument"},
        identifiers=("id", "arn"),
    ),
    "aws-native:kinesis:Stream": Term("aws:kinesis/stream:Stream", identifiers=("id", "arn")),
    "aws-native:kms:Alias": Term(KMS_ALIAS, names={"name": "aliasName"}),
    "aws-native:kms:ReplicaKey": Term(KMS_REPLICA_KEY, identifiers=("id", "keyId", "arn")),
    "aws-native:lambda:Alias": Term("aws:lambda/alias:Alias"),
    "aws-native:lambda:EventInvokeConfig": Term(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    ),
    "aws-native:lambda:EventSourceMapping": Term(
        "aws:lambda/eventSourceMapping:EventSourceMapping"
    ),
    "aws-native:lambda:Function": Term(
        "aws:lambda/function:Function",
        names={"name": "functionName", "fileSystemConfig": "fileSystemConfigs"},
        identifiers=("id", "arn"),
    ),
    "aws-native:lambda:LayerVersion": Term(
        "aws:lambda/layerVersion:LayerVersion", identifiers=("id", "layerVersionArn")
    ),
    "aws-native:lambda:Permission": Term(LAMBDA_PERMISSION, names={"function": "functionName"}),
    "aws-native:lambda:Url": Term(
        "aws:lambda/functionUrl:FunctionUrl", names={"functionName": "targetFunctionArn"}
    ),
    "aws-native:logs:LogGroup": Term(
        LOG_GROUP, names={"name": "logGroupName"}, identifiers=("id", "logGroupName", "arn")
    ),
    "aws-native:rds:DbClusterParameterGroup": Term(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        names={"name": "dbClusterParameterGroupName"},
    ),
    "aws-native:s3:Bucket": Term(
        BUCKET,
        names={"bucket": "bucketName"},
        derived={"versioning": ("versioningConfiguration", _enabled)},
        identifiers=("id", "bucketName", "arn"),
    ),
    "aws-native:s3:BucketPolicy": Term(BUCKET_POLICY, names={"policy": "policyDocument"}),
    "aws-native:scheduler:Schedule": Term("aws:scheduler/schedule:Schedule"),
    "aws-native:secretsmanager:RotationSchedule": Term(
        "aws:secretsmanager/secretRotation:SecretRotation"
    ),
    "aws-native:secretsmanager:Secret": Term(
        "aws:secretsmanager/secret:Secret", names={"replicas": "replicaRegions"}
    ),
    "aws-native:sns:Subscription": Term(
        "aws:sns/topicSubscription:TopicSubscription", names={"topic": "topicArn"}
    ),
    "aws-native:sns:Topic": Term(
        "aws:sns/topic:Topic", names={"name": "topicName"}, identifiers=("id", "topicArn")
    ),
    "aws-native:sqs:Queue": Term(
        "aws:sqs/queue:Queue",
        names={"name": "queueName"},
        identifiers=("id", "queueUrl", "arn"),
    ),
    "aws-native:wafv2:IpSet": Term("aws:wafv2/ipSet:IpSet"),
    "aws-native:wafv2:LoggingConfiguration": Term(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    ),
    "aws-native:wafv2:RegexPatternSet": Term("aws:wafv2/regexPatternSet:RegexPatternSet"),
    "aws-native:wafv2:RuleGroup": Term("aws:wafv2/ruleGroup:RuleGroup"),
    "aws-native:wafv2:WebAcl": Term(WEB_ACL, identifiers=("id", "arn")),
    "aws-native:wafv2:WebAclAssociation": Term("aws:wafv2/webAclAssociation:WebAclAssociation"),
}
"""What `region-local-references` reads, and the policies of single services. Types whose references
are in other blocks than the `aws` provider's (launch templates, targets of EventBridge rules) are
not here."""

TERMS: Final[Mapping[str, Term]] = {
    # Names of a second family, and names that survive as aliases in old state.
    "aws:alb/loadBalancer:LoadBalancer": Term(LOAD_BALANCER, identifiers=("id", "arn")),
    "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": Term(
        LOAD_BALANCER, identifiers=("id", "arn")
    ),
    "aws:applicationloadbalancing/loadBalancer:LoadBalancer": Term(
        LOAD_BALANCER, identifiers=("id", "arn")
    ),
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer": Term(CLASSIC_LOAD_BALANCER),
    "aws:alb/listener:Listener": Term(LISTENER, identifiers=("id", "arn")),
    "aws:elasticloadbalancingv2/listener:Listener": Term(LISTENER, identifiers=("id", "arn")),
    "aws:applicationloadbalancing/listener:Listener": Term(LISTENER, identifiers=("id", "arn")),
    "aws:alb/listenerRule:ListenerRule": Term(LISTENER_RULE),
    "aws:elasticloadbalancingv2/listenerRule:ListenerRule": Term(LISTENER_RULE),
    "aws:applicationloadbalancing/listenerRule:ListenerRule": Term(LISTENER_RULE),
    "aws-native:elasticloadbalancingv2:ListenerRule": Term(LISTENER_RULE),
    **{
        f"aws:{family}/{kind}": Term(f"aws:lb/{kind}")
        for family in ("alb", "elasticloadbalancingv2", "applicationloadbalancing")
        for kind in (
            "listenerCertificate:ListenerCertificate",
            "targetGroupAttachment:TargetGroupAttachment",
        )
    },
    "aws:alb/targetGroup:TargetGroup": Term(TARGET_GROUP, identifiers=("id", "arn")),
    "aws:elasticloadbalancingv2/targetGroup:TargetGroup": Term(
        TARGET_GROUP, identifiers=("id", "arn")
    ),
    "aws:applicationloadbalancing/targetGroup:TargetGroup": Term(
        TARGET_GROUP, identifiers=("id", "arn")
    ),
    _DEFAULT_VPC: Term(VPC, identifiers=("id", "defaultSecurityGroupId"), is_default=True),
    VPC: Term(VPC, identifiers=("id", "defaultSecurityGroupId")),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Term(SECURITY_GROUP),
    _DEFAULT_SUBNET: Term(SUBNET, is_default=True),
    # What the `aws` provider names by more than an id.
    LOAD_BALANCER: Term(LOAD_BALANCER, identifiers=("id", "arn")),
    LISTENER: Term(LISTENER, identifiers=("id", "arn")),
    TARGET_GROUP: Term(TARGET_GROUP, identifiers=("id", "arn")),
    CLUSTER: Term(CLUSTER, identifiers=_names_and_arn("clusterIdentifier")),
    CLUSTER_INSTANCE: Term(CLUSTER_INSTANCE, identifiers=_names_and_arn("identifier")),
    GLOBAL_CLUSTER: Term(GLOBAL_CLUSTER, identifiers=_names_and_arn("globalClusterIdentifier")),
    DB_INSTANCE: Term(DB_INSTANCE, identifiers=_names_and_arn("identifier")),
    DOCDB_CLUSTER: Term(DOCDB_CLUSTER, identifiers=_names_and_arn("clusterIdentifier")),
    DOCDB_GLOBAL_CLUSTER: Term(
        DOCDB_GLOBAL_CLUSTER, identifiers=_names_and_arn("globalClusterIdentifier")
    ),
    NEPTUNE_CLUSTER: Term(NEPTUNE_CLUSTER, identifiers=_names_and_arn("clusterIdentifier")),
    NEPTUNE_GLOBAL_CLUSTER: Term(
        NEPTUNE_GLOBAL_CLUSTER, identifiers=_names_and_arn("globalClusterIdentifier")
    ),
    **{
        kind: Term(kind, identifiers=_names_and_arn("name"))
        for kind in (
            *(DB_SUBNET_GROUP, DOCDB_SUBNET_GROUP, NEPTUNE_SUBNET_GROUP, CACHE_SUBNET_GROUP),
            *(MEMORYDB_SUBNET_GROUP, REDSHIFT_SUBNET_GROUP, LAUNCH_TEMPLATE, EVENT_RULE, LOG_GROUP),
            *(DB_PARAMETER_GROUP, DB_CLUSTER_PARAMETER_GROUP, ROLE, INSTANCE_PROFILE),
        )
    },
    HOSTED_ZONE: Term(HOSTED_ZONE, identifiers=("id", "zoneId")),
    KMS_KEY: Term(KMS_KEY, identifiers=_names_and_arn("keyId")),
    EIP: Term(EIP, identifiers=("id", "allocationId")),
    KMS_REPLICA_KEY: Term(KMS_REPLICA_KEY, identifiers=_names_and_arn("keyId")),
    TASK_DEFINITION: Term(TASK_DEFINITION, identifiers=_names_and_arn("arnWithoutRevision")),
    IAM_POLICY: Term(IAM_POLICY, identifiers=("id", "arn")),
    "aws:dsql/cluster:Cluster": Term(
        "aws:dsql/cluster:Cluster", identifiers=_names_and_arn("identifier")
    ),
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": Term(
        "aws:memorydb/multiRegionCluster:MultiRegionCluster",
        identifiers=_names_and_arn("multiRegionClusterName"),
    ),
    BUCKET: Term(BUCKET, identifiers=_names_and_arn("bucket")),
    # What version 6 named with V2, and version 7 keeps as the old name.
    "aws:s3/bucketV2:BucketV2": Term(
        BUCKET,
        names={
            "logging": "loggings",
            "replicationConfiguration": "replicationConfigurations",
            "versioning": "versionings",
        },
        identifiers=_names_and_arn("bucket"),
    ),
    "aws:s3/bucketAclV2:BucketAclV2": Term(BUCKET_ACL),
    "aws:s3/bucketLoggingV2:BucketLoggingV2": Term("aws:s3/bucketLogging:BucketLogging"),
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": Term(
        BUCKET_OBJECT_LOCK
    ),
    "aws:s3/bucketVersioningV2:BucketVersioningV2": Term(BUCKET_VERSIONING),
    # aws-native.
    "aws-native:ec2:Vpc": Term(
        VPC,
        names={"defaultSecurityGroupId": "defaultSecurityGroup"},
        identifiers=("id", "vpcId", "defaultSecurityGroup"),
    ),
    "aws-native:ec2:Subnet": Term(SUBNET, identifiers=("id", "subnetId")),
    "aws-native:ec2:RouteTable": Term(ROUTE_TABLE, identifiers=("id", "routeTableId")),
    "aws-native:ec2:Route": Term(
        ROUTE,
        names={"egressOnlyGatewayId": "egressOnlyInternetGatewayId"},
    ),
    "aws-native:ec2:SubnetRouteTableAssociation": Term(ROUTE_TABLE_ASSOCIATION),
    "aws-native:ec2:InternetGateway": Term(
        INTERNET_GATEWAY, identifiers=("id", "internetGatewayId")
    ),
    "aws-native:ec2:VpcGatewayAttachment": Term(INTERNET_GATEWAY_ATTACHMENT),
    "aws-native:ec2:EgressOnlyInternetGateway": Term(
        EGRESS_ONLY_GATEWAY, identifiers=("id", "awsId")
    ),
    "aws-native:ec2:VpnGateway": Term(VPN_GATEWAY, identifiers=("id", "vpnGatewayId")),
    "aws-native:ec2:NatGateway": Term(NAT_GATEWAY, identifiers=("id", "natGatewayId")),
    "aws-native:ec2:Eip": Term(EIP, identifiers=("id", "allocationId")),
    "aws-native:ec2:VpcEndpoint": Term(VPC_ENDPOINT, identifiers=("id", "awsId")),
    "aws-native:ec2:TransitGateway": Term(TRANSIT_GATEWAY, identifiers=("id", "awsId")),
    "aws-native:ec2:TransitGatewayAttachment": Term(
        TRANSIT_GATEWAY_ATTACHMENT, identifiers=("id", "awsId")
    ),
    "aws-native:ec2:TransitGatewayVpcAttachment": Term(
        TRANSIT_GATEWAY_ATTACHMENT, identifiers=("id", "awsId")
    ),
    "aws-native:ec2:NetworkAcl": Term(NETWORK_ACL, identifiers=("id", "networkAclId")),
    "aws-native:ec2:NetworkAclEntry": Term(NETWORK_ACL_RULE),
    "aws-native:ec2:PrefixList": Term(PREFIX_LIST, identifiers=("id", "prefixListId")),
    "aws-native:networkmanager:VpcAttachment": Term(CLOUD_WAN_ATTACHMENT),
    "aws-native:ec2:VpcCidrBlock": Term(VPC_CIDR, identifiers=("id",)),
    "aws-native:ec2:VpcPeeringConnection": Term(PEERING, identifiers=("id", "awsId")),
    "aws-native:ec2:SecurityGroupVpcAssociation": Term(
        SECURITY_GROUP_ASSOCIATION, names={"securityGroupId": "groupId"}
    ),
    "aws-native:ec2:SecurityGroup": Term(SECURITY_GROUP, identifiers=("id", "groupId")),
    "aws-native:elasticloadbalancingv2:LoadBalancer": _LOAD_BALANCER_NATIVE,
    "aws-native:elasticloadbalancingv2:Listener": Term(
        LISTENER, names={"arn": "listenerArn"}, identifiers=("id", "listenerArn")
    ),
    "aws-native:elasticloadbalancingv2:TargetGroup": Term(
        TARGET_GROUP, names={"arn": "targetGroupArn"}, identifiers=("id", "targetGroupArn")
    ),
    "aws-native:rds:DbCluster": _CLUSTER_NATIVE,
    "aws-native:rds:GlobalCluster": Term(
        GLOBAL_CLUSTER, identifiers=("id", "globalClusterIdentifier")
    ),
    "aws-native:rds:DbInstance": Term(
        CLUSTER_INSTANCE,
        names={
            "clusterIdentifier": "dbClusterIdentifier",
            "identifier": "dbInstanceIdentifier",
            "instanceClass": "dbInstanceClass",
        },
        identifiers=("id", "dbInstanceIdentifier"),
    ),
    "aws-native:rds:DbSubnetGroup": Term(
        DB_SUBNET_GROUP,
        names={"name": "dbSubnetGroupName"},
        identifiers=("id", "dbSubnetGroupName"),
    ),
    "aws-native:docdb:DbSubnetGroup": Term(
        DOCDB_SUBNET_GROUP,
        names={"name": "dbSubnetGroupName"},
        identifiers=("id", "dbSubnetGroupName"),
    ),
    "aws-native:neptune:DbSubnetGroup": Term(
        NEPTUNE_SUBNET_GROUP,
        names={"name": "dbSubnetGroupName"},
        identifiers=("id", "dbSubnetGroupName"),
    ),
    "aws-native:route53:HostedZone": Term(HOSTED_ZONE, identifiers=("id", "awsId")),
    "aws-native:route53:HealthCheck": Term(HEALTH_CHECK, identifiers=("id", "healthCheckId")),
    "aws-native:route53:RecordSet": Term(
        RECORD,
        names={
            "zoneId": "hostedZoneId",
            "records": "resourceRecords",
            "multivalueAnswerRoutingPolicy": "multiValueAnswer",
            "geoproximityRoutingPolicy": "geoProximityLocation",
            "cidrRoutingPolicy": "cidrRoutingConfig",
        },
        derived={
            "aliases": ("aliasTarget", _blocks({"dnsName": "name", "hostedZoneId": "zoneId"})),
            "failoverRoutingPolicies": ("failover", _block("type")),
            "weightedRoutingPolicies": ("weight", _block("weight")),
            "latencyRoutingPolicies": ("region", _block("region")),
            "geolocationRoutingPolicies": (
                "geoLocation",
                _blocks(
                    {
                        "continentCode": "continent",
                        "countryCode": "country",
                        "subdivisionCode": "subdivision",
                    }
                ),
            ),
        },
    ),
    **_NATIVE,
    "aws-native:kms:Key": Term(
        KMS_KEY, names={"policy": "keyPolicy"}, identifiers=("id", "keyId", "arn")
    ),
}
"""Tokens that need more than "the kind is the token and others name it by its id"."""


@cache
def term_of(type_token: str) -> Term:
    """The vocabulary of a type token; a token that is not listed stands for itself."""
    return TERMS.get(type_token) or Term(type_token)


_WORDS: Final = r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+"
_LABELS: Final = {
    VPC: "VPC",
    EIP: "Elastic IP",
    NAT_GATEWAY: "NAT gateway",
    VPC_ENDPOINT: "VPC endpoint",
    VPC_ENDPOINT_TABLE: "VPC endpoint route table association",
    VPC_ENDPOINT_SUBNET: "VPC endpoint subnet association",
    VPC_CIDR: "range of a VPC",
    NETWORK_ACL: "network ACL",
    NETWORK_ACL_RULE: "network ACL rule",
    PEERING: "VPC peering",
    PEERING_ACCEPTER: "VPC peering accepter",
    DB_SUBNET_GROUP: "DB subnet group",
    KMS_KEY: "KMS key",
    HOSTED_ZONE: "hosted zone",
    VPN_GATEWAY: "VPN gateway",
    CLUSTER_INSTANCE: "cluster instance",
    DB_INSTANCE: "DB instance",
    DB_PARAMETER_GROUP: "DB parameter group",
    DB_CLUSTER_PARAMETER_GROUP: "DB cluster parameter group",
    DB_BACKUP_REPLICATION: "replication of automated backups",
    DOCDB_CLUSTER: "DocumentDB cluster",
    DOCDB_CLUSTER_INSTANCE: "DocumentDB instance",
    DOCDB_SUBNET_GROUP: "DocumentDB subnet group",
    NEPTUNE_CLUSTER: "Neptune cluster",
    NEPTUNE_CLUSTER_INSTANCE: "Neptune instance",
    NEPTUNE_SUBNET_GROUP: "Neptune subnet group",
    BUCKET_ACL: "bucket ACL",
    BUCKET_OBJECT_LOCK: "object lock configuration",
    BUCKET_OWNERSHIP: "ownership controls",
    BUCKET_REPLICATION: "replication configuration",
    KEY_SIGNING_KEY: "key-signing key",
    WEB_ACL: "web ACL",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "web ACL association",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": "logging of a web ACL",
}


def label(kind: str) -> str:
    """A kind in a reader's words: `aws:ec2/routeTable:RouteTable` is "route table"."""
    return _LABELS.get(kind) or " ".join(re.findall(_WORDS, kind.rpartition(":")[2])).lower()


REFERENCES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (SUBNET, "vpcId"): (VPC,),
    (ROUTE_TABLE, "vpcId"): (VPC,),
    (DEFAULT_ROUTE_TABLE, "defaultRouteTableId"): (VPC,),
    (ROUTE, "routeTableId"): (ROUTE_TABLE, DEFAULT_ROUTE_TABLE, VPC),
    (ROUTE, "gatewayId"): (INTERNET_GATEWAY, VPN_GATEWAY),
    (ROUTE, "natGatewayId"): (NAT_GATEWAY,),
    (ROUTE, "networkInterfaceId"): (NETWORK_INTERFACE,),
    (ROUTE, "vpcPeeringConnectionId"): (PEERING,),
    (ROUTE_TABLE_ASSOCIATION, "subnetId"): (SUBNET,),
    (ROUTE_TABLE_ASSOCIATION, "routeTableId"): (ROUTE_TABLE, DEFAULT_ROUTE_TABLE, VPC),
    (MAIN_ROUTE_TABLE_ASSOCIATION, "vpcId"): (VPC,),
    (MAIN_ROUTE_TABLE_ASSOCIATION, "routeTableId"): (ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
    (INTERNET_GATEWAY, "vpcId"): (VPC,),
    (INTERNET_GATEWAY_ATTACHMENT, "vpcId"): (VPC,),
    (INTERNET_GATEWAY_ATTACHMENT, "internetGatewayId"): (INTERNET_GATEWAY,),
    (VPN_GATEWAY, "vpcId"): (VPC,),
    (VPN_GATEWAY_ATTACHMENT, "vpcId"): (VPC,),
    (VPN_GATEWAY_ATTACHMENT, "vpnGatewayId"): (VPN_GATEWAY,),
    (NAT_GATEWAY, "subnetId"): (SUBNET,),
    (NAT_GATEWAY, "vpcId"): (VPC,),
    (NAT_GATEWAY, "allocationId"): (EIP,),
    (EIP_ASSOCIATION, "allocationId"): (EIP,),
    (VPC_CIDR, "vpcId"): (VPC,),
    (VPC_ENDPOINT, "vpcId"): (VPC,),
    (VPC_ENDPOINT, "subnetIds"): (SUBNET,),
    (VPC_ENDPOINT_TABLE, "vpcEndpointId"): (VPC_ENDPOINT,),
    (VPC_ENDPOINT_SUBNET, "vpcEndpointId"): (VPC_ENDPOINT,),
    (VPC_ENDPOINT_SUBNET, "subnetId"): (SUBNET,),
    (PEERING, "vpcId"): (VPC,),
    (PEERING, "peerVpcId"): (VPC,),
    (PEERING_ACCEPTER, "vpcPeeringConnectionId"): (PEERING,),
    (SECURITY_GROUP, "vpcId"): (VPC,),
    (SECURITY_GROUP_ASSOCIATION, "securityGroupId"): (SECURITY_GROUP,),
    (SECURITY_GROUP_ASSOCIATION, "vpcId"): (VPC,),
    (SECURITY_GROUP_RULE, "securityGroupId"): (SECURITY_GROUP, VPC),
    (SECURITY_GROUP_RULE, "sourceSecurityGroupId"): (SECURITY_GROUP, VPC),
    (INGRESS_RULE, "securityGroupId"): (SECURITY_GROUP, VPC),
    (INGRESS_RULE, "referencedSecurityGroupId"): (SECURITY_GROUP, VPC),
    (EGRESS_RULE, "securityGroupId"): (SECURITY_GROUP, VPC),
    (EGRESS_RULE, "referencedSecurityGroupId"): (SECURITY_GROUP, VPC),
    (DEFAULT_NETWORK_ACL, "defaultNetworkAclId"): (VPC,),
    (NETWORK_ACL_RULE, "networkAclId"): (NETWORK_ACL, DEFAULT_NETWORK_ACL, VPC),
    (TRANSIT_GATEWAY_PEERING, "peerTransitGatewayId"): (TRANSIT_GATEWAY,),
    (TRANSIT_GATEWAY_ACCEPTER, "transitGatewayAttachmentId"): (TRANSIT_GATEWAY_PEERING,),
    (TRANSIT_GATEWAY_ATTACHMENT, "vpcId"): (VPC,),
    (TRANSIT_GATEWAY_ATTACHMENT, "subnetIds"): (SUBNET,),
    (TRANSIT_GATEWAY_ATTACHMENT, "transitGatewayId"): (TRANSIT_GATEWAY,),
    (LOAD_BALANCER, "subnets"): (SUBNET,),
    (LOAD_BALANCER, "securityGroups"): (SECURITY_GROUP, VPC),
    (LISTENER, "loadBalancerArn"): (LOAD_BALANCER,),
    (LISTENER_RULE, "listenerArn"): (LISTENER,),
    (TARGET_GROUP, "vpcId"): (VPC,),
    (CLUSTER, "globalClusterIdentifier"): (GLOBAL_CLUSTER,),
    (CLUSTER, "dbSubnetGroupName"): (DB_SUBNET_GROUP,),
    (CLUSTER, "vpcSecurityGroupIds"): (SECURITY_GROUP, VPC),
    (CLUSTER, "kmsKeyId"): (KMS_KEY,),
    (CLUSTER_INSTANCE, "clusterIdentifier"): (CLUSTER,),
    (GLOBAL_CLUSTER, "sourceDbClusterIdentifier"): (CLUSTER,),
    (DOCDB_CLUSTER, "globalClusterIdentifier"): (DOCDB_GLOBAL_CLUSTER,),
    (DOCDB_CLUSTER, "dbSubnetGroupName"): (DOCDB_SUBNET_GROUP,),
    (DOCDB_CLUSTER, "vpcSecurityGroupIds"): (SECURITY_GROUP, VPC),
    (DOCDB_CLUSTER_INSTANCE, "clusterIdentifier"): (DOCDB_CLUSTER,),
    (NEPTUNE_CLUSTER, "globalClusterIdentifier"): (NEPTUNE_GLOBAL_CLUSTER,),
    (NEPTUNE_CLUSTER_INSTANCE, "clusterIdentifier"): (NEPTUNE_CLUSTER,),
    (CLUSTER, "dbClusterParameterGroupName"): (DB_CLUSTER_PARAMETER_GROUP,),
    (CLUSTER_INSTANCE, "dbParameterGroupName"): (DB_PARAMETER_GROUP,),
    (DB_INSTANCE, "replicateSourceDb"): (DB_INSTANCE, CLUSTER),
    (DB_INSTANCE, "dbSubnetGroupName"): (DB_SUBNET_GROUP,),
    (DB_INSTANCE, "vpcSecurityGroupIds"): (SECURITY_GROUP, VPC),
    (DB_INSTANCE, "parameterGroupName"): (DB_PARAMETER_GROUP,),
    (DB_BACKUP_REPLICATION, "sourceDbInstanceArn"): (DB_INSTANCE,),
    (DB_SUBNET_GROUP, "subnetIds"): (SUBNET,),
    (DOCDB_SUBNET_GROUP, "subnetIds"): (SUBNET,),
    (NEPTUNE_SUBNET_GROUP, "subnetIds"): (SUBNET,),
    (INSTANCE, "subnetId"): (SUBNET,),
    (INSTANCE, "vpcSecurityGroupIds"): (SECURITY_GROUP, VPC),
    (NETWORK_INTERFACE, "subnetId"): (SUBNET,),
    (NETWORK_INTERFACE, "securityGroups"): (SECURITY_GROUP, VPC),
    (ACCESS_POINT, "fileSystemId"): (FILE_SYSTEM,),
    (LAMBDA_PERMISSION, "function"): (LAMBDA_FUNCTION,),
    (LAMBDA_FUNCTION, "role"): (ROLE,),
    (EVENT_TARGET, "arn"): (LAMBDA_FUNCTION, STATE_MACHINE),
    (EVENT_TARGET, "rule"): (EVENT_RULE,),
    (TOPIC_SUBSCRIPTION, "endpoint"): (LAMBDA_FUNCTION,),
    (TOPIC_SUBSCRIPTION, "topic"): (TOPIC,),
    (STATE_MACHINE, "roleArn"): (ROLE,),
    (TASK_DEFINITION, "taskRoleArn"): (ROLE,),
    (INSTANCE, "iamInstanceProfile"): (INSTANCE_PROFILE,),
    (INSTANCE_PROFILE, "role"): (ROLE,),
    (ROLE_POLICY, "role"): (ROLE,),
    (ROLE_POLICY_ATTACHMENT, "role"): (ROLE,),
    (ROLE_POLICY_ATTACHMENT, "policyArn"): (IAM_POLICY,),
    (ROLE_ATTACHMENTS, "roleName"): (ROLE,),
    (SECRET_ROTATION, "rotationLambdaArn"): (LAMBDA_FUNCTION,),
    (MOUNT_TARGET, "fileSystemId"): (FILE_SYSTEM,),
    (MOUNT_TARGET, "subnetId"): (SUBNET,),
    ("aws:apigateway/stage:Stage", "restApi"): ("aws:apigateway/restApi:RestApi",),
    ("aws:apigateway/deployment:Deployment", "restApi"): ("aws:apigateway/restApi:RestApi",),
    ("aws:apigateway/method:Method", "restApi"): ("aws:apigateway/restApi:RestApi",),
    (RECORD, "zoneId"): (HOSTED_ZONE,),
    (RECORD, "healthCheckId"): (HEALTH_CHECK,),
    (RECORDS_EXCLUSIVE, "zoneId"): (HOSTED_ZONE,),
    (CERTIFICATE_VALIDATION, "certificateArn"): (CERTIFICATE,),
    (ZONE_ASSOCIATION, "zoneId"): (HOSTED_ZONE,),
    (ZONE_ASSOCIATION, "vpcId"): (VPC,),
    (QUERY_LOG, "zoneId"): (HOSTED_ZONE,),
    (KEY_SIGNING_KEY, "hostedZoneId"): (HOSTED_ZONE,),
    (KEY_SIGNING_KEY, "keyManagementServiceArn"): (KMS_KEY, KMS_REPLICA_KEY),
    (BUCKET_ACL, "bucket"): (BUCKET,),
    (BUCKET_OBJECT_LOCK, "bucket"): (BUCKET,),
    (BUCKET_OWNERSHIP, "bucket"): (BUCKET,),
    (BUCKET_POLICY, "bucket"): (BUCKET,),
    (BUCKET_REPLICATION, "bucket"): (BUCKET,),
    (BUCKET_VERSIONING, "bucket"): (BUCKET,),
    (KMS_KEY_POLICY, "keyId"): (KMS_KEY, KMS_REPLICA_KEY),
    (LOG_GROUP, "kmsKeyId"): (KMS_KEY, KMS_REPLICA_KEY),
    (TRAIL, "s3BucketName"): (BUCKET,),
    (TRANSIT_GATEWAY_ROUTE, "transitGatewayAttachmentId"): (
        TRANSIT_GATEWAY_ATTACHMENT,
        TRANSIT_GATEWAY_PEERING,
    ),
    (TRANSIT_GATEWAY_ASSOCIATION, "transitGatewayAttachmentId"): (
        TRANSIT_GATEWAY_ATTACHMENT,
        TRANSIT_GATEWAY_PEERING,
    ),
}
"""Which kinds a property may name. A value that was read off another resource (`subnet.vpc_id`)
carries that resource as its dependency: these edges lead on to what it names. A VPC stands for its
default security group."""
