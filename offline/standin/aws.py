"""What AWS would answer: attributes after a deployment.

Most values come from a property's name and type. The tables hold what neither the name nor the
SDK's classes can say, for the resources of disaster-recovery stacks. Everything is a pure function
of a resource's id, inputs and neighbours, so that two runs of one program give one answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from offline.standin.identity import (
    ACCOUNT,
    SERVICES,
    ZONE_LETTERS,
    decimal,
    default_group,
    default_vpc,
    digest,
    kebab,
    new_arn,
    uuid,
    zone_id,
    zones,
)
from offline.standin.schema import Property, Resource, Type
from offline.standin.world import World


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

    def hash(self, salt: str = "", length: int = 17) -> str:
        """Return lower-case hex digits that belong to this resource and `salt`."""
        return digest(f"{self.id}/{salt}", length)

    def given(self, name: str) -> Any:
        """Return an input, or None when it is absent or empty."""
        return self.inputs.get(name) or None


# Computed values.

Compute = Callable[[Instance], Any]


def _byte(it: Instance, part: str) -> int:
    """Return a number from 0 to 255."""
    return int(it.hash(part, 2), 16)


def _private_ip(it: Instance) -> str:
    return f"10.0.{_byte(it, 'ip')}.{_byte(it, 'host')}"


def _public_ip(it: Instance) -> str:
    # EC2 has most of 3.0.0.0/8 (AWS, ip-ranges.json), and Route 53 checks public addresses alone.
    return f"3.{_byte(it, 'net')}.{_byte(it, 'ip')}.{_byte(it, 'host')}"


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
    return [] if network else [default_group(_vpc_of_subnets(it))]


def _lb_dns(it: Instance) -> str:
    name = it.given("name") or it.name
    inside = "internal-" if it.inputs.get("internal") else ""
    end = f"elb.{it.region}" if _is_network(it) else f"{it.region}.elb"
    return f"{inside}{name}-{decimal(it.id, 9)}.{end}.amazonaws.com".lower()


def _is_network(it: Instance) -> bool:
    return it.inputs.get("loadBalancerType") == "network"


def _lb_zone(it: Instance) -> str:
    """The zone of its region and type, which Route 53 asks of an alias."""
    known = _endpoint_zones()["network" if _is_network(it) else "application"].get(it.region)
    return known or f"Z{digest(it.region, 13).upper()}"


@cache
def _endpoint_zones() -> Mapping[str, Mapping[str, str]]:
    file = Path(__file__).resolve().parents[2] / "policies" / "data" / "endpoint_zones.json"
    found: Mapping[str, Mapping[str, str]] = json.loads(file.read_text("utf-8"))
    return found


def _global_of(it: Instance) -> Mapping[str, Any]:
    return it.world.get(str(it.inputs.get("globalClusterIdentifier") or ""))


_DEFAULT_VERSIONS = {
    "aurora-postgresql": "16.8",
    "aurora-mysql": "8.0.mysql_aurora.3.10.0",
    "postgres": "16.8",
}


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


def _master_secrets(it: Instance) -> list[dict[str, str]]:
    if not it.given("manageMasterUserPassword"):
        return []
    secret = f"rds!cluster-{uuid(it.id)}-{it.hash('secret', 6)}"
    return [
        {
            "kmsKeyId": f"arn:aws:kms:{it.region}:{ACCOUNT}:key/{uuid(it.region)}",
            "secretArn": f"arn:aws:secretsmanager:{it.region}:{ACCOUNT}:secret:{secret}",
            "secretStatus": "active",
        }
    ]


def _peering(name: str, otherwise: Any = "") -> Compute:
    def value(it: Instance) -> Any:
        request = str(it.inputs.get("vpcPeeringConnectionId"))
        # The accepter has the same id.
        return it.world.get(request, "ec2:VpcPeeringConnection").get(name) or otherwise

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
    number = _byte(it, "ns")
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


def _api_host(it: Instance, api: object) -> str:
    return f"{api}.execute-api.{it.region}.amazonaws.com"


def _stage_url(it: Instance, api: str) -> str:
    """The address of a stage. api: the input that names its API."""
    return f"https://{_api_host(it, it.inputs.get(api))}/{it.given('stageName') or it.name}"


def _const(value: Any) -> Compute:
    return lambda it: value


_LB_VALUES: dict[str, Compute] = {
    "type": _const("application"),
    "scheme": _const("internet-facing"),
    "internal": _const(False),
    "ipAddressType": _const("ipv4"),
    "dnsName": _lb_dns,
    "zoneId": _lb_zone,
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
        "defaultSecurityGroupId": lambda it: default_group(it.id),
        "defaultSecurityGroup": lambda it: default_group(it.id),
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
        "vpcId": lambda it: default_vpc(it.region),
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
        "masterUserSecrets": _master_secrets,
        "vpcSecurityGroupIds": lambda it: [default_group(default_vpc(it.region))],
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
    # What a policy tells by its host is of the form that AWS gives it.
    "s3:Bucket": {
        "bucketDomainName": lambda it: f"{it.id}.s3.amazonaws.com",
        "bucketRegionalDomainName": lambda it: f"{it.id}.s3.{it.region}.amazonaws.com",
    },
    "cloudfront:Distribution": {
        "domainName": lambda it: f"d{it.hash('host', 13)}.cloudfront.net",
    },
    "apigatewayv2:Api": {"apiEndpoint": lambda it: f"https://{_api_host(it, it.id)}"},
    "apigateway:Stage": {"invokeUrl": lambda it: _stage_url(it, "restApi")},
    "apigatewayv2:Stage": {"invokeUrl": lambda it: _stage_url(it, "apiId")},
    "lambda:FunctionUrl": {
        "functionUrl": lambda it: f"https://{it.hash('host', 32)}.lambda-url.{it.region}.on.aws/",
    },
}
VALUES["s3:BucketV2"] = VALUES["s3:Bucket"]
VALUES["ec2:DefaultVpc"] = {
    **VALUES["ec2:Vpc"],
    "cidrBlock": _const("172.31.0.0/16"),
    "enableDnsHostnames": _const(True),
}
VALUES["ec2:DefaultSubnet"] = {
    **VALUES["ec2:Subnet"],
    "cidrBlock": lambda it: f"172.31.{16 * (int(it.hash('cidr', 4), 16) % 16)}.0/20",
    "vpcId": lambda it: default_vpc(it.region),
}
VALUES["ec2:DefaultSecurityGroup"] = {
    **VALUES["ec2:SecurityGroup"],
    "name": _const("default"),
    "description": _const("default VPC security group"),
}
VALUES["ec2:DefaultNetworkAcl"] = {"vpcId": _vpc_with("defaultNetworkAclId")}

# Attributes of features that a resource has only if somebody asked for them.
_RARE = re.compile("outpost|ipv6|customerowned|carrier|localgateway|wavelength", re.IGNORECASE)

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
    service = SERVICES.get(module, module)
    return f"arn:aws:{service}:{it.region}:{ACCOUNT}:{kebab(name[:-3]) or 'other'}/{it.name}"


# The end of a property's name (lower case) -> what its value looks like. The first match counts.
_INVENTIONS: tuple[tuple[tuple[str, ...], Callable[[Instance, str], str]], ...] = (
    (("ownerid", "accountid", "registryid"), lambda it, name: ACCOUNT),
    (("arn",), _other_arn),
    (("id",), lambda it, name: it.hash(name, 20)),
    (("time", "date", "at", "till"), lambda it, name: "2026-01-01T00:00:00Z"),
    # 198.18.0.0/15 is for tests, so no program has a range of it.
    (("cidr", "cidrblock"), lambda it, name: f"198.18.{_byte(it, name)}.0/24"),
    (("publicip", "elasticip"), lambda it, name: _public_ip(it)),
    (("ip", "ipaddress"), lambda it, name: _private_ip(it)),
    (("dns", "dnsname", "domainname", "endpoint", "address", "hostname", "fqdn"), _host),
    (("url", "uri"), lambda it, name: f"https://{_host(it, name)}"),
    (("status", "state"), lambda it, name: "active"),
    (("version",), lambda it, name: "1"),
)


def _texts(it: Instance, name: str) -> list[str]:
    """Return the elements of a list that only AWS fills: one of each zone, or a single one."""
    lower, one = name.lower(), name.removesuffix("s")
    if lower.endswith("availabilityzones"):
        return zones(it.region)
    if lower.endswith(("subnets", "subnetids")):
        return [f"subnet-{it.hash(f'{name}-{letter}')}" for letter in ZONE_LETTERS]
    text = invented(it, one, Type("string"), {})
    return [text] if text else []


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
    # The tables know their resources; of others, programs take the first element of such lists.
    depth = 0 if it.kind in VALUES else DEPTH
    return invented(it, name, item.type, resource.output_objects, depth)


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


# How many levels of nested objects are filled in; some types contain themselves.
DEPTH = 3


def invented(
    it: Instance,
    name: str,
    kind: Type,
    objects: Mapping[str, Mapping[str, Property]],
    depth: int = 0,
) -> Any:
    """Return a plausible value for an attribute that only AWS sets.

    depth: for how many levels lists are not empty and objects have their optional fields.
    """
    if kind.kind == "object" and kind.ref in objects:
        return {
            key: invented(it, key, item.type, objects, depth - 1)
            for key, item in objects[kind.ref].items()
            if item.required or depth > 0
        }
    if kind.kind == "list" and kind.of is not None and kind.of.ref in objects and depth > 0:
        return [invented(it, name, kind.of, objects, depth)]
    if kind.kind == "list" and kind.of == Type("string") and depth > 0:
        return _texts(it, name)
    # An object type that is no class is an enum, so a string.
    if kind.kind not in ("string", "object"):
        return empty(kind)
    if _RARE.search(name):
        return ""
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
    return f"{kebab(name)}-{it.hash(name, 8)}"
