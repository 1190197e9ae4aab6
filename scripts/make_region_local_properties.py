#!/usr/bin/env python3
"""Make policies/data/region_local_properties.json: which properties stay within one region.

    python scripts/make_region_local_properties.py [--as-of DATE]
    ... --check         change nothing; exit 1 where the file is not what would be written
    ... --candidates    list the properties that look like references and are in no row

The rows come from two sources. Which resource types there are, and which properties they have, is
read off the installed pulumi-aws. Which of these name a resource of the same region is written
below by hand, since no SDK says it: names that mean the same everywhere (an EC2 id is of use in its
own region only), names that mean something in one service, and what is left out, with the reason.

Exit codes: 0 done, 1 stale (``--check``), 2 could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the offline engine is an installed package.
sys.path.insert(0, str(ROOT))

from offline.standin.schema import Property, Resource, Sdk, UnknownTokenError  # noqa: E402
from policies.model import data_files, vocabulary  # noqa: E402
from policies.model.vocabulary import (  # noqa: E402
    BUCKET,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_SUBNET_GROUP,
    DEFAULT_ROUTE_TABLE,
    EGRESS_ONLY_GATEWAY,
    EIP,
    INSTANCE,
    INTERNET_GATEWAY,
    KMS_KEY,
    LISTENER,
    LOAD_BALANCER,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    TARGET_GROUP,
    TRANSIT_GATEWAY,
    VPC,
    VPC_ENDPOINT,
    VPN_GATEWAY,
)

Targets: TypeAlias = tuple[str, ...]
Rows: TypeAlias = dict[str, dict[str, Targets]]

FILE: Final = "region_local_properties.json"
ABOUT: Final = (
    "Properties whose value AWS looks up in the resource's own region, and the types that they "
    "name. A dot leads into a block. Types are written as policies/model/vocabulary.py calls them.",
    "Written by scripts/make_region_local_properties.py, which also says what is left out and why; "
    "not to be edited.",
)

_SUBNETS: Final = (SUBNET,)
_GROUPS: Final = (SECURITY_GROUP,)
# A main route table has no resource of its own: its id is read off the VPC.
_TABLES: Final = (ROUTE_TABLE, DEFAULT_ROUTE_TABLE, VPC)
_KEYS: Final = (KMS_KEY, "aws:kms/alias:Alias", "aws:kms/replicaKey:ReplicaKey")
_CERTIFICATES: Final = (
    "aws:acm/certificate:Certificate",
    "aws:acm/certificateValidation:CertificateValidation",
)
_TOPICS: Final = ("aws:sns/topic:Topic",)
_DOCDB: Final = "aws:docdb/cluster:Cluster"
_NEPTUNE: Final = "aws:neptune/cluster:Cluster"
_REDSHIFT: Final = "aws:redshift/cluster:Cluster"

EVERYWHERE: Final[Mapping[str, Targets]] = {
    # "Each resource identifier is tied to its Region and can be used only in the Region where you
    # created the resource": Amazon EC2 user guide, "Resource locations".
    "vpcId": (VPC,),
    "subnetId": _SUBNETS,
    "subnetIds": _SUBNETS,
    "subnets": _SUBNETS,
    "vpcSubnetIds": _SUBNETS,
    "vpcZoneIdentifiers": _SUBNETS,
    "securityGroupId": _GROUPS,
    "securityGroupIds": _GROUPS,
    "securityGroups": _GROUPS,
    "vpcSecurityGroupIds": _GROUPS,
    # A rule cannot name a security group over a peering between regions either.
    "sourceSecurityGroupId": _GROUPS,
    "referencedSecurityGroupId": _GROUPS,
    "routeTableId": _TABLES,
    "routeTableIds": _TABLES,
    "internetGatewayId": (INTERNET_GATEWAY,),
    "natGatewayId": (NAT_GATEWAY,),
    "egressOnlyGatewayId": (EGRESS_ONLY_GATEWAY,),
    "carrierGatewayId": ("aws:ec2/carrierGateway:CarrierGateway",),
    "vpnGatewayId": (VPN_GATEWAY,),
    "transitGatewayId": (TRANSIT_GATEWAY,),
    "vpcEndpointId": (VPC_ENDPOINT,),
    "networkInterfaceId": (NETWORK_INTERFACE,),
    "networkAclId": ("aws:ec2/networkAcl:NetworkAcl",),
    "allocationId": (EIP,),
}
"""Properties that name the same kind of resource wherever they occur."""

_BALANCING: Final = {
    "actions.forward.targetGroups.arn": (TARGET_GROUP,),
    "defaultActions.forward.targetGroups.arn": (TARGET_GROUP,),
    "loadBalancerArn": (LOAD_BALANCER,),
    "listenerArn": (LISTENER,),
    "targetGroupArn": (TARGET_GROUP,),
    "certificateArn": _CERTIFICATES,
}

BY_SERVICE: Final[Mapping[str, Mapping[str, Targets]]] = {
    "acm": {"certificateArn": _CERTIFICATES[:1]},
    "alb": _BALANCING,
    "autoscaling": {
        "autoscalingGroupName": ("aws:autoscaling/group:Group",),
        "launchTemplate.id": ("aws:ec2/launchTemplate:LaunchTemplate",),
        "lbTargetGroupArn": (TARGET_GROUP,),
        "targetGroupArns": (TARGET_GROUP,),
    },
    "cloudwatch": {
        # "ValidationError: Invalid region ca-central-1 specified. Only us-west-2 is supported."
        "alarmActions": _TOPICS,
        "insufficientDataActions": _TOPICS,
        "okActions": _TOPICS,
    },
    "dax": {"subnetGroupName": ("aws:dax/subnetGroup:SubnetGroup",)},
    "docdb": {
        "clusterIdentifier": (_DOCDB,),
        "dbClusterIdentifier": (_DOCDB,),
        "dbClusterParameterGroupName": ("aws:docdb/clusterParameterGroup:ClusterParameterGroup",),
        "dbSubnetGroupName": ("aws:docdb/subnetGroup:SubnetGroup",),
    },
    "ec2": {
        "blockDeviceMappings.ebs.kmsKeyId": _KEYS,
        "gatewayId": (INTERNET_GATEWAY, VPN_GATEWAY),
        "instanceId": (INSTANCE,),
        "volumeId": ("aws:ebs/volume:Volume",),
    },
    "ecs": {
        "cluster": ("aws:ecs/cluster:Cluster",),
        "targetGroupArn": (TARGET_GROUP,),
        "taskDefinition": ("aws:ecs/taskDefinition:TaskDefinition",),
    },
    "efs": {"fileSystemId": ("aws:efs/fileSystem:FileSystem",)},
    "eks": {
        "clusterName": ("aws:eks/cluster:Cluster",),
        "encryptionConfig.provider.keyArn": _KEYS,
    },
    "elasticache": {
        "parameterGroupName": ("aws:elasticache/parameterGroup:ParameterGroup",),
        "replicationGroupId": ("aws:elasticache/replicationGroup:ReplicationGroup",),
        "subnetGroupName": ("aws:elasticache/subnetGroup:SubnetGroup",),
    },
    "kms": {"keyId": (KMS_KEY,), "targetKeyId": (KMS_KEY,)},
    "lb": _BALANCING,
    "memorydb": {
        "parameterGroupName": ("aws:memorydb/parameterGroup:ParameterGroup",),
        "subnetGroupName": ("aws:memorydb/subnetGroup:SubnetGroup",),
    },
    "neptune": {
        "clusterIdentifier": (_NEPTUNE,),
        "dbClusterIdentifier": (_NEPTUNE,),
        "neptuneSubnetGroupName": ("aws:neptune/subnetGroup:SubnetGroup",),
    },
    "rds": {
        "clusterIdentifier": (CLUSTER,),
        "dbClusterIdentifier": (CLUSTER,),
        "dbClusterParameterGroupName": ("aws:rds/clusterParameterGroup:ClusterParameterGroup",),
        "dbInstanceIdentifier": ("aws:rds/instance:Instance", CLUSTER_INSTANCE),
        "dbParameterGroupName": ("aws:rds/parameterGroup:ParameterGroup",),
        "dbProxyName": ("aws:rds/proxy:Proxy",),
        "dbSubnetGroupName": (DB_SUBNET_GROUP,),
        "optionGroupName": ("aws:rds/optionGroup:OptionGroup",),
        "parameterGroupName": ("aws:rds/parameterGroup:ParameterGroup",),
    },
    "redshift": {
        "clusterIdentifier": (_REDSHIFT,),
        "clusterSubnetGroupName": ("aws:redshift/subnetGroup:SubnetGroup",),
    },
    "secretsmanager": {
        "secretArn": ("aws:secretsmanager/secret:Secret",),
        "secretId": ("aws:secretsmanager/secret:Secret",),
    },
    # A bucket tells what is in its own region, and logs to a bucket of its own region.
    "s3": {
        "lambdaFunctions.lambdaFunctionArn": ("aws:lambda/function:Function",),
        "queues.queueArn": ("aws:sqs/queue:Queue",),
        "targetBucket": (BUCKET,),
        "topics.topicArn": _TOPICS,
    },
    # A subscription is made where its topic is; its endpoint may be elsewhere.
    "sns": {"topic": _TOPICS},
    "wafv2": {
        "resourceArn": (LOAD_BALANCER,),
        "webAclArn": ("aws:wafv2/webAcl:WebAcl",),
    },
}
"""Properties that name a resource of the same region in one service."""

KEY_PROPERTIES: Final = (
    "kmsKeyId",
    "kmsKeyArn",
    "kmsKey",
    "kmsMasterKeyId",
    "performanceInsightsKmsKeyId",
)
KEYED: Final = (
    "aws:backup/vault:Vault",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:docdb/",
    "aws:dynamodb/table:Table.serverSideEncryption",
    "aws:ebs/volume:Volume",
    "aws:ec2/instance:Instance",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/serverlessCache:ServerlessCache",
    "aws:fsx/",
    "aws:kinesis/stream:Stream",
    "aws:lambda/function:Function",
    "aws:memorydb/cluster:Cluster",
    "aws:mq/broker:Broker",
    "aws:neptune/",
    "aws:opensearch/domain:Domain",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/instance:Instance",
    "aws:redshift/cluster:Cluster",
    "aws:secretsmanager/secret:Secret.kmsKeyId",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
)
"""What encrypts data at rest in its own region with a key of that region. Trails, copies, replicas,
exports and deliveries take the key of the place where the data ends up, so they are not here."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "aws:cloudfront/": "a global service; its certificates are in us-east-1",
    "aws:directconnect/": "a gateway of Direct Connect joins regions",
    "aws:directoryservice/serviceRegion:ServiceRegion": "describes another region of a directory",
    "aws:docdb/cluster:Cluster.clusterIdentifier": "the cluster's own name",
    "aws:efs/replicationConfiguration:ReplicationConfiguration": "the destination is elsewhere",
    "aws:ec2/vpcEndpointConnectionAccepter:": "serves endpoints of other regions too",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": "spans regions",
    "aws:elasticache/replicationGroup:ReplicationGroup.replicationGroupId": "the group's own name",
    "aws:finspace/": "not verified",
    "aws:globalaccelerator/": "a global service",
    "aws:neptune/cluster:Cluster.clusterIdentifier": "the cluster's own name",
    "aws:networkmanager/": "a global service that takes ARNs of any region",
    "aws:rds/cluster:Cluster.clusterIdentifier": "the cluster's own name",
    "aws:rds/proxy:Proxy.auths": "the secret may be a replica, named by a changed ARN",
    "aws:rds/snapshotCopy:": "makes a copy elsewhere",
    "aws:redshift/cluster:Cluster.clusterIdentifier": "the cluster's own name",
    "aws:route53/vpcAssociationAuthorization:": "a private zone takes VPCs of any region",
    "aws:route53/zone:": "a private zone takes VPCs of any region",
    "aws:route53/zoneAssociation:": "a private zone takes VPCs of any region",
    "aws:s3/accessPoint:": "an access point follows its bucket",
    "aws:wafv2/webAclLoggingConfiguration:": "its resource is a web ACL",
}
"""Types and properties that have no row although their names would give them one. Properties whose
names give none need no mention: peerVpcId, globalClusterIdentifier, replicationSourceIdentifier,
sourceDbClusterIdentifier, replicateSourceDb, primaryKeyArn of a replica key, DynamoDB and secret
replicas, replication destinations of S3, peer attachments of transit gateways, targets of
EventBridge, endpoints of SNS subscriptions, versions of Lambda@Edge."""

_LOOKS_LIKE_A_REFERENCE: Final = re.compile(r"\w+(?:Ids?|Arns?|Names?|Identifiers?)$")


class TableError(Exception):
    """The table could not be made; the text says what to do about it."""


def rows(sdk: Sdk) -> Rows:
    """Every type of the SDK with its properties that stay within one region."""
    found: Rows = {}
    for token in sdk.resource_tokens():
        for path in _paths(sdk, token):
            targets = targets_of(token, path)
            if targets:
                # Two tokens of one thing (lb and alb) share a row.
                kind = vocabulary.term_of(token).kind
                found.setdefault(kind, {})[path] = targets
    _refuse_unknown(sdk, found)
    return found


def targets_of(token: str, path: str) -> Targets:
    """The types that a property names in its own region; none where it may lead elsewhere."""
    if any(_covers(entry, token, path) for entry in LEFT_OUT):
        return ()
    name = path.rpartition(".")[2]
    service = BY_SERVICE.get(_service(token), {})
    for said in (service.get(path), service.get(name), EVERYWHERE.get(name)):
        if said:
            return said
    keyed = name in KEY_PROPERTIES and any(_covers(entry, token, path) for entry in KEYED)
    return _KEYS if keyed else ()


def candidates(sdk: Sdk) -> Iterator[str]:
    """Properties that look like references and are in no row, for people to look through."""
    for token in sdk.resource_tokens():
        for path in _paths(sdk, token):
            if _LOOKS_LIKE_A_REFERENCE.fullmatch(path) and not targets_of(token, path):
                yield f"{token}.{path}"


def _service(token: str) -> str:
    return token.split(":")[1].partition("/")[0]


def _covers(entry: str, token: str, path: str) -> bool:
    """Whether an entry (a service, a type, a property or a block) is about the property."""
    whole = f"{token}.{path}"
    return whole.startswith(entry) and (entry[-1] in "/:" or whole[len(entry) :][:1] in ("", "."))


def _paths(sdk: Sdk, token: str) -> Iterator[str]:
    """The inputs of a type, those of its blocks, and what is named above of blocks in blocks."""
    resource = sdk.resource(token)
    for name, said in resource.inputs.items():
        yield name
        for inner in _block(resource, said):
            yield f"{name}.{inner}"
    for path in BY_SERVICE.get(_service(token), {}):
        if path.count(".") > 1 and _has(resource, path):
            yield path


def _has(resource: Resource, path: str) -> bool:
    inside: Mapping[str, Property] = resource.inputs
    for name in path.split("."):
        if name not in inside:
            return False
        inside = _block(resource, inside[name])
    return True


def _block(resource: Resource, said: Property) -> Mapping[str, Property]:
    """The properties of the block, or blocks, that a property holds."""
    kind = said.type.of if said.type.kind == "list" else said.type
    return resource.input_objects.get(kind.ref, {}) if kind is not None else {}


def _refuse_unknown(sdk: Sdk, found: Rows) -> None:
    """A slip in what is written above by hand must not turn into a row that never matches."""
    targets = {
        target: f"{kind}.{path}"
        for kind, properties in found.items()
        for path, named in properties.items()
        for target in named
    }
    for target, row in targets.items():
        try:
            sdk.resource(target)
        except UnknownTokenError as error:
            raise TableError(f"{row} names what pulumi-aws does not have: {error}") from error


def render(found: Rows, name: str, date: str) -> str:
    """The file's text: one property a line, so that a diff shows what has changed."""
    types = {
        kind: {path: list(targets) for path, targets in sorted(properties.items())}
        for kind, properties in sorted(found.items())
    }
    whole = {"about": list(ABOUT), "source": {"name": name, "date": date}, "types": types}
    text = json.dumps(whole, indent=2)
    # Lists of one or two targets read better on their property's line.
    return re.sub(r"\[\n\s+(\"aws:[^\]]*?)\n\s+\]", _on_one_line, text) + "\n"


def _on_one_line(found: re.Match[str]) -> str:
    return "[" + re.sub(r"\s*\n\s*", " ", found.group(1)) + "]"


def read_present(path: Path) -> Mapping[str, object]:
    """The file as it is; empty where there is none yet."""
    return data_files.read(path.name, path.parent) if path.exists() else {}


def changes(before: Mapping[str, object], after: Rows) -> Iterator[str]:
    """Say in words which rows are different."""
    then = {
        f"{kind}.{path}": targets
        for kind, properties in data_files.mapping(before.get("types", {}), "types").items()
        for path, targets in data_files.mapping(properties, kind).items()
    }
    now = {
        f"{kind}.{path}": list(targets)
        for kind, properties in after.items()
        for path, targets in properties.items()
    }
    for row in sorted({*then, *now}):
        if row not in then:
            yield f"{row}: new"
        elif row not in now:
            yield f"{row}: gone"
        elif then[row] != now[row]:
            yield f"{row}: other targets"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    try:
        sdk = Sdk(options.sdk or installed())
        if options.candidates:
            print(*candidates(sdk), sep="\n")
            return 0
        present = read_present(options.output)
        print(f"reading {len(sdk.resource_tokens())} types of pulumi-aws {sdk.version}")
        found = rows(sdk)
        different = list(changes(present, found))
    except (TableError, data_files.DataFileError, OSError) as error:
        print(f"make_region_local_properties: {error}", file=sys.stderr)
        return 2
    print(*different, sep="\n", end="\n" if different else "")
    if options.check:
        print(f"{FILE} is {'stale' if different else 'up to date'}")
        return 1 if different else 0
    name = f"input properties of pulumi-aws {sdk.version}"
    options.output.write_text(render(found, name, options.as_of), encoding="utf-8")
    print(f"{FILE} written: {sum(map(len, found.values()))} properties of {len(found)} types")
    return 0


def installed() -> Path:
    """The folder of the installed pulumi_aws."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise TableError("pulumi-aws is not installed: pip install pulumi-aws")
    return Path(spec.origin).parent


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make_region_local_properties", description=f"Make policies/data/{FILE}."
    )
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    parser.add_argument("--sdk", type=Path, help="the folder of a pulumi_aws package")
    parser.add_argument("--as-of", default=today, help="the day to write into the file")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    parser.add_argument("--candidates", action="store_true", help="list what has no row")
    parser.add_argument("--output", type=Path, default=data_files.DATA_DIRECTORY / FILE)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
