"""What breaks a valid stack so that AWS refuses it or it cannot work: one named defect at a time,
and the findings that it must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from policies import RULES
from policies.rule import AnyRule
from policies.testing import Made, Secret
from tests.properties.defect import (
    Expected,
    alone,
    beside,
    defect,
    with_associations,
    with_database,
    with_names,
    with_nats,
    with_peering,
    with_regions,
    with_separate_routes,
    with_spokes,
)
from tests.properties.topologies import Plan, RegionParts, Topology, ref

# --- ways to the internet ------------------------------------------------------------------------


def _public_nats(parts: RegionParts) -> list[Made]:
    return [] if parts.plan.egress == "private" else parts.nats


@defect("alb-public-subnets", "nlb-internet-gateway", "nat-gateway-public-subnet")
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


@defect("alb-public-subnets", "nat-gateway-public-subnet", prepare=with_separate_routes)
def no_route_to_the_gateway(topology: Topology, parts: RegionParts) -> Expected:
    topology.remove(*parts.public_routes)
    yield "alb-public-subnets", parts.balancer
    for nat in parts.nats if parts.plan.egress in ("each", "one") else ():
        yield "nat-gateway-public-subnet", nat


@defect(
    "alb-public-subnets",
    prepare=lambda plan: with_regions(with_associations(plan), native=False, routes="inline"),
)
def no_inline_route_to_the_gateway(topology: Topology, parts: RegionParts) -> Expected:
    topology.put(parts.public_tables[0], "routes", [])
    yield from _first_subnet_is_private(parts)
    if parts.plan.public == "shared" and parts.plan.egress == "each":
        for nat in parts.nats[1:]:
            yield "nat-gateway-public-subnet", nat


@defect("alb-public-subnets", prepare=with_associations)
def no_association_of_one_subnet(topology: Topology, parts: RegionParts) -> Expected:
    topology.remove(parts.public_associations[0])
    yield from _first_subnet_is_private(parts)


@defect("alb-public-subnets", prepare=with_nats)
def load_balancer_in_private_subnets(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.balancer is not None
    topology.unset(parts.balancer, "subnetMappings")
    topology.put(parts.balancer, "subnets", [ref(each) for each in parts.private])
    yield "alb-public-subnets", parts.balancer


@defect("nat-gateway-public-subnet", prepare=with_nats)
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


@defect("alb-availability-zones")
def two_subnets_in_one_zone(topology: Topology, parts: RegionParts) -> Expected:
    _move(topology, parts.public[1], parts.public[0])
    yield "alb-availability-zones", parts.balancer
    yield "alb-availability-zones", parts.network_balancer


@defect("alb-availability-zones")
def load_balancer_in_one_subnet(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.balancer is not None
    topology.unset(parts.balancer, "subnetMappings")
    topology.put(parts.balancer, "subnets", [ref(parts.public[0])])
    yield "alb-availability-zones", parts.balancer


@defect("db-subnet-group-zones", prepare=with_database())
def subnet_group_in_one_zone(topology: Topology, parts: RegionParts) -> Expected:
    for subnet in parts.isolated[1:]:
        _move(topology, subnet, parts.isolated[0])
    yield "db-subnet-group-zones", parts.subnet_group


# --- instances of RDS ----------------------------------------------------------------------------


@defect("rds-read-replica")
def replica_of_what_keeps_no_backups(topology: Topology, parts: RegionParts) -> Expected:
    place: dict[str, Any] = {"provider": {"region": parts.place}, "provider_name": "databases"}
    token, size = "aws:rds/instance:Instance", {"instanceClass": "db.m7g.large"}
    source = topology.stack.add(token, "orders", {"engine": "mysql", **size}, **place)
    given = {"replicateSourceDb": source.id, **size}
    yield "rds-read-replica", topology.stack.add(token, "orders-copy", given, **place)


@defect("rds-matching-parts")
def parameters_of_another_engine(topology: Topology, parts: RegionParts) -> Expected:
    place: dict[str, Any] = {"provider": {"region": parts.place}, "provider_name": "databases"}
    group = topology.stack.add(
        "aws:rds/parameterGroup:ParameterGroup", "orders", {"family": "postgres17"}, **place
    )
    given = {"engine": "mysql", "parameterGroupName": group.id, "instanceClass": "db.m7g.large"}
    database = topology.stack.add("aws:rds/instance:Instance", "orders", given, **place)
    yield "rds-matching-parts", database


# --- names ---------------------------------------------------------------------------------------


@defect("zone-in-region")
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


@defect("hosted-zone-reserved-name", prepare=with_names(private=False))
def reserved_zone_name(topology: Topology, _: RegionParts) -> Expected:
    assert topology.zone is not None
    topology.put(topology.zone, "name", "dr-failover-7.example.com")
    yield "hosted-zone-reserved-name", topology.zone


@defect("failover-record-health", prepare=with_names(record="address"))
def primary_address_without_health_check(topology: Topology, _: RegionParts) -> Expected:
    topology.unset(topology.records[0], "healthCheckId")
    yield "failover-record-health", topology.records[0]


@defect("failover-record-health", prepare=with_names(record="alias"))
def primary_alias_without_target_health(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.records[0]
    aliases = [{**primary.inputs["aliases"][0], "evaluateTargetHealth": False}]
    topology.put(primary, "aliases", aliases)
    yield "failover-record-health", primary


@defect("record-sets", prepare=with_names(record="address"))
def simple_record_beside_the_pair(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.records[0]
    said = {name: primary.inputs[name] for name in ("zoneId", "name", "type", "records", "ttl")}
    old = topology.stack.add("aws:route53/record:Record", "old-endpoint", said)
    yield "record-sets", old


# --- what AWS refuses of one resource ------------------------------------------------------------


def _first_of(family: AnyRule) -> None:
    """The first refusal of a family; its other rows have tests of their own."""
    row = family.refusals[0]
    alone(family.name, row.kinds[0], row.refused)


for _rule in RULES:
    if _rule.refusals:
        _first_of(_rule)


alone(
    "dynamodb-global-tables",
    "aws:dynamodb/table:Table",
    {
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": "1234abcd"},
        "replicas": [{"regionName": "ca-west-1"}],
        "streamEnabled": True,
    },
)
alone(
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
alone(
    "output-as-text",
    "aws:ssm/parameter:Parameter",
    {"type": "String", "value": "Calling [toJSON] on an [Output<T>] is not supported."},
)
alone(
    "load-balancer-wiring",
    "aws:lb/listener:Listener",
    {"protocol": "HTTPS", "certificateArn": "placeholder"},
)
alone(
    "queue-kinds",
    "aws:sqs/queue:Queue",
    {"redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:::dead.fifo"}'},
)
alone(
    "event-targets",
    "aws:cloudwatch/eventTarget:EventTarget",
    {"arn": "arn:aws:events:us-west-2:123456789012:event-bus/orders"},
)


@defect("ecs-service")
def service_without_a_network(topology: Topology, parts: RegionParts) -> Expected:
    here = {"region": parts.place}
    add = topology.stack.add
    given = {"family": "app", "networkMode": "awsvpc"}
    arn = f"arn:aws:ecs:{parts.place}:111122223333:task-definition/app:1"
    kind = "aws:ecs/taskDefinition:TaskDefinition"
    task = add(kind, "app", given, provider=here, computed={"arn": arn})
    running = {"taskDefinition": task.output("arn")}
    yield "ecs-service", add("aws:ecs/service:Service", "app", running, provider=here)


@defect("health-check-sources")
def calculated_child_of_a_calculated_check(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:route53/healthCheck:HealthCheck"
    child = beside(topology, parts, kind, "child", type="CALCULATED")
    given = {"type": "CALCULATED", "childHealthchecks": [child.id]}
    yield "health-check-sources", beside(topology, parts, kind, "parent", **given)


alone(
    "cloudfront-parts",
    "aws:cloudfront/distribution:Distribution",
    {"webAclId": "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/site/1"},
)
alone(
    "waf-parts",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    {"logDestinationConfigs": ["arn:aws:s3:::logs"]},
)


@defect("global-accelerator")
def endpoint_groups_of_one_region(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:globalaccelerator/endpointGroup:EndpointGroup"
    given = {"listenerArn": "arn:listener", "endpointGroupRegion": "us-east-1"}
    beside(topology, parts, kind, "first", **given)
    yield "global-accelerator", beside(topology, parts, kind, "second", **given)


alone(
    "api-vpc-link",
    "aws:apigateway/vpcLink:VpcLink",
    {"targetArn": "arn:aws:elasticloadbalancing:::loadbalancer/app/web/1"},
)


@defect("hosted-zone-parts")
def vpc_of_a_public_zone(topology: Topology, parts: RegionParts) -> Expected:
    zone = beside(topology, parts, "aws:route53/zone:Zone", "public", name="db.acme-corp.net")
    kind = "aws:route53/zoneAssociation:ZoneAssociation"
    given = {"zoneId": zone.id, "vpcId": "vpc-0f1e2d3c4b5a69788"}
    yield "hosted-zone-parts", beside(topology, parts, kind, "joined", **given)


@defect("elasticache-global-datastore")
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


@defect("s3-versioning")
def unversioned_copy(topology: Topology, parts: RegionParts) -> Expected:
    home = _bucket(topology, parts, "documents", versioning={"enabled": True})
    copy = _bucket(topology, parts, "documents-copy")
    rules = [{"status": "Enabled", "destination": {"bucket": copy.output("arn")}}]
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    yield "s3-versioning", beside(topology, parts, kind, "copies", bucket=home.id, rules=rules)


@defect("s3-acl")
def acl_of_a_new_bucket(topology: Topology, parts: RegionParts) -> Expected:
    bucket = _bucket(topology, parts, "documents").id
    kind = "aws:s3/bucketAcl:BucketAcl"
    yield "s3-acl", beside(topology, parts, kind, "access", bucket=bucket, acl="private")


@defect("log-group-key-policy")
def key_that_shuts_cloudwatch_logs_out(topology: Topology, parts: RegionParts) -> Expected:
    key = beside(topology, parts, "aws:kms/key:Key", "logs-key")
    kind = "aws:cloudwatch/logGroup:LogGroup"
    made = beside(topology, parts, kind, "logs", name="/logs", kmsKeyId=key.output("arn"))
    yield "log-group-key-policy", made


@defect("cloudtrail-bucket-policy")
def bucket_that_shuts_cloudtrail_out(topology: Topology, parts: RegionParts) -> Expected:
    bucket = _bucket(topology, parts, "documents").id
    kind = "aws:cloudtrail/trail:Trail"
    yield (
        "cloudtrail-bucket-policy",
        beside(topology, parts, kind, "audit", s3BucketName=bucket),
    )


@defect("duplicate-names")
def one_name_twice(topology: Topology, parts: RegionParts) -> Expected:
    role = "aws:iam/role:Role"
    beside(topology, parts, role, "first", name="reports")
    yield "duplicate-names", beside(topology, parts, role, "second", name="reports")


# --- the database --------------------------------------------------------------------------------


def _secondary(topology: Topology) -> Made:
    cluster = topology.regions[1].cluster
    assert cluster is not None
    return cluster


@defect("aurora-global-backtrack", prepare=with_database())
def backtrack_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    topology.put(_secondary(topology), "backtrackWindow", 259200)
    yield "aurora-global-backtrack", _secondary(topology)


@defect("aurora-global-backtrack", prepare=with_database(origin="members"))
def backtrack_on_the_primary(topology: Topology, _: RegionParts) -> Expected:
    primary = topology.regions[0].cluster
    assert primary is not None
    topology.put(primary, "backtrackWindow", 3600.0)
    yield "aurora-global-backtrack", primary


@defect(
    "aurora-global-source-backtrack",
    prepare=with_database(
        origin="source", engine="aurora-mysql", version="8.0.mysql_aurora.3.08.0"
    ),
)
def backtrack_on_the_source(topology: Topology, _: RegionParts) -> Expected:
    source = topology.regions[0].cluster
    assert source is not None
    topology.put(source, "backtrackWindow", "3600")
    yield "aurora-global-source-backtrack", source


@defect("aurora-backtrack-engine", prepare=with_database(backtrack_of_another=True))
def backtrack_on_postgres(topology: Topology, _: RegionParts) -> Expected:
    lone = topology.regions[0].lone_cluster
    assert lone is not None
    topology.put(lone, "engine", "aurora-postgresql")
    topology.put(lone, "engineVersion", "16.8")
    yield "aurora-backtrack-engine", lone


@defect("aurora-serverless-v1", prepare=with_database(backtrack_of_another=True))
def serverless_v1(topology: Topology, _: RegionParts) -> Expected:
    lone = topology.regions[0].lone_cluster
    assert lone is not None
    topology.unset(lone, "backtrackWindow")
    topology.put(lone, "engineMode", "serverless")
    yield "aurora-serverless-v1", lone


@defect(
    "aurora-global-engine-version",
    prepare=with_database(
        engine="aurora-postgresql", version="15.4", version_style="stated", origin="members"
    ),
)
def version_too_old_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "aurora-global-engine-version", topology.global_cluster
    for parts in topology.regions:
        yield "aurora-global-engine-version", parts.cluster


@defect(
    "engine-version-retired",
    prepare=with_database(
        engine="aurora-postgresql", version="16.4", version_style="stated", origin="members"
    ),
)
def version_withdrawn_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "engine-version-retired", topology.global_cluster
    for parts in topology.regions:
        yield "engine-version-retired", parts.cluster


@defect(
    "aurora-global-members",
    prepare=with_database(
        engine="aurora-postgresql", version="15.4", version_style="stated", origin="source"
    ),
)
def version_of_the_source_too_old_everywhere(topology: Topology, _: RegionParts) -> Expected:
    yield "aurora-global-members", topology.regions[0].cluster
    for parts in topology.regions[1:]:
        yield "aurora-global-engine-version", parts.cluster


@defect(
    "aurora-global-members",
    prepare=with_database(
        engine="aurora-postgresql", version="16.8", version_style="stated", origin="members"
    ),
)
def another_version_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    topology.put(_secondary(topology), "engineVersion", "17.7")
    yield "aurora-global-members", _secondary(topology)


@defect("aurora-global-members", prepare=with_database(origin="members", encrypted=False))
def another_encryption_on_a_secondary(topology: Topology, parts: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.put(secondary, "storageEncrypted", True)
    topology.put(secondary, "kmsKeyId", f"arn:aws:kms:{topology.regions[1].place}:1:key/k")
    yield "aurora-global-members", secondary


@defect("aurora-global-members", prepare=with_database(origin="members", own_key_for_primary=True))
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


@defect("aurora-global-secondary", prepare=with_database())
def credentials_on_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    native = secondary.type.startswith("aws-native:")
    topology.put(secondary, "masterUsername", "dr_admin")
    topology.put(
        secondary, "masterUserPassword" if native else "masterPassword", Secret("hunter3-hunter3")
    )
    yield "aurora-global-secondary", secondary


@defect("aurora-global-secondary", prepare=with_database(encrypted=True))
def encrypted_secondary_without_a_key(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.unset(secondary, "kmsKeyId")
    yield "aurora-global-secondary", secondary


@defect("aurora-global-secondary", prepare=with_database())
def snapshot_of_a_secondary(topology: Topology, _: RegionParts) -> Expected:
    secondary = _secondary(topology)
    topology.put(secondary, "snapshotIdentifier", "rds:yesterday")
    yield "aurora-global-secondary", secondary


@defect("aurora-global-instance-class", prepare=with_database())
def burstable_instance(topology: Topology, parts: RegionParts) -> Expected:
    instance = parts.instances[0]
    native = instance.type.startswith("aws-native:")
    topology.put(instance, "dbInstanceClass" if native else "instanceClass", "db.t4g.medium")
    yield "aurora-global-instance-class", instance


# --- between VPCs --------------------------------------------------------------------------------


@defect("vpc-peering-accepted", prepare=with_peering)
def nobody_accepts_the_peering(topology: Topology, _: RegionParts) -> Expected:
    assert topology.accepter is not None
    assert topology.peering is not None
    topology.remove(topology.accepter)
    topology.peering.outputs["acceptStatus"] = "pending-acceptance"
    yield "vpc-peering-accepted", topology.peering


@defect("vpc-peering-accepted", prepare=with_peering)
def accepted_in_the_wrong_region(topology: Topology, _: RegionParts) -> Expected:
    assert topology.accepter is not None
    assert topology.peering is not None
    _move_to(topology.accepter, topology.regions[0].place, topology.plan)
    topology.peering.outputs["acceptStatus"] = "pending-acceptance"
    yield "vpc-peering-accepted", topology.peering


@defect("vpc-peering-accepted", prepare=with_peering)
def automatic_acceptance_across_regions(topology: Topology, _: RegionParts) -> Expected:
    assert topology.peering is not None
    topology.put(topology.peering, "autoAccept", True)
    yield "vpc-peering-accepted", topology.peering


@defect("vpc-peering-accepted", prepare=with_peering)
def no_peer_region(topology: Topology, _: RegionParts) -> Expected:
    peering = topology.peering
    assert peering is not None
    topology.unset(peering, "peerRegion")
    peering.outputs |= {"peerRegion": topology.regions[0].place, "acceptStatus": "failed"}
    yield "vpc-peering-accepted", peering


@defect("vpc-peering-cidr-overlap", prepare=with_peering)
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


@defect("vpc-peering-cidr-overlap", prepare=with_spokes)
def spoke_has_the_range_of_the_hub(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.spoke is not None
    topology.put(parts.spoke, "cidrBlock", parts.cidr)
    yield "vpc-peering-cidr-overlap", parts.spoke_peering


@defect("subnet-cidr")
def subnet_outside_its_vpc(topology: Topology, parts: RegionParts) -> Expected:
    topology.put(parts.private[0], "cidrBlock", "192.168.7.0/24")
    yield "subnet-cidr", parts.private[0]


@defect("subnet-cidr")
def subnet_over_its_sibling(topology: Topology, parts: RegionParts) -> Expected:
    one, other = sorted(parts.private[:2], key=lambda subnet: subnet.name)
    topology.put(other, "cidrBlock", one.inputs["cidrBlock"])
    yield "subnet-cidr", other


@defect("vpc-wiring")
def second_internet_gateway(topology: Topology, parts: RegionParts) -> Expected:
    given, kind = {"vpcId": ref(parts.vpc)}, "aws:ec2/internetGateway:InternetGateway"
    second = topology.stack.add(kind, "zzz-second", given)
    _move_to(second, parts.place, topology.plan)
    yield "vpc-wiring", second


@defect("vpc-endpoints")
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


@defect("vpc-local-references", prepare=with_spokes)
def target_group_of_the_spoke(topology: Topology, parts: RegionParts) -> Expected:
    assert parts.spoke is not None
    assert parts.target_group is not None
    topology.put(parts.target_group, "vpcId", ref(parts.spoke))
    yield "vpc-local-references", parts.listener


@defect("vpc-local-references", prepare=with_spokes)
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
        with_nats(plan), providers="each" if plan.providers == "environment" else plan.providers
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
        defect("region-local-references", prepare=prepare)(apply)

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
    return with_database(encrypted=True, identifiers="id", group_by="name")(
        _with_known_regions(plan)
    )


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
