"""Synthetic stacks of any size, mixed like real ones, as the requests that the engine would send.

A stack is made of sites of 100 resources: a VPC with two tiers in three zones, a load balancer, an
Aurora cluster, an instance of RDS, a hosted zone, a function with a table, a secret and backups,
queues and buckets, and around them what no rule reads. Two sites make a pair: two regions, peered,
with one global database; one routes by tables of its own, the other by the VPC's main table. Most
properties are ballast, for real resources carry about 1.2 KB, of which a rule reads little.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, cycle
from pathlib import Path
from typing import Any, Final, TypeAlias

from policies import RULES
from policies.model.dns.endpoint_zones import APPLICATION, zone_in
from policies.testing import Made, Output, Run, Secret, Stack

SITE: Final = 100
"""Resources in a site."""
BYTES: Final = 1200
"""About how much of properties a resource has."""

_REGIONS: Final = ("us-east-1", "us-west-2")
_ZONES: Final = "abc"
_ACCOUNT: Final = "123456789012"
BALLAST: Final = (
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policy:Policy",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:wafv2/ipSet:IpSet",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:ecs/service:Service",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ssm/parameter:Parameter",
    "aws:sfn/stateMachine:StateMachine",
    "aws:secretsmanager/secret:Secret",
    "random:index/randomPassword:RandomPassword",
)
"""What stands around a network in an account: no rule finds anything in it."""


_Other: TypeAlias = tuple[str, Mapping[str, Any]]
"""A type and its inputs; without any, it gets some that no rule reads."""


def synthetic(size: int) -> Stack:
    """A stack of exactly `size` resources; a multiple of `SITE`."""
    stack = Stack(region=None)
    first: _Site | None = None
    # Inputs of a family once: literal names in them would be one name for many.
    others = chain(_OF_FAMILIES, ((token, {}) for token in cycle(BALLAST)))
    for number in range(size // SITE):
        site = _Site(stack, number, others)
        site.build(first)
        first = site if first is None else None
    return stack


def requests(stack: Stack, *, is_first: bool) -> Iterator[bytes]:
    """One request for each resource, and at last the one for the stack, as they are on the wire."""
    run = Run(stack, is_first=is_first)
    for made in stack.resources:
        yield run.resource_request(made).SerializeToString()
    yield run.stack_request(stack.resources).SerializeToString()


def write(path: Path, messages: Iterator[bytes]) -> None:
    """Keep requests in a file, each after its length."""
    with path.open("wb") as file:
        for message in messages:
            file.write(len(message).to_bytes(8, "big") + message)


def read(path: Path) -> Iterator[bytes]:
    """The requests in a file, one at a time."""
    with path.open("rb") as file:
        while head := file.read(8):
            yield file.read(int.from_bytes(head, "big"))


class _Site:
    """One region of one application."""

    def __init__(self, stack: Stack, number: int, others: Iterator[_Other]) -> None:
        self._stack = stack
        self._others = others
        self.public_table: Output
        self.writer: Made
        self.reports: Made
        self._number = number
        self.region = _REGIONS[number % len(_REGIONS)]
        self._start = len(stack.resources)

    def add(
        self,
        token: str,
        name: str,
        inputs: Mapping[str, Any],
        computed: Mapping[str, Any] | None = None,
        depends_on: Sequence[Made] = (),
    ) -> Made:
        """A resource with what every resource has: a name, tags, an ARN, and ballast."""
        full = f"site{self._number:03}-{name}"
        tags = {"Name": full, "team": "platform", "environment": "production", "stack": "dr"}
        common = {"region": self.region, "tags": tags, "tagsAll": {**tags, "managed-by": "pulumi"}}
        ballast = _ballast(full, BYTES - _size({**inputs, **common}))
        return self._stack.add(
            token,
            full,
            {**inputs, **common, **ballast},
            computed={
                "arn": f"arn:aws:any:{self.region}:{_ACCOUNT}:{full}",
                **(computed or {}),
            },
            region=self.region,
            depends_on=depends_on,
        )

    def build(self, first: _Site | None) -> None:
        """Everything of the site; `first` is the other site of the pair where it is the second."""
        vpc = self.vpc = self.add(
            "aws:ec2/vpc:Vpc",
            "vpc",
            {"cidrBlock": f"10.{self._number % 250}.0.0/16", "enableDnsHostnames": True},
            {
                "mainRouteTableId": f"rtb-main-{self._number}",
                "defaultRouteTableId": f"rtb-main-{self._number}",
            },
        )
        gateway = self.add("aws:ec2/internetGateway:InternetGateway", "gateway", {"vpcId": vpc.id})
        table = None if first else self._table("public", None)
        self.public_table = vpc.output("mainRouteTableId") if table is None else table.id
        self.route("public", self.public_table, gatewayId=gateway.id)
        public = [self._subnet(f"public-{zone}", zone, table) for zone in _ZONES]
        homes = zip(_ZONES, public, strict=True)
        private = [self._private(zone, home, gateway) for zone, home in homes]
        self._load_balancer(gateway, public)
        self._database(private, first)
        self._records()
        if first is not None:
            self._peering(first)
        self._application(private)
        self._messages()
        self._storage()
        self._edge()
        while len(self._made) < SITE:
            self._other(len(self._made))

    @property
    def _made(self) -> Sequence[Made]:
        return self._stack.resources[self._start :]

    def _subnet(self, name: str, zone: str, table: Made | None) -> Made:
        count = sum("subnet" in made.type for made in self._made)
        block = f"10.{self._number % 250}.{count * 8}.0/21"
        subnet = self.add(
            "aws:ec2/subnet:Subnet",
            name,
            {
                "vpcId": self.vpc.id,
                "cidrBlock": block,
                "availabilityZone": f"{self.region}{zone}",
            },
            {"availabilityZoneId": f"az{_ZONES.index(zone)}"},
        )
        if table is not None:
            self.add(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                f"{name}-association",
                {"subnetId": subnet.id, "routeTableId": table.id},
            )
        return subnet

    def _private(self, zone: str, public: Made, gateway: Made) -> Made:
        address = self.add("aws:ec2/eip:Eip", f"nat-{zone}", {"domain": "vpc"})
        nat = self.add(
            "aws:ec2/natGateway:NatGateway",
            f"nat-{zone}",
            {"subnetId": public.id, "allocationId": address.id},
            {"connectivityType": "public"},
            depends_on=(gateway,),
        )
        if zone == "c":  # One table with its routes inside, as many programs write them.
            block = {"cidrBlock": "0.0.0.0/0", "natGatewayId": nat.id}
            return self._subnet(f"app-{zone}", zone, self._table(f"app-{zone}", [block]))
        table = self._table(f"app-{zone}", None)
        self.route(f"app-{zone}", table.id, natGatewayId=nat.id)
        return self._subnet(f"app-{zone}", zone, table)

    def _table(self, name: str, routes: Sequence[Mapping[str, Any]] | None) -> Made:
        inline = {"routes": routes} if routes else {}
        computed: Mapping[str, Any] = {} if routes else {"routes": []}
        return self.add(
            "aws:ec2/routeTable:RouteTable", name, {"vpcId": self.vpc.id, **inline}, computed
        )

    def route(self, name: str, table: Output, to: str = "0.0.0.0/0", **targets: Output) -> Made:
        return self.add(
            "aws:ec2/route:Route",
            f"{name}-{to.replace('/', '-')}",
            {"routeTableId": table, "destinationCidrBlock": to, **targets},
            {"instanceId": "", "networkInterfaceId": ""},
        )

    def _load_balancer(self, gateway: Made, subnets: Sequence[Made]) -> None:
        group = self.add(
            "aws:ec2/securityGroup:SecurityGroup",
            "web",
            {"vpcId": self.vpc.id, "ingress": [{"fromPort": 443, "toPort": 443}]},
        )
        self.balancer = self.add(
            "aws:lb/loadBalancer:LoadBalancer",
            "web",
            {
                "loadBalancerType": "application",
                "internal": False,
                "subnets": [subnet.id for subnet in subnets],
                "securityGroups": [group.id],
            },
            {
                "dnsName": f"web-{self._number}.{self.region}.elb.amazonaws.com",
                "zoneId": zone_in(APPLICATION, self.region),
                "subnetMappings": [],
            },
            depends_on=(gateway,),
        )
        target = self.add(
            "aws:lb/targetGroup:TargetGroup",
            "web",
            {"port": 443, "protocol": "HTTPS", "vpcId": self.vpc.id},
        )
        forward = {"type": "forward", "targetGroupArn": target.output("arn")}
        self.add(
            "aws:lb/listener:Listener",
            "https",
            {"loadBalancerArn": self.balancer.output("arn"), "defaultActions": [forward]},
        )
        self.add(
            "aws:lb/targetGroupAttachment:TargetGroupAttachment",
            "web",
            {"targetGroupArn": target.output("arn"), "targetId": "i-0123456789abcdef0"},
        )

    def _database(self, subnets: Sequence[Made], first: _Site | None) -> None:
        group = self.add("aws:ec2/securityGroup:SecurityGroup", "database", {"vpcId": self.vpc.id})
        places = self.add(
            "aws:rds/subnetGroup:SubnetGroup",
            "database",
            {"subnetIds": [subnet.id for subnet in subnets]},
            {"name": f"database-{self._number}"},
        )
        key = self.add("aws:kms/key:Key", "database", {"enableKeyRotation": True})
        engine = {"engine": "aurora-postgresql", "engineVersion": "16.8"}
        if first is None:
            self.database = self.add(
                "aws:rds/globalCluster:GlobalCluster",
                "database",
                {
                    **engine,
                    "globalClusterIdentifier": f"global-{self._number}",
                    "storageEncrypted": True,
                },
            )
            own = {
                "masterUsername": "dba",
                "masterPassword": Secret("correct-horse-battery-staple"),
            }
        else:
            self.database = first.database
            own = {}
        cluster = self.add(
            "aws:rds/cluster:Cluster",
            "database",
            {
                **engine,
                **own,
                "globalClusterIdentifier": self.database.id,
                "dbSubnetGroupName": places.output("name"),
                "vpcSecurityGroupIds": [group.id],
                "storageEncrypted": True,
                "kmsKeyId": key.output("arn"),
            },
            {"clusterIdentifier": f"cluster-{self._number}"},
            depends_on=() if first is None else (first.writer,),
        )
        for role in ("writer", "reader"):
            instance = self.add(
                "aws:rds/clusterInstance:ClusterInstance",
                role,
                {
                    **engine,
                    "clusterIdentifier": cluster.id,
                    "instanceClass": "db.r6g.large",
                },
            )
            if role == "writer":
                self.writer = instance
        origin: dict[str, Any] = {"engine": "postgres", "username": "dba"}
        if first is not None:
            origin = {"replicateSourceDb": first.reports.output("arn")}
        self.reports = self.add(
            "aws:rds/instance:Instance",
            "reports",
            {
                **origin,
                "instanceClass": "db.m7g.large",
                "backupRetentionPeriod": 7,
                "storageEncrypted": True,
                "kmsKeyId": key.output("arn"),
                "dbSubnetGroupName": places.output("name"),
                "vpcSecurityGroupIds": [group.id],
            },
        )

    def _records(self) -> None:
        name = f"app{self._number // 2}.acme-corp.net"
        zone = self.add("aws:route53/zone:Zone", "zone", {"name": name})
        check = self.add(
            "aws:route53/healthCheck:HealthCheck", "web", {"type": "HTTPS", "fqdn": name}
        )
        alias = {
            "name": self.balancer.output("dnsName"),
            "zoneId": self.balancer.output("zoneId"),
            "evaluateTargetHealth": True,
        }
        answers: Mapping[str, Mapping[str, Any]] = {
            "PRIMARY": {"aliases": [alias], "healthCheckId": check.id},
            "SECONDARY": {"records": ["198.51.100.2"], "ttl": 60},
        }
        for role, answer in answers.items():
            self.add(
                "aws:route53/record:Record",
                role.lower(),
                {
                    "zoneId": zone.id,
                    "name": f"www.{name}",
                    "type": "A",
                    "setIdentifier": role,
                    "failoverRoutingPolicies": [{"type": role}],
                    **answer,
                },
            )

    def _peering(self, first: _Site) -> None:
        peering = self.add(
            "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
            "peering",
            {"vpcId": self.vpc.id, "peerVpcId": first.vpc.id, "peerRegion": first.region},
        )
        accepter = first.add(
            "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
            "accepter",
            {"vpcPeeringConnectionId": peering.id, "autoAccept": True},
        )
        for site, other in ((self, first), (first, self)):
            block = other.vpc.inputs["cidrBlock"]
            route = site.route("peer", site.public_table, block, vpcPeeringConnectionId=peering.id)
            route.depends_on = (accepter,)

    def _application(self, subnets: Sequence[Made]) -> None:
        """A function, the table that it writes with a copy in the other region, its secret, and
        backups that leave the region."""
        away = next(each for each in _REGIONS if each != self.region)
        table = self.add(
            "aws:dynamodb/table:Table",
            "orders",
            {
                "billingMode": "PAY_PER_REQUEST",
                "hashKey": "id",
                "attributes": [{"name": "id", "type": "S"}],
                "streamEnabled": True,
                "streamViewType": "NEW_AND_OLD_IMAGES",
                "replicas": [{"regionName": away}],
            },
            {"name": f"orders-{self._number}", "streamArn": f"stream-{self._number}"},
        )
        secret = self.add(
            "aws:secretsmanager/secret:Secret", "orders", {"replicas": [{"region": away}]}
        )
        self.add(
            "aws:secretsmanager/secretVersion:SecretVersion",
            "orders",
            {"secretId": secret.id, "secretString": Secret("a-token-of-another-service")},
        )
        group = self.add("aws:ec2/securityGroup:SecurityGroup", "orders", {"vpcId": self.vpc.id})
        function = self.add(
            "aws:lambda/function:Function",
            "orders",
            {
                "role": f"arn:aws:iam::{_ACCOUNT}:role/orders",
                "runtime": "python3.13",
                "environment": {
                    "variables": {"TABLE": table.output("name"), "SECRET": secret.output("arn")}
                },
                "vpcConfig": {
                    "subnetIds": [subnet.id for subnet in subnets],
                    "securityGroupIds": [group.id],
                },
            },
        )
        self.add(
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            "orders",
            {"eventSourceArn": table.output("streamArn"), "functionName": function.output("arn")},
        )
        vault = self.add("aws:backup/vault:Vault", "daily", {"name": f"daily-{self._number}"})
        there = f"arn:aws:backup:{away}:{_ACCOUNT}:backup-vault:copies"
        rule = {"ruleName": "daily", "targetVaultName": vault.output("name")}
        self.add(
            "aws:backup/plan:Plan",
            "daily",
            {"rules": [{**rule, "copyActions": [{"destinationVaultArn": there}]}]},
        )

    def _messages(self) -> None:
        """Queues, events and a cache that is shared with the other region."""
        dead = self.add("aws:sqs/queue:Queue", "dead", {})
        policy = Output(json.dumps({"deadLetterTargetArn": f"arn-{self._number}"}), (dead,))
        self.add("aws:sqs/queue:Queue", "orders", {"redrivePolicy": policy})
        bus = self.add(
            "aws:cloudwatch/eventBus:EventBus", "orders", {"name": f"orders-{self._number}"}
        )
        role = {"roleArn": f"arn:aws:iam::{_ACCOUNT}:role/events"}
        target = {"arn": bus.output("arn"), "rule": f"orders-{self._number}", **role}
        self.add("aws:cloudwatch/eventTarget:EventTarget", "orders", target)
        self.add(
            "aws:cloudwatch/eventEndpoint:EventEndpoint",
            "orders",
            {"eventBuses": [{"eventBusArn": bus.output("arn")}], **role},
        )
        group = self.add(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "sessions",
            {"nodeType": "cache.r7g.large"},
        )
        self.add(
            "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
            "sessions",
            {"primaryReplicationGroupId": group.id},
        )

    def _storage(self) -> None:
        """A bucket that writes what happens to it into a trail, and a log group with a key."""
        bucket = self.add("aws:s3/bucket:Bucket", "audit", {"bucket": f"audit-{self._number}"})
        owner = {"bucket": bucket.id, "rule": {"objectOwnership": "BucketOwnerPreferred"}}
        controls = self.add(
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "audit", owner
        )
        access = {"bucket": bucket.id, "acl": "private"}
        self.add("aws:s3/bucketAcl:BucketAcl", "audit", access, depends_on=[controls])
        statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject"}
        policy = {"bucket": bucket.id, "policy": json.dumps({"Statement": [statement]})}
        allowed = self.add("aws:s3/bucketPolicy:BucketPolicy", "audit", policy)
        trail = {"s3BucketName": bucket.id}
        self.add("aws:cloudtrail/trail:Trail", "audit", trail, depends_on=[allowed])
        self.add(
            "aws:s3/bucketVersioning:BucketVersioning",
            "audit",
            {"bucket": bucket.id, "versioningConfiguration": {"status": "Enabled"}},
        )
        copy = self.add("aws:s3/bucket:Bucket", "audit-copy", {"objectLockEnabled": True})
        self.add(
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
            "audit",
            {"bucket": bucket.id, "rules": [{"destination": {"bucket": copy.output("arn")}}]},
        )
        self.add("aws:cloudwatch/logGroup:LogGroup", "audit", {"name": f"/audit/{self._number}"})

    def _edge(self) -> None:
        """An accelerator, the logs of a web ACL, and a private integration of an API."""
        entry = self.add("aws:globalaccelerator/accelerator:Accelerator", "entry", {})
        ports = {"portRanges": [{"fromPort": 443, "toPort": 443}], "protocol": "TCP"}
        listener = self.add(
            "aws:globalaccelerator/listener:Listener",
            "entry",
            {"acceleratorArn": entry.id, **ports},
        )
        self.add(
            "aws:globalaccelerator/endpointGroup:EndpointGroup",
            "entry",
            {"listenerArn": listener.id, "endpointGroupRegion": self.region},
        )
        logs = f"arn:aws:s3:::aws-waf-logs-{self._number}"
        logging = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
        self.add(logging, "web", {"logDestinationConfigs": [logs]})
        api = self.add("aws:apigatewayv2/api:Api", "orders", {"protocolType": "HTTP"})
        self.add(
            "aws:apigatewayv2/integration:Integration",
            "orders",
            {
                "apiId": api.id,
                "connectionType": "INTERNET",
                "integrationUri": "https://acme-corp.net",
            },
        )

    def _other(self, position: int) -> None:
        token, said = next(self._others)
        self.add(
            token, f"{token.rpartition(':')[2].lower()}-{position}", said or self._any(position)
        )

    def _any(self, position: int) -> Mapping[str, Any]:
        source = self._made[-1 - position % 7]
        return {
            "description": f"Part {position} of site {self._number}",
            "source": source.id,
            "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]},
        }


_OF_FAMILIES: Final[Sequence[_Other]] = tuple(
    (row.kinds[0], row.accepted[0]) for rule in RULES for row in rule.refusals[:1]
)
"""A resource of each family of refusals, with inputs that AWS takes."""


def _ballast(name: str, wanted: int) -> Mapping[str, Any]:
    """Properties of the sorts that real ones have: texts, nulls, numbers, flags, nested blocks."""
    properties: dict[str, Any] = {}
    while _size(properties) < wanted:
        position = len(properties)
        properties[f"attribute{position}"] = (
            f"arn:aws:service:region:{_ACCOUNT}:{name}/{position}",
            None,
            position * 60,
            [{"key": f"setting-{position}", "value": "enabled", "propagate": True}],
            bool(position % 2),
            {"enabled": True, "retentionInDays": 30, "prefix": f"logs/{name}"},
        )[position % 6]
    return properties


def _size(properties: Mapping[str, Any]) -> int:
    """About how many bytes they take on the wire; an output is an id or a placeholder."""
    return len(json.dumps(properties, default=lambda _: "12345678-1234-1234-1234-123456789012"))
