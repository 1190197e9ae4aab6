"""What breaks a valid stack: one named defect at a time, and the findings that it must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from policies import RULES
from policies.rule import AnyRule, Level
from policies.testing import Made, Secret
from tests.properties.topologies import DatabasePlan, NamesPlan, Plan, RegionParts, Topology, ref

Expected: TypeAlias = Iterator[tuple[str, Made | None]]
Break: TypeAlias = Callable[[Topology, RegionParts], Expected]


@dataclass(frozen=True)
class Mutation:
    """A defect. `prepare` draws the plan towards styles in which it can happen; `apply` makes it,
    in one region where the defect is of a region, and says which findings it must give."""

    name: str
    policies: tuple[str, ...]
    prepare: Callable[[Plan], Plan]
    apply: Break


MUTATIONS: Final[dict[str, Mutation]] = {}


def _mutation(
    *policies: str,
    prepare: Callable[[Plan], Plan] = lambda plan: plan,
) -> Callable[[Break], Break]:
    def register(apply: Break) -> Break:
        name = apply.__name__
        MUTATIONS[name] = Mutation(name, policies, prepare, apply)
        return apply

    return register


# --- what the plan must be like ------------------------------------------------------------------


def _regions(plan: Plan, **styles: Any) -> Plan:
    return replace(plan, regions=tuple(replace(each, **styles) for each in plan.regions))


def _with_separate_routes(plan: Plan) -> Plan:
    return _regions(
        plan, routes="halves" if plan.regions[0].routes.startswith("inline") else "separate"
    )


def _with_associations(plan: Plan) -> Plan:
    return _regions(plan, public="each" if plan.regions[0].public == "each" else "shared")


def _with_nats(plan: Plan) -> Plan:
    return _regions(plan, egress="one" if plan.regions[0].egress == "one" else "each")


def _with_peering(plan: Plan) -> Plan:
    """A peering that the `aws` provider makes."""
    first, *others = plan.regions
    return replace(plan, peering=True, regions=(replace(first, native=False), *others))


def _with_spokes(plan: Plan) -> Plan:
    return _regions(plan, spoke=True)


_SOME_DATABASE: Final = DatabasePlan(
    native=False,
    engine="aurora-postgresql",
    version="16.8",
    version_style="stated",
    origin="members",
    identifiers="id",
    encrypted=True,
    own_key_for_primary=True,
    credentials="password",
    secondary_first=True,
    instances=1,
    instance_class="db.r6g.large",
    group_by="name",
    backtrack_of_another=True,
)


def _database(**styles: Any) -> Callable[[Plan], Plan]:
    def prepare(plan: Plan) -> Plan:
        return replace(plan, database=replace(plan.database or _SOME_DATABASE, **styles))

    return prepare


def _names(**styles: Any) -> Callable[[Plan], Plan]:
    some = NamesPlan(
        native_zone=False,
        private=False,
        zone="dr.acme-corp.com",
        record="alias",
        literal_zone_id=False,
    )

    def prepare(plan: Plan) -> Plan:
        return replace(plan, names=replace(plan.names or some, **styles))

    return prepare


# --- ways to the internet ------------------------------------------------------------------------


def _public_nats(parts: RegionParts) -> list[Made]:
    return [] if parts.plan.egress == "private" else parts.nats


@_mutation("alb-public-subnets", "nlb-internet-gateway", "nat-gateway-public-subnet")
def no_internet_gateway(topology: Topology, parts: RegionParts) -> Expected:
    topology.remove(parts.gateway)
    yield "alb-public-subnets", parts.balancer
    yield "nlb-internet-gateway", parts.network_balancer
    for nat in _public_nats(parts):
        yield "nat-gateway-public-subnet", nat


def _first_subnet_is_private(parts: RegionParts) -> Expected:
    yield "alb-public-subnets", parts.balancer
    if parts.plan.egress in ("each", "one"):
        yield "nat-gateway-public-subnet", parts.nats[0]


@_mutation("alb-public-subnets", "nat-gateway-public-subnet", prepare=_with_separate_routes)
def no_route_to_the_gateway(topology: Topology, parts: RegionParts) -> Expected:
    topology.remove(*parts.public_routes)
    yield "alb-public-subnets", parts.balancer
    for nat in parts.nats if parts.plan.egress in ("each", "one") else ():
        yield "nat-gateway-public-subnet", nat


@_mutation(
    "alb-public-subnets",
    prepare=lambda plan: _regions(_with_associations(plan), native=False, routes="inline"),
)
def no_inline_route_to_the_gateway(topology: Topology, parts: RegionParts) -> Expected:
    topology.put(parts.public_tables[0], "routes", [])
    yield from _first_subnet_is_private(parts)
    if parts.plan.public == "shared" and parts.plan.egress == "each":
        for nat in parts.nats[1:]:
            yield "nat-gateway-public-subnet", nat


@_mutation("alb-public-subnets", prepare=_with_associations)
def no_association_of_one_subnet(topology: Topology, parts: RegionParts) -> Expected:
    topology.remove(parts.public_associations[0])
    yield from _first_subnet_is_private(parts)


@_mutation("alb-public-subnets", prepare=_with_nats)
def load_balancer_in_private_subnets(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.balancer is not None
    topology.unset(parts.balancer, "subnetMappings")
    topology.put(parts.balancer, "subnets", [ref(each) for each in parts.private])
    yield "alb-public-subnets", parts.balancer


@_mutation("nat-gateway-public-subnet", prepare=_with_nats)
def nat_gateway_in_a_private_subnet(topology: Topology, parts: RegionParts) -> Expected:
    topology.put(parts.nats[0], "subnetId", ref(parts.private[0]))
    yield "nat-gateway-public-subnet", parts.nats[0]


# --- zones ---------------------------------------------------------------------------------------


def _move(topology: Topology, subnet: Made, to: Made) -> None:
    """Put a subnet into the zone of another."""
    for name in ("availabilityZone", "availabilityZoneId"):
        value = to.inputs.get(name, to.outputs.get(name))
        if name in subnet.inputs:
            topology.put(subnet, name, value)
        else:
            subnet.outputs[name] = value


@_mutation("alb-availability-zones")
def two_subnets_in_one_zone(topology: Topology, parts: RegionParts) -> Expected:
    _move(topology, parts.public[1], parts.public[0])
    yield "alb-availability-zones", parts.balancer
    yield "alb-availability-zones", parts.network_balancer


@_mutation("alb-availability-zones")
def load_balancer_in_one_subnet(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.balancer is not None
    topology.unset(parts.balancer, "subnetMappings")
    topology.put(parts.balancer, "subnets", [ref(parts.public[0])])
    yield "alb-availability-zones", parts.balancer


@_mutation("db-subnet-group-zones", prepare=_database())
def subnet_group_in_one_zone(topology: Topology, parts: RegionParts) -> Expected:
    for subnet in parts.isolated[1:]:
        _move(topology, subnet, parts.isolated[0])
    yield "db-subnet-group-zones", parts.subnet_group


# --- instances of RDS ----------------------------------------------------------------------------


@_mutation("rds-read-replica")
def replica_of_what_keeps_no_backups(topology: Topology, parts: RegionParts) -> Expected:
    place: dict[str, Any] = {"provider": {"region": parts.place}, "provider_name": "databases"}
    token, size = "aws:rds/instance:Instance", {"instanceClass": "db.m7g.large"}
    source = topology.stack.add(token, "orders", {"engine": "mysql", **size}, **place)
    given = {"replicateSourceDb": source.id, **size}
    yield "rds-read-replica", topology.stack.add(token, "orders-copy", given, **place)


@_mutation("rds-matching-parts")
def parameters_of_another_engine(topology: Topology, parts: RegionParts) -> Expected:
    place: dict[str, Any] = {"provider": {"region": parts.place}, "provider_name": "databases"}
    group = topology.stack.add(
        "aws:rds/parameterGroup:ParameterGroup", "orders", {"family": "postgres17"}, **place
    )
    given = {"engine": "mysql", "parameterGroupName": group.id, "instanceClass": "db.m7g.large"}
    database = topology.stack.add("aws:rds/instance:Instance", "orders", given, **place)
    yield "rds-matching-parts", database


# --- names ---------------------------------------------------------------------------------------


@_mutation("zone-in-region")
def volume_in_a_zone_of_another_region(topology: Topology, parts: RegionParts) -> Expected:
    other = "eu-west-3" if parts.place != "eu-west-3" else "eu-west-1"
    volume = topology.stack.add(
        "aws:ebs/volume:Volume",
        "data",
        {"availabilityZone": f"{other}a", "size": 10},
        provider={"region": parts.place},
        provider_name="volumes",
    )
    yield "zone-in-region", volume


@_mutation("hosted-zone-reserved-name", prepare=_names(private=False))
def reserved_zone_name(topology: Topology, _: RegionParts) -> Expected:
    assert topology.zone is not None
    topology.put(topology.zone, "name", "dr-failover-7.example.com")
    yield "hosted-zone-reserved-name", topology.zone


@_mutation("failover-record-health", prepare=_names(record="address"))
def primary_address_without_health_check(topology: Topology, _: RegionParts) -> Expected:
    topology.unset(topology.records[0], "healthCheckId")
    yield "failover-record-health", topology.records[0]


@_mutation("failover-record-health", prepare=_names(record="alias"))
def primary_alias_without_target_health(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.records[0]
    aliases = [{**primary.inputs["aliases"][0], "evaluateTargetHealth": False}]
    topology.put(primary, "aliases", aliases)
    yield "failover-record-health", primary


@_mutation("record-sets", prepare=_names(record="address"))
def simple_record_beside_the_pair(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.records[0]
    said = {name: primary.inputs[name] for name in ("zoneId", "name", "type", "records", "ttl")}
    old = topology.stack.add("aws:route53/record:Record", "old-endpoint", said)
    yield "record-sets", old


# --- what AWS refuses of one resource ------------------------------------------------------------


def _first_of(family: AnyRule) -> None:
    """The first refusal of a family; its other rows have tests of their own."""
    row = family.refusals[0]

    def refused(topology: Topology, parts: RegionParts) -> Expected:
        kind, region = row.kinds[0], {"region": parts.place}
        yield family.name, topology.stack.add(kind, "refused", dict(row.refused), provider=region)

    refused.__name__ = f"refused_by_{family.name}"
    _mutation(family.name)(refused)


for _rule in RULES:
    if _rule.refusals and _rule.level is Level.MANDATORY:
        _first_of(_rule)


def _alone(policy: str, kind: str, inputs: Mapping[str, Any]) -> None:
    """A resource that is wrong by the literal names in it, whatever is beside it."""

    def refused(topology: Topology, parts: RegionParts) -> Expected:
        region = {"region": parts.place}
        yield policy, topology.stack.add(kind, "refused", dict(inputs), provider=region)

    refused.__name__ = f"refused_by_{policy}"
    _mutation(policy)(refused)


_alone(
    "dynamodb-global-tables",
    "aws:dynamodb/table:Table",
    {
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": "1234abcd"},
        "replicas": [{"regionName": "ca-west-1"}],
        "streamEnabled": True,
    },
)
_alone(
    "replica-references",
    "aws:cloudwatch/eventEndpoint:EventEndpoint",
    {
        "roleArn": "arn:aws:iam::123456789012:role/events",
        "eventBuses": [
            {"eventBusArn": f"arn:aws:events:{each}:123456789012:event-bus/of-{each}"}
            for each in ("us-east-1", "us-west-2")
        ],
    },
)
_alone(
    "output-as-text",
    "aws:ssm/parameter:Parameter",
    {"type": "String", "value": "Calling [toJSON] on an [Output<T>] is not supported."},
)
_alone(
    "load-balancer-wiring",
    "aws:lb/listener:Listener",
    {"protocol": "HTTPS", "certificateArn": "placeholder"},
)
_alone(
    "queue-kinds",
    "aws:sqs/queue:Queue",
    {"redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:::dead.fifo"}'},
)
_alone(
    "event-targets",
    "aws:cloudwatch/eventTarget:EventTarget",
    {"arn": "arn:aws:events:us-west-2:123456789012:event-bus/orders"},
)


@_mutation("ecs-service")
def service_without_a_network(topology: Topology, parts: RegionParts) -> Expected:
    here = {"region": parts.place}
    add = topology.stack.add
    given = {"family": "app", "networkMode": "awsvpc"}
    arn = f"arn:aws:ecs:{parts.place}:111122223333:task-definition/app:1"
    kind = "aws:ecs/taskDefinition:TaskDefinition"
    task = add(kind, "app", given, provider=here, computed={"arn": arn})
    running = {"taskDefinition": task.output("arn")}
    yield "ecs-service", add("aws:ecs/service:Service", "app", running, provider=here)


@_mutation("health-check-sources")
def calculated_child_of_a_calculated_check(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:route53/healthCheck:HealthCheck"
    child = _beside(topology, parts, kind, "child", type="CALCULATED")
    given = {"type": "CALCULATED", "childHealthchecks": [child.id]}
    yield "health-check-sources", _beside(topology, parts, kind, "parent", **given)


_alone(
    "cloudfront-parts",
    "aws:cloudfront/distribution:Distribution",
    {"webAclId": "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/site/1"},
)
_alone(
    "waf-parts",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    {"logDestinationConfigs": ["arn:aws:s3:::logs"]},
)


@_mutation("global-accelerator")
def endpoint_groups_of_one_region(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:globalaccelerator/endpointGroup:EndpointGroup"
    given = {"listenerArn": "arn:listener", "endpointGroupRegion": "us-east-1"}
    _beside(topology, parts, kind, "first", **given)
    yield "global-accelerator", _beside(topology, parts, kind, "second", **given)


_alone(
    "api-vpc-link",
    "aws:apigateway/vpcLink:VpcLink",
    {"targetArn": "arn:aws:elasticloadbalancing:::loadbalancer/app/web/1"},
)


@_mutation("hosted-zone-parts")
def vpc_of_a_public_zone(topology: Topology, parts: RegionParts) -> Expected:
    zone = _beside(topology, parts, "aws:route53/zone:Zone", "public", name="db.acme-corp.net")
    kind = "aws:route53/zoneAssociation:ZoneAssociation"
    given = {"zoneId": zone.id, "vpcId": "vpc-0f1e2d3c4b5a69788"}
    yield "hosted-zone-parts", _beside(topology, parts, kind, "joined", **given)


@_mutation("elasticache-global-datastore")
def small_nodes_of_a_global_datastore(topology: Topology, parts: RegionParts) -> Expected:
    here = {"region": parts.place}
    add = topology.stack.add
    kind = "aws:elasticache/replicationGroup:ReplicationGroup"
    group = add(kind, "sessions", {"nodeType": "cache.t4g.medium"}, provider=here)
    yield (
        "elasticache-global-datastore",
        add(
            "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
            "sessions-global",
            {"primaryReplicationGroupId": group.id},
            provider=here,
        ),
    )


# --- buckets, keys and names ---------------------------------------------------------------------


def _bucket(topology: Topology, parts: RegionParts, name: str, **said: Any) -> Made:
    given = {"bucket": f"{name}-1a2b3c4", **said}
    computed = {"arn": f"arn:aws:s3:::{given['bucket']}"}
    return topology.stack.add(
        "aws:s3/bucket:Bucket", name, given, computed=computed, provider={"region": parts.place}
    )


def _beside(topology: Topology, parts: RegionParts, kind: str, called: str, **said: Any) -> Made:
    return topology.stack.add(kind, called, said, provider={"region": parts.place})


@_mutation("s3-versioning")
def unversioned_copy(topology: Topology, parts: RegionParts) -> Expected:
    home = _bucket(topology, parts, "documents", versioning={"enabled": True})
    copy = _bucket(topology, parts, "documents-copy")
    rules = [{"status": "Enabled", "destination": {"bucket": copy.output("arn")}}]
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    yield "s3-versioning", _beside(topology, parts, kind, "copies", bucket=home.id, rules=rules)


@_mutation("s3-acl")
def acl_of_a_new_bucket(topology: Topology, parts: RegionParts) -> Expected:
    bucket = _bucket(topology, parts, "documents").id
    kind = "aws:s3/bucketAcl:BucketAcl"
    yield "s3-acl", _beside(topology, parts, kind, "access", bucket=bucket, acl="private")


@_mutation("log-group-key-policy")
def key_that_shuts_cloudwatch_logs_out(topology: Topology, parts: RegionParts) -> Expected:
    key = _beside(topology, parts, "aws:kms/key:Key", "logs-key")
    kind = "aws:cloudwatch/logGroup:LogGroup"
    made = _beside(topology, parts, kind, "logs", name="/logs", kmsKeyId=key.output("arn"))
    yield "log-group-key-policy", made


@_mutation("cloudtrail-bucket-policy")
def bucket_that_shuts_cloudtrail_out(topology: Topology, parts: RegionParts) -> Expected:
    bucket = _bucket(topology, parts, "documents").id
    kind = "aws:cloudtrail/trail:Trail"
    yield (
        "cloudtrail-bucket-policy",
        _beside(topology, parts, kind, "audit", s3BucketName=bucket),
    )


@_mutation("duplicate-names")
def one_name_twice(topology: Topology, parts: RegionParts) -> Expected:
    role = "aws:iam/role:Role"
    _beside(topology, parts, role, "first", name="reports")
    yield "duplicate-names", _beside(topology, parts, role, "second", name="reports")


# --- the database --------------------------------------------------------------------------------


def _secondary(topology: Topology) -> Made:
    cluster = topology.regions[1].cluster
    assert cluster is not None
    return cluster


@_mutation("aurora-global-backtrack", prepare=_database())
def backtrack_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    topology.put(_secondary(topology), "backtrackWindow", 259200)
    yield "aurora-global-backtrack", _secondary(topology)


@_mutation("aurora-global-backtrack", prepare=_database(origin="members"))
def backtrack_on_the_primary(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.regions[0].cluster
    assert primary is not None
    topology.put(primary, "backtrackWindow", 3600.0)
    yield "aurora-global-backtrack", primary


@_mutation(
    "aurora-global-source-backtrack",
    prepare=_database(origin="source", engine="aurora-mysql", version="8.0.mysql_aurora.3.08.0"),
)
def backtrack_on_the_source(topology: Topology, _: RegionParts) -> Expected:
    source = topology.regions[0].cluster
    assert source is not None
    topology.put(source, "backtrackWindow", "3600")
    yield "aurora-global-source-backtrack", source


@_mutation("aurora-backtrack-engine", prepare=_database(backtrack_of_another=True))
def backtrack_on_postgres(topology: Topology, _: RegionParts) -> Expected:
    lone = topology.regions[0].lone_cluster
    assert lone is not None
    topology.put(lone, "engine", "aurora-postgresql")
    topology.put(lone, "engineVersion", "16.8")
    yield "aurora-backtrack-engine", lone


@_mutation("aurora-serverless-v1", prepare=_database(backtrack_of_another=True))
def serverless_v1(topology: Topology, _: RegionParts) -> Expected:
    lone = topology.regions[0].lone_cluster
    assert lone is not None
    topology.unset(lone, "backtrackWindow")
    topology.put(lone, "engineMode", "serverless")
    yield "aurora-serverless-v1", lone


@_mutation(
    "aurora-global-engine-version",
    prepare=_database(
        engine="aurora-postgresql", version="15.4", version_style="stated", origin="members"
    ),
)
def version_too_old_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "aurora-global-engine-version", topology.global_cluster
    for parts in topology.regions:
        yield "aurora-global-engine-version", parts.cluster


@_mutation(
    "engine-version-retired",
    prepare=_database(
        engine="aurora-postgresql", version="16.4", version_style="stated", origin="members"
    ),
)
def version_withdrawn_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "engine-version-retired", topology.global_cluster
    for parts in topology.regions:
        yield "engine-version-retired", parts.cluster


@_mutation(
    "aurora-global-members",
    prepare=_database(
        engine="aurora-postgresql", version="15.4", version_style="stated", origin="source"
    ),
)
def version_of_the_source_too_old_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "aurora-global-members", topology.regions[0].cluster
    for parts in topology.regions[1:]:
        yield "aurora-global-engine-version", parts.cluster


@_mutation(
    "aurora-global-members",
    prepare=_database(
        engine="aurora-postgresql", version="16.8", version_style="stated", origin="members"
    ),
)
def another_version_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    topology.put(_secondary(topology), "engineVersion", "17.7")
    yield "aurora-global-members", _secondary(topology)


@_mutation("aurora-global-members", prepare=_database(origin="members", encrypted=False))
def another_encryption_on_a_secondary(topology: Topology, parts: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.put(secondary, "storageEncrypted", True)
    topology.put(secondary, "kmsKeyId", f"arn:aws:kms:{topology.regions[1].place}:1:key/k")
    yield "aurora-global-members", secondary


@_mutation("aurora-global-members", prepare=_database(origin="members", own_key_for_primary=True))
def two_members_in_one_region(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.regions[0].cluster
    assert primary is not None
    native = primary.type.startswith("aws-native:")
    given = {**primary.inputs, "dbClusterIdentifier" if native else "clusterIdentifier": "dr-again"}
    own = ("masterUsername", "masterPassword", "masterUserPassword", "databaseName")
    again = topology.stack.add(
        primary.type,
        "zzz-again",
        {name: value for name, value in given.items() if name not in own},
        computed={"engineVersion": primary.inputs.get("engineVersion", "")},
        provider=primary.provider,
        provider_name=primary.provider_name,
        depends_on=topology.regions[0].instances,
    )
    yield "aurora-global-members", again


@_mutation("aurora-global-secondary", prepare=_database())
def credentials_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    native = secondary.type.startswith("aws-native:")
    topology.put(secondary, "masterUsername", "dr_admin")
    topology.put(
        secondary, "masterUserPassword" if native else "masterPassword", Secret("hunter3-hunter3")
    )
    yield "aurora-global-secondary", secondary


@_mutation("aurora-global-secondary", prepare=_database(encrypted=True))
def encrypted_secondary_without_a_key(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.unset(secondary, "kmsKeyId")
    yield "aurora-global-secondary", secondary


@_mutation("aurora-global-secondary", prepare=_database())
def snapshot_of_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.put(secondary, "snapshotIdentifier", "rds:yesterday")
    yield "aurora-global-secondary", secondary


@_mutation("aurora-global-instance-class", prepare=_database())
def burstable_instance(topology: Topology, parts: RegionParts) -> Expected:
    instance = parts.instances[0]
    native = instance.type.startswith("aws-native:")
    topology.put(instance, "dbInstanceClass" if native else "instanceClass", "db.t4g.medium")
    yield "aurora-global-instance-class", instance


# --- between VPCs --------------------------------------------------------------------------------


@_mutation("vpc-peering-accepted", prepare=_with_peering)
def nobody_accepts_the_peering(topology: Topology, _: RegionParts) -> Expected:
    assert topology.accepter is not None
    assert topology.peering is not None
    topology.remove(topology.accepter)
    topology.peering.outputs["acceptStatus"] = "pending-acceptance"
    yield "vpc-peering-accepted", topology.peering


@_mutation("vpc-peering-accepted", prepare=_with_peering)
def accepted_in_the_wrong_region(topology: Topology, _: RegionParts) -> Expected:
    assert topology.accepter is not None
    assert topology.peering is not None
    _move_to(topology.accepter, topology.regions[0].place, topology.plan)
    topology.peering.outputs["acceptStatus"] = "pending-acceptance"
    yield "vpc-peering-accepted", topology.peering


@_mutation("vpc-peering-accepted", prepare=_with_peering)
def automatic_acceptance_across_regions(topology: Topology, _: RegionParts) -> Expected:
    assert topology.peering is not None
    topology.put(topology.peering, "autoAccept", True)
    yield "vpc-peering-accepted", topology.peering


@_mutation("vpc-peering-accepted", prepare=_with_peering)
def no_peer_region(topology: Topology, _: RegionParts) -> Expected:
    peering = topology.peering
    assert peering is not None
    topology.unset(peering, "peerRegion")
    peering.outputs |= {"peerRegion": topology.regions[0].place, "acceptStatus": "failed"}
    yield "vpc-peering-accepted", peering


@_mutation("vpc-peering-cidr-overlap", prepare=_with_peering)
def peers_share_a_secondary_range(topology: Topology, _: RegionParts) -> Expected:
    first, second = topology.regions[:2]
    native = second.plan.native
    made = topology.stack.add(
        "aws-native:ec2:VpcCidrBlock"
        if native
        else "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "overlap",
        {"vpcId": ref(second.vpc), "cidrBlock": first.cidr.replace("0.0/16", "192.0/18")},
    )
    _move_to(made, second.place, topology.plan)
    yield "vpc-peering-cidr-overlap", topology.peering


@_mutation("vpc-peering-cidr-overlap", prepare=_with_spokes)
def spoke_has_the_range_of_the_hub(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.spoke is not None
    topology.put(parts.spoke, "cidrBlock", parts.cidr)
    yield "vpc-peering-cidr-overlap", parts.spoke_peering


@_mutation("subnet-cidr")
def subnet_outside_its_vpc(topology: Topology, parts: RegionParts) -> Expected:
    topology.put(parts.private[0], "cidrBlock", "192.168.7.0/24")
    yield "subnet-cidr", parts.private[0]


@_mutation("subnet-cidr")
def subnet_over_its_sibling(topology: Topology, parts: RegionParts) -> Expected:
    one, other = sorted(parts.private[:2], key=lambda subnet: subnet.name)
    topology.put(other, "cidrBlock", one.inputs["cidrBlock"])
    yield "subnet-cidr", other


@_mutation("vpc-wiring")
def second_internet_gateway(topology: Topology, parts: RegionParts) -> Expected:
    given, kind = {"vpcId": ref(parts.vpc)}, "aws:ec2/internetGateway:InternetGateway"
    second = topology.stack.add(kind, "zzz-second", given)
    _move_to(second, parts.place, topology.plan)
    yield "vpc-wiring", second


@_mutation("vpc-endpoints")
def endpoint_twice_in_a_zone(topology: Topology, parts: RegionParts) -> Expected:
    given = {"vpcId": ref(parts.vpc), "vpcEndpointType": "Interface"}
    kind, subnet = "aws:ec2/subnet:Subnet", {"availabilityZone": f"{parts.place}a"}
    subnets = []
    for number in (1, 2):
        inputs = {"vpcId": ref(parts.vpc), **subnet}
        subnets.append(topology.stack.add(kind, f"endpoints-{number}", inputs))
        _move_to(subnets[-1], parts.place, topology.plan)
    given |= {"subnetIds": [ref(each) for each in subnets]}
    made = topology.stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", given)
    _move_to(made, parts.place, topology.plan)
    yield "vpc-endpoints", made


@_mutation("vpc-local-references", prepare=_with_spokes)
def target_group_of_the_spoke(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.spoke is not None
    assert parts.target_group is not None
    topology.put(parts.target_group, "vpcId", ref(parts.spoke))
    yield "vpc-local-references", parts.listener


@_mutation("vpc-local-references", prepare=_with_spokes)
def security_group_of_the_spoke(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.spoke is not None
    assert parts.balancer is not None
    group = topology.stack.add(
        "aws:ec2/securityGroup:SecurityGroup", "stray", {"vpcId": ref(parts.spoke)}
    )
    _move_to(group, parts.place, topology.plan)
    topology.put(parts.balancer, "securityGroups", [group.id])
    yield "vpc-local-references", parts.balancer


# --- a forgotten provider ------------------------------------------------------------------------


def _move_to(made: Made, place: str, plan: Plan) -> None:
    """Let the provider of another region make it."""
    native = made.type.startswith("aws-native:")
    made.provider, made.provider_name = {"region": place}, f"{place}-native" if native else place
    made.outputs.pop("region", None)
    made.inputs = {key: each for key, each in made.inputs.items() if key != "region"}
    if plan.version == 7 and not native:
        made.inputs = {**made.inputs, "region": place}


def _with_known_regions(plan: Plan) -> Plan:
    return replace(
        _with_nats(plan), providers="each" if plan.providers == "environment" else plan.providers
    )


def _forgotten(*, prepare: Callable[[Plan], Plan] = _with_known_regions) -> Callable[[Any], Any]:
    """Register a defect for a resource that the provider of another region makes. The finding is
    on it, or on what names it where it names nothing itself."""

    def register(choose: Callable[[RegionParts], tuple[Made | None, Made | None]]) -> None:
        def apply(topology: Topology, parts: RegionParts) -> Expected:
            lost, subject = choose(parts)
            if lost is not None:
                position = topology.regions.index(parts)
                _move_to(lost, topology.regions[position - 1].place, topology.plan)
                yield "region-local-references", subject

        apply.__name__ = choose.__name__
        _mutation("region-local-references", prepare=prepare)(apply)

    return register


@_forgotten()
def forgotten_provider_of_a_target_group(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.target_group, parts.target_group


@_forgotten()
def forgotten_provider_of_a_listener(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.listener, parts.listener


@_forgotten()
def forgotten_provider_of_a_load_balancer(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.balancer, parts.balancer


@_forgotten()
def forgotten_provider_of_a_security_group(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.group, parts.group


@_forgotten()
def forgotten_provider_of_a_nat_gateway(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.nats[0], parts.nats[0]


@_forgotten()
def forgotten_provider_of_a_route_table(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.private_table, parts.private_table


def _with_known_regions_and_database(plan: Plan) -> Plan:
    # A literal name proves nothing across regions: another region may have one of that name.
    return _database(encrypted=True, identifiers="id", group_by="name")(_with_known_regions(plan))


@_forgotten(prepare=_with_known_regions_and_database)
def forgotten_provider_of_a_subnet_group(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.subnet_group, parts.subnet_group


@_forgotten(prepare=_with_known_regions_and_database)
def forgotten_provider_of_a_key(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.key, parts.cluster


@_forgotten(prepare=_with_known_regions_and_database)
def forgotten_provider_of_a_cluster(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.cluster, parts.cluster


@_forgotten(prepare=_with_known_regions_and_database)
def forgotten_provider_of_an_instance(parts: RegionParts) -> tuple[Made | None, Made | None]:
    return parts.instances[0], parts.instances[0]
