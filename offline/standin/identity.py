"""Ids, ARNs and zone names as AWS gives them.

Everything follows from what a resource is and where, so that two runs of one program agree.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT = "111122223333"
"""Not 123456789012, which policies take for what was copied from an example."""

# Where the program gives no region at all, real previews fail for other reasons first.
FALLBACK_REGION = "us-east-1"

ZONE_LETTERS = "abc"


def digest(text: str, length: int = 17) -> str:
    """Return `length` hex digits (at most 64) that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def kind_of(token: str) -> str:
    """Return `module:Class` of a type token: `ec2:Vpc` for aws:ec2/vpc:Vpc and aws-native:ec2:Vpc.

    The SDK has the load balancers under two names, `lb` and `alb`; both give `lb`.
    """
    parts = token.split(":")
    module = parts[1].split("/")[0]
    return f"{'lb' if module in ('alb', 'elasticloadbalancingv2') else module}:{parts[-1]}"


def zones(region: str) -> list[str]:
    """Return the names of a region's three stand-in zones."""
    return [region + letter for letter in ZONE_LETTERS]


def zone_id(zone: str) -> str:
    """Return the id of a zone, like use1-az1 for us-east-1a."""
    match = re.fullmatch(r"([a-z]+)-(?:gov-)?([a-z]+)-(\d)([a-z])", zone)
    if match is None:
        return f"{zone}-az1"
    area, side, number, letter = match.groups()
    short = {"central": "c", "northeast": "ne", "southeast": "se", "northwest": "nw"}
    direction = short.get(side) or ("sw" if side == "southwest" else side[0])
    return f"{area}{direction}{number}-az{string.ascii_lowercase.index(letter) + 1}"


# Ids.

# The first part of ids that EC2 and its relatives assign.
_PREFIXES = {
    "ec2:Vpc": "vpc",
    "ec2:Subnet": "subnet",
    "ec2:InternetGateway": "igw",
    "ec2:EgressOnlyInternetGateway": "eigw",
    "ec2:CarrierGateway": "cagw",
    "ec2:RouteTable": "rtb",
    "ec2:RouteTableAssociation": "rtbassoc",
    "ec2:SubnetRouteTableAssociation": "rtbassoc",
    "ec2:MainRouteTableAssociation": "rtbassoc",
    "ec2:NatGateway": "nat",
    "ec2:Eip": "eipalloc",
    "ec2:EipAssociation": "eipassoc",
    "ec2:SecurityGroup": "sg",
    "ec2:SecurityGroupRule": "sgrule",
    "vpc:SecurityGroupIngressRule": "sgr",
    "vpc:SecurityGroupEgressRule": "sgr",
    "ec2:NetworkAcl": "acl",
    "ec2:NetworkInterface": "eni",
    "ec2:Instance": "i",
    "ec2:LaunchTemplate": "lt",
    "ec2:VpcPeeringConnection": "pcx",
    "ec2:VpcEndpoint": "vpce",
    "ec2:VpnGateway": "vgw",
    "ec2:VpnConnection": "vpn",
    "ec2:CustomerGateway": "cgw",
    "ec2:VpcDhcpOptions": "dopt",
    "ec2:VpcIpv4CidrBlockAssociation": "vpc-cidr-assoc",
    "ec2:VpcIpv6CidrBlockAssociation": "vpc-cidr-assoc",
    "ec2:VpcCidrBlock": "vpc-cidr-assoc",
    "ec2:FlowLog": "fl",
    "ec2:ManagedPrefixList": "pl",
    "ec2:TransitGateway": "tgw",
    "ec2:TransitGatewayAttachment": "tgw-attach",
    "ec2transitgateway:TransitGateway": "tgw",
    "ec2transitgateway:VpcAttachment": "tgw-attach",
    "ec2transitgateway:PeeringAttachment": "tgw-attach",
    "ec2transitgateway:RouteTable": "tgw-rtb",
    "ebs:Volume": "vol",
    "ebs:Snapshot": "snap",
    "efs:FileSystem": "fs",
    "efs:MountTarget": "fsmt",
    "efs:AccessPoint": "fsap",
}

# Resources whose id is one of their own inputs or outputs.
_ID_IS = {
    "ec2:DefaultRouteTable": "defaultRouteTableId",
    "ec2:DefaultNetworkAcl": "defaultNetworkAclId",
    "ec2:VpcPeeringConnectionAccepter": "vpcPeeringConnectionId",
    "ec2:PeeringConnectionOptions": "vpcPeeringConnectionId",
    "ec2:KeyPair": "keyName",
    "rds:Cluster": "clusterIdentifier",
    "rds:ClusterInstance": "identifier",
    "rds:GlobalCluster": "globalClusterIdentifier",
    "rds:DbCluster": "dbClusterIdentifier",
    "rds:DbInstance": "dbInstanceIdentifier",
    "rds:DbSubnetGroup": "dbSubnetGroupName",
    "docdb:Cluster": "clusterIdentifier",
    "docdb:GlobalCluster": "globalClusterIdentifier",
    "neptune:Cluster": "clusterIdentifier",
    "elasticache:Cluster": "clusterId",
    "elasticache:ReplicationGroup": "replicationGroupId",
    "ecs:TaskDefinition": "family",
    "eks:Cluster": "name",
    "s3:Bucket": "bucket",
    "s3:BucketV2": "bucket",
}

# Resources that the provider identifies by their ARN.
_ID_IS_ARN = {
    "lb:LoadBalancer",
    "lb:TargetGroup",
    "lb:Listener",
    "lb:ListenerRule",
    "acm:Certificate",
    "ecs:Cluster",
    "ecs:Service",
    "iam:Policy",
    "iam:OpenIdConnectProvider",
    "secretsmanager:Secret",
    "sfn:StateMachine",
    "sns:Topic",
}

_UUID_IDS = {"kms:Key", "route53:HealthCheck", "wafv2:WebAcl"}


@dataclass(frozen=True)
class Newcomer:
    """A resource that is about to get an id. inputs: checked, secrets opened, all known. seed: what
    makes it unique in the stack. token: its type, where the two providers differ."""

    token: str
    name: str
    inputs: Mapping[str, Any]
    region: str
    seed: str

    @property
    def kind(self) -> str:
        """Module and class."""
        return kind_of(self.token)


def _route_id(it: Newcomer) -> str:
    table = it.inputs.get("routeTableId")
    if it.token.startswith("aws-native:"):
        return f"{table}|{it.inputs.get('destinationCidrBlock', '')}"
    return f"r-{table}{decimal(it.seed, 10)}"


def _attachment_id(it: Newcomer) -> str:
    gateway = "IGW" if it.inputs.get("internetGatewayId") else "VGW"
    return f"{gateway}|{it.inputs.get('vpcId')}"


def _record_id(it: Newcomer) -> str:
    parts = ("zoneId", "name", "type", "setIdentifier")
    return "_".join(str(it.inputs[part]) for part in parts if it.inputs.get(part))


def _arn_id(it: Newcomer) -> str:
    name = _identity(it.inputs, it.name)
    return new_arn(it.kind, name, it.inputs, region=it.region, seed=it.seed)


def _hosted_zone_id(it: Newcomer) -> str:
    return f"Z{digest(it.seed, 20).upper()}"


def _uuid_id(it: Newcomer) -> str:
    return uuid(it.seed)


# Ids that neither a prefix nor a property gives.
_IDS: dict[str, Callable[[Newcomer], str]] = {
    **dict.fromkeys(_ID_IS_ARN, _arn_id),
    **dict.fromkeys(_UUID_IDS, _uuid_id),
    "ec2:DefaultVpc": lambda it: default_vpc(it.region),
    "ec2:DefaultSubnet": lambda it: default_subnet(str(it.inputs.get("availabilityZone"))),
    # Adopted, not made: the one that came with its VPC.
    "ec2:DefaultSecurityGroup": lambda it: default_group(
        str(it.inputs.get("vpcId") or default_vpc(it.region))
    ),
    "ec2:InternetGatewayAttachment": lambda it: (
        f"{it.inputs.get('internetGatewayId')}:{it.inputs.get('vpcId')}"
    ),
    "ec2:VpcGatewayAttachment": _attachment_id,
    "ec2:Route": _route_id,
    "route53:Zone": _hosted_zone_id,
    "route53:HostedZone": _hosted_zone_id,
    "route53:Record": _record_id,
    "sqs:Queue": lambda it: (
        f"https://sqs.{it.region}.amazonaws.com/{ACCOUNT}/{_identity(it.inputs, it.name)}"
    ),
}


def new_id(it: Newcomer) -> str:
    """Return the id that AWS would give a new resource."""
    kind = it.kind
    if kind in _ID_IS:
        given = it.inputs.get(_ID_IS[kind])
        return str(given) if given else f"tf-{decimal(it.seed, 26)}"
    if kind in _IDS:
        return _IDS[kind](it)
    if kind in _PREFIXES:
        return f"{_PREFIXES[kind]}-{digest(it.seed, 17)}"
    return _identity(it.inputs, f"{it.name}-{digest(it.seed, 7)}")


def id_property(kind: str) -> str:
    """Return the input that holds a resource's id, or an empty string if none does."""
    return _ID_IS.get(kind, "")


def _identity(inputs: Mapping[str, Any], otherwise: str) -> str:
    """Return the name that AWS knows a resource by, if its inputs hold one."""
    value = inputs.get("name")
    return value if isinstance(value, str) and value else otherwise


def default_vpc(region: str) -> str:
    """Return the id of a region's default VPC, which exists before any program runs."""
    return f"vpc-{digest(f'default/{region}')}"


def default_subnet(zone: str) -> str:
    """Return the id of the subnet that the default VPC has in a zone."""
    return f"subnet-{digest(f'default/{zone}')}"


def default_group(vpc: str) -> str:
    """Return the id of the security group that a VPC comes with."""
    return f"sg-{digest(f'{vpc}/group')}"


def uuid(seed: str) -> str:
    """Return a UUID that stands for a text."""
    hexes = digest(seed, 32)
    return "-".join((hexes[:8], hexes[8:12], hexes[12:16], hexes[16:20], hexes[20:]))


def decimal(seed: str, length: int) -> str:
    return str(int(digest(seed, 64), 16))[:length]


# ARNs.

SERVICES = {
    "lb": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "vpc": "ec2",
    "ebs": "ec2",
    "ec2transitgateway": "ec2",
    "efs": "elasticfilesystem",
    "sfn": "states",
}

_ARN_RESOURCES = {
    "rds:Cluster": "cluster:{id}",
    "rds:DbCluster": "cluster:{id}",
    "rds:ClusterInstance": "db:{id}",
    "rds:DbInstance": "db:{id}",
    "rds:Instance": "db:{identifier}",
    "rds:GlobalCluster": "global-cluster:{id}",
    "rds:SubnetGroup": "subgrp:{id}",
    "lb:LoadBalancer": "loadbalancer/{lb}/{id}/{hash}",
    "lb:TargetGroup": "targetgroup/{id}/{hash}",
    "secretsmanager:Secret": "secret:{id}-{hash}",
    "lambda:Function": "function:{id}",
    "cloudwatch:MetricAlarm": "alarm:{id}",
    "cloudwatch:LogGroup": "log-group:{id}",
    "dynamodb:Table": "table/{id}",
    "route53:Zone": "hostedzone/{id}",
    "route53:HealthCheck": "healthcheck/{id}",
    "sns:Topic": "{id}",
    "sqs:Queue": "{id}",
    "s3:Bucket": "{id}",
    "s3:BucketV2": "{id}",
}
_NO_REGION = {"iam", "route53", "s3", "cloudfront"}
_NO_ACCOUNT = {"route53", "s3"}


def new_arn(kind: str, identity: str, inputs: Mapping[str, Any], *, region: str, seed: str) -> str:
    """Return the ARN of a resource. `identity` is its id, or its name where the ARN is the id."""
    module, class_name = kind.split(":")
    service = "logs" if kind == "cloudwatch:LogGroup" else SERVICES.get(module, module)
    if kind in ("lb:Listener", "lb:ListenerRule"):
        parent = str(inputs.get("loadBalancerArn") or inputs.get("listenerArn") or identity)
        label = "listener-rule" if kind == "lb:ListenerRule" else "listener"
        tail = parent.split("/", 1)[-1]
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{label}/{tail}/{digest(seed, 16)}"
    short = {"network": "net", "gateway": "gwy"}
    kind_of_lb = str(inputs.get("loadBalancerType") or inputs.get("type") or "application")
    resource = _ARN_RESOURCES.get(kind, f"{kebab(class_name)}/{{id}}").format(
        id=identity.rsplit("/", 1)[-1] if kind == "sqs:Queue" else identity,
        identifier=inputs.get("identifier", identity),
        lb=short.get(kind_of_lb, "app"),
        hash=digest(seed, 16),
    )
    no_region = service in _NO_REGION or kind == "rds:GlobalCluster"
    account = "" if service in _NO_ACCOUNT else ACCOUNT
    return f"arn:aws:{service}:{'' if no_region else region}:{account}:{resource}"


def kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()
