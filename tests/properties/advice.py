"""What makes a valid stack worse, though AWS takes it: one named defect at a time, and the advice
that it must give.

A policy whose defect a generated stack cannot have, or of which nothing tells in one, says why in
`WITHOUT_DEFECT`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from policies.testing import UNKNOWN, Made, Output, Secret
from tests.properties.defect import (
    Expected,
    alone,
    beside,
    defect,
    with_database,
    with_names,
    with_peering,
    with_regions,
)
from tests.properties.topologies import Plan, RegionParts, Topology, ref

WITHOUT_DEFECT: Final[Mapping[str, str]] = {
    "standby-load-balancer-targets": "no generated stack registers targets, so each has the "
    "finding already, and one tells of all its load balancers",
}
"""The policies without a defect, each with the reason as a clause."""


# --- the database --------------------------------------------------------------------------------


_OF_MEMBERS: Final = with_database(
    engine="aurora-postgresql",
    version="16.8",
    version_style="stated",
    origin="members",
    credentials="password",
)


def _primary(topology: Topology) -> Made:
    cluster = topology.regions[0].cluster
    assert cluster is not None
    return cluster


@defect("engine-version-ending", prepare=_OF_MEMBERS)
def version_that_ends_soon(topology: Topology, _: RegionParts) -> Expected:
    members = [parts.cluster for parts in topology.regions]
    for each in (topology.global_cluster, *members):
        assert each is not None
        topology.put(each, "engineVersion", "15.7")
    yield "engine-version-ending", topology.global_cluster


@defect("aurora-global-managed-password", prepare=_OF_MEMBERS)
def managed_password_on_the_primary(topology: Topology, _: RegionParts) -> Expected:
    primary = _primary(topology)
    topology.unset(primary, "masterPassword", "masterUserPassword")
    topology.put(primary, "manageMasterUserPassword", True)
    yield "aurora-global-managed-password", primary


@defect("aurora-global-standby")
def global_database_of_one_cluster(topology: Topology, parts: RegionParts) -> Expected:
    mysql = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.10.1"}
    whole = beside(
        topology,
        parts,
        "aws:rds/globalCluster:GlobalCluster",
        "lonely",
        globalClusterIdentifier="lonely",
        **mysql,
    )
    given = {"globalClusterIdentifier": whole.id, "masterUsername": "reports", **mysql}
    beside(topology, parts, "aws:rds/cluster:Cluster", "lonely", **given)
    yield "aurora-global-standby", whole


@defect("creation-order", prepare=_OF_MEMBERS)
def secondary_that_waits_for_nothing(topology: Topology, _: RegionParts) -> Expected:
    secondary = topology.regions[1].cluster
    assert secondary is not None
    secondary.depends_on = ()
    yield "creation-order", secondary


# --- names ---------------------------------------------------------------------------------------


_PUBLIC_PAIR: Final = with_names(private=False, native_zone=False, zone="dr.acme-corp.com")


@defect("hosted-zone-undelegable-name", prepare=_PUBLIC_PAIR)
def zone_that_nobody_delegates_to(topology: Topology, _: RegionParts) -> Expected:
    assert topology.zone is not None
    topology.put(topology.zone, "name", "dr.internal")
    yield "hosted-zone-undelegable-name", topology.zone


# A private zone of the plan may have the finding already, and one tells of all.
@defect("hosted-zone-answers", prepare=_PUBLIC_PAIR)
def private_zone_of_a_vpc_without_host_names(topology: Topology, parts: RegionParts) -> Expected:
    home = beside(topology, parts, "aws:ec2/vpc:Vpc", "quiet", cidrBlock="10.250.0.0/16")
    given = {"name": "cache.acme-corp.net", "vpcs": [{"vpcId": home.id}]}
    yield "hosted-zone-answers", beside(topology, parts, "aws:route53/zone:Zone", "cache", **given)


@defect("failover-record-pair", prepare=_PUBLIC_PAIR)
def another_name_on_the_secondary_record(topology: Topology, _: RegionParts) -> Expected:
    topology.put(topology.records[1], "name", "api.dr.acme-corp.com")
    for record in topology.records:
        yield "failover-record-pair", record


alone(
    "health-check-target",
    "aws:route53/healthCheck:HealthCheck",
    {"type": "CALCULATED", "childHealthThreshold": 2, "childHealthchecks": ["check-1"]},
)
alone("certificate-validation", "aws:acm/certificate:Certificate", {"domainName": "app.internal"})
alone(
    "documented-parts",
    "aws:globalaccelerator/listener:Listener",
    {"acceleratorArn": "arn:aws:globalaccelerator::111122223333:accelerator/1", "protocol": "TCP"},
)
alone("placeholder-name", "aws:sns/topic:Topic", {"name": "None-alerts"})


# --- the network ---------------------------------------------------------------------------------


@defect(
    "vpc-peering-routes",
    prepare=lambda plan: with_regions(
        replace(with_peering(plan), peering_routes="separate"), native=False, routes="separate"
    ),
)
def no_route_back_through_the_peering(topology: Topology, _: RegionParts) -> Expected:
    back = f"{topology.regions[1].place}-to-peer"
    topology.remove(
        *(each for each in topology.stack.resources if each.name == topology.plan.naming(back))
    )
    yield "vpc-peering-routes", topology.peering


@defect("network-risks")
def routes_inside_a_table_and_beside(topology: Topology, parts: RegionParts) -> Expected:
    home = beside(topology, parts, "aws:ec2/vpc:Vpc", "mixed", cidrBlock="10.251.0.0/16")
    inside = [{"cidrBlock": "192.0.2.0/24", "transitGatewayId": "tgw-0123456789abcdef0"}]
    kind = "aws:ec2/routeTable:RouteTable"
    table = beside(topology, parts, kind, "mixed", vpcId=home.id, routes=inside)
    given = {"routeTableId": table.id, "destinationCidrBlock": "198.51.100.0/24"}
    route = {**given, "transitGatewayId": "tgw-0123456789abcdef0"}
    beside(topology, parts, "aws:ec2/route:Route", "mixed", **route)
    yield "network-risks", table


@defect("network-tiers")
def network_that_nothing_leaves(topology: Topology, parts: RegionParts) -> Expected:
    home = beside(topology, parts, "aws:ec2/vpc:Vpc", "shut", cidrBlock="10.252.0.0/16")
    given = {"vpcId": home.id, "cidrBlock": "10.252.0.0/24"}
    inner = beside(topology, parts, "aws:ec2/subnet:Subnet", "shut", **given)
    beside(topology, parts, "aws:ec2/instance:Instance", "shut", subnetId=inner.id)
    yield "network-tiers", home


@defect("unverifiable-reference", prepare=lambda plan: with_regions(plan, beside="nothing"))
def load_balancer_of_another_stack(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:lb/loadBalancer:LoadBalancer"
    yield "unverifiable-reference", beside(topology, parts, kind, "borrowed", subnets=UNKNOWN)


# --- across regions ------------------------------------------------------------------------------


def _abroad(topology: Topology, kind: str, called: str, **said: Any) -> Made:
    return beside(topology, topology.regions[1], kind, called, **said)


def _at_home(topology: Topology, kind: str, called: str, **said: Any) -> Made:
    return beside(topology, topology.regions[0], kind, called, **said)


@defect("documented-copies")
def replica_without_a_subnet_group(topology: Topology, _: RegionParts) -> Expected:
    kind = "aws:rds/instance:Instance"
    source = _at_home(topology, kind, "orders", engine="postgres", backupRetentionPeriod=7)
    source.outputs["arn"] = f"arn:aws:rds:{topology.regions[0].place}:111122223333:db:orders"
    given = {"replicateSourceDb": source.output("arn"), "instanceClass": "db.m7g.large"}
    yield "documented-copies", _abroad(topology, kind, "orders-copy", **given)


@defect("documented-regions")
def queue_of_another_region_as_a_target(topology: Topology, parts: RegionParts) -> Expected:
    (other, *_) = (each.place for each in topology.regions if each is not parts)
    kind = "aws:cloudwatch/eventTarget:EventTarget"
    given = {"rule": "nightly", "arn": f"arn:aws:sqs:{other}:111122223333:orders"}
    yield "documented-regions", beside(topology, parts, kind, "orders", **given)


def _with_pair_and_database(plan: Plan) -> Plan:
    return _PUBLIC_PAIR(_OF_MEMBERS(plan))


def _function(topology: Topology, where: RegionParts, name: str, said: Any, may: Any) -> Made:
    """A function with these settings, whose role may do what a statement says."""
    document = {"Version": "2012-10-17", "Statement": [may]}
    role = beside(
        topology,
        where,
        "aws:iam/role:Role",
        name,
        assumeRolePolicy="{}",
        inlinePolicies=[{"name": name, "policy": json.dumps(document)}],
    )
    kind, given = "aws:lambda/function:Function", {"role": role.output("arn")}
    return beside(topology, where, kind, name, environment={"variables": said}, **given)


@defect("standby-runtime-settings", prepare=_with_pair_and_database)
def function_that_is_given_the_other_database(topology: Topology, _: RegionParts) -> Expected:
    log = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    said = {"DB_HOST": _primary(topology).output("endpoint")}
    yield "standby-runtime-settings", _function(topology, topology.regions[1], "app", said, log)


@defect("failover-automation-region", prepare=_with_pair_and_database)
def function_that_is_lost_with_the_region(topology: Topology, _: RegionParts) -> Expected:
    move = {"Effect": "Allow", "Action": "rds:FailoverGlobalCluster", "Resource": "*"}
    made = _function(topology, topology.regions[0], "mover", {}, move)
    yield "failover-automation-region", made


@defect("standby-database-source", prepare=_PUBLIC_PAIR)
def standby_without_a_source(topology: Topology, _: RegionParts) -> Expected:
    kind, given = "aws:rds/instance:Instance", {"engine": "postgres", "username": "orders"}
    _at_home(topology, kind, "orders-primary", **given)
    yield "standby-database-source", _abroad(topology, kind, "orders-standby", **given)


@defect("failover-health-check")
def check_of_a_url_that_asks_for_a_signature(topology: Topology, parts: RegionParts) -> Expected:
    kind = "aws:lambda/functionUrl:FunctionUrl"
    url = beside(topology, parts, kind, "orders", functionName="o", authorizationType="AWS_IAM")
    host = Output("abc.lambda-url.us-east-1.on.aws", (url,))
    kind = "aws:route53/healthCheck:HealthCheck"
    yield (
        "failover-health-check",
        beside(topology, parts, kind, "orders", type="HTTPS", fqdn=host, port=443),
    )


@defect("failover-api-domain", prepare=_PUBLIC_PAIR)
def name_of_an_api_without_a_domain(topology: Topology, _: RegionParts) -> Expected:
    kind = "aws:apigatewayv2/api:Api"
    api = _abroad(topology, kind, "orders", protocolType="HTTP")
    host = Output(f"abc.execute-api.{topology.regions[1].place}.amazonaws.com", (api,))
    given = {"zoneId": "Z1", "name": "api.acme-corp.net", "type": "CNAME", "records": [host]}
    yield (
        "failover-api-domain",
        _at_home(topology, "aws:route53/record:Record", "orders-api", ttl=60, **given),
    )


@defect("private-zone-regions", prepare=_PUBLIC_PAIR)
def private_names_of_one_region(topology: Topology, _: RegionParts) -> Expected:
    first = topology.regions[0]
    inside = [{"vpcId": ref(first.vpc), "vpcRegion": first.place}]
    kind, name = "aws:route53/zone:Zone", "inside.acme-corp.net"
    zone = _at_home(topology, kind, "inside", name=name, vpcs=inside)
    for parts, role in zip(topology.regions, ("PRIMARY", "SECONDARY"), strict=False):
        assert parts.balancer is not None
        host = parts.balancer.output("dnsName")
        given = {
            "name": f"orders.{name}",
            "type": "A",
            "setIdentifier": role.lower(),
            "failoverRoutingPolicies": [{"type": role}],
            "aliases": [{"name": host, "zoneId": "Z1", "evaluateTargetHealth": True}],
        }
        record = "aws:route53/record:Record"
        _at_home(topology, record, f"inside-{role.lower()}", zoneId=zone.id, **given)
    yield "private-zone-regions", zone


@defect("standby-credentials", prepare=_with_pair_and_database)
def password_that_is_kept_in_one_region(topology: Topology, _: RegionParts) -> Expected:
    primary = _primary(topology)
    own = "masterUserPassword" if primary.type.startswith("aws-native:") else "masterPassword"
    password = primary.inputs[own].value
    kept = _at_home(topology, "aws:secretsmanager/secret:Secret", "login", name="login")
    said = Secret(json.dumps({"password": password}))
    kind = "aws:secretsmanager/secretVersion:SecretVersion"
    _at_home(topology, kind, "login", secretId=kept.id, secretString=said)
    yield "standby-credentials", kept


@defect("standby-permissions", prepare=_PUBLIC_PAIR)
def function_that_may_read_one_copy(topology: Topology, _: RegionParts) -> Expected:
    first, second = topology.regions[:2]
    table = _at_home(
        topology,
        "aws:dynamodb/table:Table",
        "sessions",
        name="sessions",
        replicas=[{"regionName": second.place}],
    )
    named = f"arn:aws:dynamodb:{first.place}:*:table/*"
    may = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": named}
    said = {"SESSIONS": table.output("name")}
    yield "standby-permissions", _function(topology, second, "reader", said, may)


@defect("generated-password")
def token_that_is_drawn_from_any_character(topology: Topology, parts: RegionParts) -> Expected:
    kind = "random:index/randomPassword:RandomPassword"
    drawn = topology.stack.add(kind, "token", {"length": 32}, provider={})
    kind = "aws:elasticache/replicationGroup:ReplicationGroup"
    token = {"authToken": drawn.output("result"), "transitEncryptionEnabled": True}
    yield "generated-password", beside(topology, parts, kind, "drawn", **token)


@defect("overwritten-names")
def topic_of_a_name_that_another_one_has(topology: Topology, parts: RegionParts) -> Expected:
    beside(topology, parts, "aws:sns/topic:Topic", "alerts", name="alerts")
    yield "overwritten-names", beside(topology, parts, "aws:sns/topic:Topic", "more", name="alerts")
