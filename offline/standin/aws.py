"""What AWS would answer: ids, ARNs and computed values after a deployment.

Most values come from a property's name and type. The tables hold what neither the name nor the
SDK's classes can say, for the resources of disaster-recovery stacks. Everything is a pure function
of a resource's id, inputs and neighbours, so that two runs of one program give one answer.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.standin.schema import Property, Resource, Type
from offline.standin.world import World

ACCOUNT = "123456789012"

# Where the program gives no region at all, real previews fail for other reasons first.
FALLBACK_REGION = "us-east-1"

ZONE_LETTERS = "abc"


@dataclass(frozen=True)
class Instance:
    """One resource as a computed value may depend on it.

    kind: module and class, like `ec2:Vpc`, the same for both providers. name: its name in the
    program. inputs: checked inputs, secrets opened, all known. world: what exists beside it.
    """

    kind: str
    id: str
    name: str
    inputs: Mapping[str, Any]
    region: str
    world: World
    outputs: Mapping[str, Any] = field(default_factory=dict)

    def hash(self, salt: str = "", length: int = 17) -> str:
        """Return lower-case hex digits that belong to this resource and `salt`."""
        return digest(f"{self.id}/{salt}", length)

    def given(self, name: str) -> Any:
        """Return an input, or None when it is absent or empty."""
        return self.inputs.get(name) or None


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
    "ec2:DefaultVpc": "vpc",
    "ec2:Subnet": "subnet",
    "ec2:DefaultSubnet": "subnet",
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
    "ec2:DefaultSecurityGroup": "sg",
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


def new_id(
    resource: Resource, inputs: Mapping[str, Any], *, name: str, region: str, seed: str
) -> str:
    """Return the id that AWS would give a new resource. `seed` makes it unique in the stack."""
    kind = kind_of(resource.token)
    if kind in _ID_IS:
        given = inputs.get(_ID_IS[kind])
        return str(given) if given else f"tf-{_decimal(seed, 26)}"
    if kind == "ec2:InternetGatewayAttachment":
        return f"{inputs.get('internetGatewayId')}:{inputs.get('vpcId')}"
    if kind == "ec2:VpcGatewayAttachment":
        gateway = "IGW" if inputs.get("internetGatewayId") else "VGW"
        return f"{gateway}|{inputs.get('vpcId')}"
    if kind == "ec2:Route":
        table = inputs.get("routeTableId")
        if "destinationCidrBlock" in resource.inputs and "aws-native" in resource.token:
            return f"{table}|{inputs.get('destinationCidrBlock', '')}"
        return f"r-{table}{_decimal(seed, 10)}"
    if kind in ("route53:Zone", "route53:HostedZone"):
        return f"Z{digest(seed, 20).upper()}"
    if kind == "route53:Record":
        parts = ("zoneId", "name", "type", "setIdentifier")
        return "_".join(str(inputs[part]) for part in parts if inputs.get(part))
    if kind in _UUID_IDS:
        return uuid(seed)
    if kind in _ID_IS_ARN:
        return new_arn(kind, _identity(inputs, name), inputs, region=region, seed=seed)
    if kind in _PREFIXES:
        return f"{_PREFIXES[kind]}-{digest(seed, 17)}"
    if kind == "sqs:Queue":
        return f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{_identity(inputs, name)}"
    return _identity(inputs, f"{name}-{digest(seed, 7)}")


def id_property(kind: str) -> str:
    """Return the input that holds a resource's id, or an empty string if none does."""
    return _ID_IS.get(kind, "")


def _identity(inputs: Mapping[str, Any], otherwise: str) -> str:
    """Return the name that AWS knows a resource by, if its inputs hold one."""
    value = inputs.get("name")
    return value if isinstance(value, str) and value else otherwise


def uuid(seed: str) -> str:
    """Return a UUID that stands for a text."""
    hexes = digest(seed, 32)
    return "-".join((hexes[:8], hexes[8:12], hexes[12:16], hexes[16:20], hexes[20:]))


def _decimal(seed: str, length: int) -> str:
    return str(int(digest(seed, 64), 16))[:length]


# ARNs.

_SERVICES = {
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
    service = "logs" if kind == "cloudwatch:LogGroup" else _SERVICES.get(module, module)
    if kind in ("lb:Listener", "lb:ListenerRule"):
        parent = str(inputs.get("loadBalancerArn") or inputs.get("listenerArn") or identity)
        label = "listener-rule" if kind == "lb:ListenerRule" else "listener"
        tail = parent.split("/", 1)[-1]
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{label}/{tail}/{digest(seed, 16)}"
    short = {"network": "net", "gateway": "gwy"}
    kind_of_lb = str(inputs.get("loadBalancerType") or inputs.get("type") or "application")
    resource = _ARN_RESOURCES.get(kind, f"{_kebab(class_name)}/{{id}}").format(
        id=identity.rsplit("/", 1)[-1] if kind == "sqs:Queue" else identity,
        identifier=inputs.get("identifier", identity),
        lb=short.get(kind_of_lb, "app"),
        hash=digest(seed, 16),
    )
    no_region = service in _NO_REGION or kind == "rds:GlobalCluster"
    account = "" if service in _NO_ACCOUNT else ACCOUNT
    return f"arn:aws:{service}:{'' if no_region else region}:{account}:{resource}"


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()


# Computed values.

Compute = Callable[[Instance], Any]


def _private_ip(it: Instance) -> str:
    return f"10.0.{int(it.hash('ip', 2), 16)}.{int(it.hash('host', 2), 16)}"


def _public_ip(it: Instance) -> str:
    # 198.18.0.0/15 is reserved for tests, so it is nobody's address.
    return f"198.18.{int(it.hash('ip', 2), 16)}.{int(it.hash('host', 2), 16)}"


def _subnet_ids(it: Instance) -> list[str]:
    mappings = it.given("subnetMappings") or []
    subnets = it.given("subnets") or [item.get("subnetId") for item in mappings]
    return [subnet for subnet in subnets if isinstance(subnet, str)]


def _vpc_of_subnets(it: Instance) -> str:
    """Return the VPC of the first known subnet that a resource is placed in."""
    places = [*_subnet_ids(it), *(it.given("subnetIds") or []), it.given("subnetId")]
    for subnet in places:
        vpc = it.world.get(str(subnet)).get("vpcId")
        if vpc:
            return str(vpc)
    return f"vpc-{it.hash('vpc')}"


def _subnet_mappings(it: Instance) -> list[dict[str, Any]]:
    """Return one mapping a subnet, with the fields that AWS fills in."""
    blank = {"allocationId": "", "ipv6Address": "", "outpostId": "", "privateIpv4Address": ""}
    given = it.given("subnetMappings") or []
    if given:
        return [{**blank, **item} for item in given]
    return [{**blank, "subnetId": subnet} for subnet in _subnet_ids(it)]


def _alb_group(it: Instance) -> list[str]:
    network = it.inputs.get("loadBalancerType") in ("network", "gateway")
    return [] if network else [f"sg-{it.hash('default-group')}"]


def _lb_dns(it: Instance) -> str:
    name = it.given("name") or it.name
    inside = "internal-" if it.inputs.get("internal") else ""
    return f"{inside}{name}-{_decimal(it.id, 9)}.{it.region}.elb.amazonaws.com".lower()


def _global_of(it: Instance) -> Mapping[str, Any]:
    return it.world.get(str(it.inputs.get("globalClusterIdentifier") or ""))


_DEFAULT_VERSIONS = {"aurora-postgresql": "16.8", "aurora-mysql": "8.0.mysql_aurora.3.10.0"}


def _engine_version(it: Instance) -> str:
    """Return the version that RDS would pick for a cluster or instance that names none."""
    cluster = it.world.get(str(it.inputs.get("clusterIdentifier") or ""))
    source = it.world.by_arn(str(it.inputs.get("sourceDbClusterIdentifier") or ""))
    inherited = (
        cluster.get("engineVersion")
        or _global_of(it).get("engineVersion")
        or source.get("engineVersion")
    )
    return str(inherited or _DEFAULT_VERSIONS.get(str(it.inputs.get("engine")), "8.0"))


def _actual_version(it: Instance) -> str:
    return str(it.given("engineVersion") or _engine_version(it))


def _from_global(name: str, otherwise: Any) -> Compute:
    return lambda it: _global_of(it).get(name) or otherwise


def _from_source(name: str, otherwise: Any) -> Compute:
    def value(it: Instance) -> Any:
        source = it.world.by_arn(str(it.inputs.get("sourceDbClusterIdentifier") or ""))
        return source.get(name) or otherwise

    return value


def _from_cluster(name: str, otherwise: Any) -> Compute:
    def value(it: Instance) -> Any:
        return it.world.get(str(it.inputs.get("clusterIdentifier") or "")).get(name) or otherwise

    return value


def _port(it: Instance) -> int:
    return 5432 if "postgres" in str(it.inputs.get("engine")) else 3306


def _rds_host(label: str) -> Compute:
    return lambda it: f"{it.id}.{label}{it.hash('host', 12)}.{it.region}.rds.amazonaws.com"


def _encrypted(it: Instance) -> bool:
    return bool(it.given("kmsKeyId") or _global_of(it).get("storageEncrypted"))


def _master_username(it: Instance) -> str:
    # A member of a global database shows the primary's user name once it is deployed, although
    # nobody may declare one on a secondary.
    group = it.given("globalClusterIdentifier")
    names = [
        str(other.get("masterUsername"))
        for other in it.world.all()
        if group and other.get("globalClusterIdentifier") == group and other.get("masterUsername")
    ]
    return names[0] if names else "admin" if group or it.given("snapshotIdentifier") else ""


def _peering(name: str, otherwise: Any = "") -> Compute:
    def value(it: Instance) -> Any:
        return it.world.get(str(it.inputs.get("vpcPeeringConnectionId"))).get(name) or otherwise

    return value


def _vpc_with(name: str) -> Compute:
    """Return a computation that finds the VPC of which `name` is this resource's id."""
    return lambda it: it.world.find(name, it.id).get("id") or f"vpc-{it.hash('vpc')}"


def _record_fqdn(it: Instance) -> str:
    name = str(it.inputs.get("name", "")).rstrip(".")
    zone = str(it.world.get(str(it.inputs.get("zoneId"))).get("name") or "").rstrip(".")
    return name if not zone or name.endswith(zone) else f"{name}.{zone}".lstrip(".")


def _name_servers(it: Instance) -> list[str]:
    tops = ("com", "net", "org", "co.uk")
    number = int(it.hash("ns", 2), 16)
    return [f"ns-{number + 512 * i}.awsdns-{number % 64:02d}.{top}" for i, top in enumerate(tops)]


def _validation_options(it: Instance) -> list[dict[str, str]]:
    names = [it.inputs.get("domainName"), *(it.given("subjectAlternativeNames") or [])]
    return [
        {
            "domainName": name,
            "resourceRecordName": f"_{it.hash(name, 32)}.{name.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_{it.hash(name + '/value', 32)}.acm-validations.aws.",
        }
        for name in names
        if isinstance(name, str)
    ]


def _zone(it: Instance) -> str:
    return zones(it.region)[int(it.hash("zone", 4), 16) % len(ZONE_LETTERS)]


def _zone_id(it: Instance) -> str:
    return zone_id(str(it.given("availabilityZone") or _zone(it)))


def _zone_of_id(it: Instance) -> str:
    wanted = it.given("availabilityZoneId")
    return next((zone for zone in zones(it.region) if zone_id(zone) == wanted), _zone(it))


def _const(value: Any) -> Compute:
    return lambda it: value


_LB_VALUES: dict[str, Compute] = {
    "type": _const("application"),
    "scheme": _const("internet-facing"),
    "internal": _const(False),
    "ipAddressType": _const("ipv4"),
    "dnsName": _lb_dns,
    "zoneId": lambda it: f"Z{digest(it.region, 13).upper()}",
    "vpcId": _vpc_of_subnets,
    "subnets": _subnet_ids,
    "subnetMappings": _subnet_mappings,
    "securityGroups": _alb_group,
    "arnSuffix": lambda it: it.id.split(":loadbalancer/")[-1],
}

_PEERING_OPTIONS = {"allowRemoteVpcDnsResolution": False}

# kind -> output -> how it comes about, where name and type do not tell.
VALUES: dict[str, dict[str, Compute]] = {
    "ec2:Vpc": {
        "mainRouteTableId": lambda it: f"rtb-{it.hash('main')}",
        "defaultRouteTableId": lambda it: f"rtb-{it.hash('main')}",
        "defaultNetworkAclId": lambda it: f"acl-{it.hash('acl')}",
        "defaultSecurityGroupId": lambda it: f"sg-{it.hash('group')}",
        "defaultSecurityGroup": lambda it: f"sg-{it.hash('group')}",
        "dhcpOptionsId": lambda it: f"dopt-{digest(it.region)}",
        "ipv6CidrBlock": lambda it: (
            f"2001:db8:{it.hash('v6', 4)}::/56"
            if it.inputs.get("assignGeneratedIpv6CidrBlock")
            else ""
        ),
        "ipv6AssociationId": lambda it: (
            f"vpc-cidr-assoc-{it.hash('v6')}"
            if it.inputs.get("assignGeneratedIpv6CidrBlock")
            else ""
        ),
    },
    "ec2:Subnet": {
        "availabilityZone": _zone_of_id,
        "availabilityZoneId": _zone_id,
    },
    "ec2:RouteTable": {"routes": _const([])},
    "ec2:DefaultRouteTable": {"vpcId": _vpc_with("defaultRouteTableId"), "routes": _const([])},
    "ec2:MainRouteTableAssociation": {
        "originalRouteTableId": lambda it: (
            it.world.get(str(it.inputs.get("vpcId"))).get("mainRouteTableId")
            or f"rtb-{it.hash('main')}"
        )
    },
    "ec2:Route": {
        "origin": _const("CreateRoute"),
        "state": _const("active"),
        "instanceId": _const(""),
        "instanceOwnerId": _const(""),
    },
    "ec2:NatGateway": {
        "availabilityMode": _const("zonal"),
        "vpcId": _vpc_of_subnets,
        "privateIp": _private_ip,
        "publicIp": lambda it: (
            "" if it.inputs.get("connectivityType") == "private" else _public_ip(it)
        ),
        "autoProvisionZones": _const(""),
        "autoScalingIps": _const(""),
        "regionalNatGatewayAutoMode": _const(""),
        "routeTableId": lambda it: (
            f"rtb-{it.hash('own')}" if it.inputs.get("availabilityMode") == "regional" else ""
        ),
    },
    "ec2:Eip": {
        "allocationId": lambda it: it.id,
        "domain": _const("vpc"),
        "publicIp": _public_ip,
        "associationId": _const(""),
        "carrierIp": _const(""),
        "customerOwnedIp": _const(""),
    },
    "ec2:VpcPeeringConnection": {
        "acceptStatus": lambda it: "active" if it.given("autoAccept") else "pending-acceptance",
        "peerOwnerId": _const(ACCOUNT),
        "peerRegion": lambda it: it.region,
        "accepter": _const(_PEERING_OPTIONS),
        "requester": _const(_PEERING_OPTIONS),
    },
    "ec2:VpcPeeringConnectionAccepter": {
        "acceptStatus": lambda it: "active" if it.given("autoAccept") else "pending-acceptance",
        # The accepter's view: its own VPC is the one that the request named as the peer.
        "vpcId": _peering("peerVpcId"),
        "peerVpcId": _peering("vpcId"),
        "peerOwnerId": _const(ACCOUNT),
        "peerRegion": _peering("region"),
        "accepter": _const(_PEERING_OPTIONS),
        "requester": _const(_PEERING_OPTIONS),
    },
    "ec2:SecurityGroup": {
        "vpcId": lambda it: f"vpc-{digest('default/' + it.region)}",
        "ingress": _const([]),
        "egress": _const([]),
    },
    "ec2:LaunchTemplate": {"latestVersion": _const(1), "defaultVersion": _const(1)},
    "lb:LoadBalancer": _LB_VALUES,
    "lb:TargetGroup": {
        "arnSuffix": lambda it: "targetgroup/" + it.id.split(":targetgroup/")[-1],
        "ipAddressType": _const("ipv4"),
        "protocolVersion": _const("HTTP1"),
    },
    "rds:Cluster": {
        "clusterIdentifier": lambda it: it.id,
        "engineVersion": _engine_version,
        "engineVersionActual": _actual_version,
        "masterUsername": _master_username,
        "databaseName": _from_global("databaseName", ""),
        "storageEncrypted": _encrypted,
        "availabilityZones": lambda it: zones(it.region),
        "dbSubnetGroupName": _const("default"),
        "backupRetentionPeriod": _const(1),
        "port": _port,
        "networkType": _const("IPV4"),
        "endpoint": _rds_host("cluster-"),
        "readerEndpoint": _rds_host("cluster-ro-"),
        "hostedZoneId": lambda it: f"Z{digest('rds/' + it.region, 13).upper()}",
        "clusterResourceId": lambda it: f"cluster-{it.hash('resource', 26).upper()}",
        "clusterMembers": _const([]),
        "vpcSecurityGroupIds": lambda it: [f"sg-{digest('default/' + it.region)}"],
        "dbClusterParameterGroupName": lambda it: f"default.{it.inputs.get('engine')}",
    },
    "rds:GlobalCluster": {
        "engine": _from_source("engine", "aurora"),
        "engineVersion": _engine_version,
        "engineVersionActual": _actual_version,
        "databaseName": _from_source("databaseName", ""),
        "storageEncrypted": _from_source("storageEncrypted", False),
        "endpoint": lambda it: f"{it.id}.global-{it.hash('host', 12)}.global.rds.amazonaws.com",
        "globalClusterResourceId": lambda it: f"cluster-{it.hash('resource', 16)}",
        "globalClusterMembers": lambda it: [
            {"dbClusterArn": arn, "globalWriteForwardingStatus": "", "isWriter": True}
            for arn in [it.given("sourceDbClusterIdentifier")]
            if arn
        ],
    },
    "rds:ClusterInstance": {
        "identifier": lambda it: it.id,
        "engineVersion": _engine_version,
        "engineVersionActual": _actual_version,
        "availabilityZone": _zone,
        "dbSubnetGroupName": _from_cluster("dbSubnetGroupName", "default"),
        "storageEncrypted": _from_cluster("storageEncrypted", False),
        "kmsKeyId": _from_cluster("kmsKeyId", ""),
        "endpoint": _rds_host(""),
        "port": _port,
        "writer": _const(True),
        "dbiResourceId": lambda it: f"db-{it.hash('resource', 26).upper()}",
    },
    "rds:Instance": {
        "engineVersion": _engine_version,
        "engineVersionActual": _actual_version,
        "availabilityZone": _zone,
        "address": lambda it: (
            f"{it.inputs.get('identifier')}.{it.hash('host', 12)}.{it.region}.rds.amazonaws.com"
        ),
        "port": _port,
    },
    "rds:SubnetGroup": {
        "vpcId": _vpc_of_subnets,
        "supportedNetworkTypes": _const(["IPV4"]),
    },
    "rds:DbCluster": {
        "dbClusterIdentifier": lambda it: it.id,
        "engineVersion": _engine_version,
        "masterUsername": _master_username,
        "storageEncrypted": _encrypted,
        "port": _port,
    },
    "route53:Zone": {
        "zoneId": lambda it: it.id,
        "nameServers": _name_servers,
        "primaryNameServer": lambda it: _name_servers(it)[0],
    },
    "route53:HostedZone": {"nameServers": _name_servers},
    "route53:Record": {"fqdn": _record_fqdn},
    "kms:Key": {"keyId": lambda it: it.id},
    "acm:Certificate": {
        "domainValidationOptions": _validation_options,
        "status": _const("ISSUED"),
        "validationMethod": _const("DNS"),
    },
    "autoscaling:Group": {
        "desiredCapacity": lambda it: it.inputs.get("minSize") or 0,
        "healthCheckType": _const("EC2"),
        "defaultCooldown": _const(300),
        "availabilityZones": lambda it: sorted(
            {
                str(it.world.get(str(subnet)).get("availabilityZone") or zones(it.region)[0])
                for subnet in it.given("vpcZoneIdentifiers") or []
            }
        ),
        "vpcZoneIdentifiers": _const([]),
    },
}
VALUES["ec2:DefaultVpc"] = {
    **VALUES["ec2:Vpc"],
    "cidrBlock": _const("172.31.0.0/16"),
    "enableDnsHostnames": _const(True),
}
VALUES["ec2:DefaultSubnet"] = {
    **VALUES["ec2:Subnet"],
    "cidrBlock": lambda it: f"172.31.{16 * (int(it.hash('cidr', 4), 16) % 16)}.0/20",
    "vpcId": lambda it: f"vpc-{digest('default/' + it.region)}",
}
VALUES["ec2:DefaultSecurityGroup"] = {
    **VALUES["ec2:SecurityGroup"],
    "name": _const("default"),
    "description": _const("default VPC security group"),
}
VALUES["ec2:DefaultNetworkAcl"] = {"vpcId": _vpc_with("defaultNetworkAclId")}

# What an id is of, by the end of a property's name.
_ID_NAMES = {
    "vpcid": "vpc",
    "subnetid": "subnet",
    "networkinterfaceid": "eni",
    "securitygroupid": "sg",
    "routetableid": "rtb",
    "internetgatewayid": "igw",
    "natgatewayid": "nat",
    "transitgatewayid": "tgw",
    "prefixlistid": "pl",
}


def _host(it: Instance, name: str) -> str:
    return f"{it.name}-{it.hash(name, 8)}.{it.region}.amazonaws.com".lower()


def _other_arn(it: Instance, name: str) -> str:
    module = it.kind.split(":", maxsplit=1)[0]
    service = _SERVICES.get(module, module)
    return f"arn:aws:{service}:{it.region}:{ACCOUNT}:{_kebab(name[:-3]) or 'other'}/{it.name}"


# The end of a property's name (lower case) -> what its value looks like. The first match counts.
_INVENTIONS: tuple[tuple[tuple[str, ...], Callable[[Instance, str], str]], ...] = (
    (("ownerid", "accountid", "registryid"), lambda it, name: ACCOUNT),
    (("arn",), _other_arn),
    (("id",), lambda it, name: it.hash(name, 20)),
    (("time", "date", "at", "till"), lambda it, name: "2026-01-01T00:00:00Z"),
    (("publicip", "elasticip"), lambda it, name: _public_ip(it)),
    (("ip", "ipaddress"), lambda it, name: _private_ip(it)),
    (("dns", "dnsname", "domainname", "endpoint", "address", "hostname", "fqdn"), _host),
    (("url", "uri"), lambda it, name: f"https://{_host(it, name)}"),
    (("status", "state"), lambda it, name: "active"),
    (("version",), lambda it, name: "1"),
)


def value_of(it: Instance, name: str, item: Property, resource: Resource) -> Any:
    """Return an output that the program did not set, as AWS would fill it in. Never unknown."""
    special = VALUES.get(it.kind, {}).get(name)
    if special is not None:
        return special(it)
    if name == "region":
        return it.region
    if name == "arn" or (name.lower() == f"{it.kind.split(':')[1]}Arn".lower()):
        if it.id.startswith("arn:"):
            return it.id
        return new_arn(it.kind, it.id, it.inputs, region=it.region, seed=it.id)
    if name in resource.inputs:
        # Optional settings that nobody made: AWS reports them as empty.
        return empty(item.type)
    return invented(it, name, item.type, resource.output_objects)


def empty(kind: Type) -> Any:
    """Return the empty value of a type."""
    return {
        "string": "",
        "integer": 0,
        "number": 0,
        "boolean": False,
        "list": [],
        "map": {},
        "object": {},
        # Any JSON value, such as a policy document.
        "any": {},
    }[kind.kind]


def invented(
    it: Instance, name: str, kind: Type, objects: Mapping[str, Mapping[str, Property]]
) -> Any:
    """Return a plausible value for an attribute that only AWS sets."""
    if kind.kind == "object" and kind.ref in objects:
        return {
            key: invented(it, key, item.type, objects)
            for key, item in objects[kind.ref].items()
            if item.required
        }
    # An object type that is no class is an enum, so a string.
    if kind.kind not in ("string", "object"):
        return empty(kind)
    lower = name.lower()
    # A resource's own id under another name: Vpc.vpcId, Subnet.subnetId of aws-native.
    if lower in (f"{it.kind.split(':')[1]}Id".lower(), "id"):
        return it.id
    for ending, prefix in _ID_NAMES.items():
        if lower.endswith(ending):
            return f"{prefix}-{it.hash(name)}"
    for endings, invent in _INVENTIONS:
        if lower.endswith(endings):
            return invent(it, name)
    return f"{_kebab(name)}-{it.hash(name, 8)}"
