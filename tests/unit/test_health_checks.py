"""health-check-sources and health-check-target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests import aws
from tests.support import run, verdict, verdicts

SOURCES = "health-check-sources"
TARGET = "health-check-target"
CHECK = "aws:route53/healthCheck:HealthCheck"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LISTENER = "aws:lb/listener:Listener"
WEST = {"region": "us-west-2"}
Build = Callable[[Stack], None]


def check(stack: Stack, name: str = "check", kind: Any = "HTTPS", **said: Any) -> Made:
    return stack.add(CHECK, name, {"type": kind, **said})


def alarm(stack: Stack, called: str = "lag", **said: Any) -> Made:
    given = {"namespace": "AWS/RDS", "metricName": "Lag", "statistic": "Maximum", **said}
    provider = given.pop("provider", {"region": "us-east-1"})
    given = {key: value for key, value in given.items() if value is not None}
    computed = {} if "name" in given else {"name": f"{called}-1a2b3c4"}
    return stack.add(ALARM, called, given, computed=computed, provider=provider)


def calculated_from(kind: Any) -> Build:
    def build(stack: Stack) -> None:
        child = check(stack, "child", kind, fqdn="www.acme-corp.com")
        check(stack, kind="Calculated", childHealthThreshold=1, childHealthchecks=[child.id])

    return build


def calculated_from_one_of_two(stack: Stack) -> None:
    children = [check(stack, kind, kind) for kind in ("CALCULATED", "TCP")]
    named = aws.ids(*children)
    check(stack, kind="CALCULATED", childHealthThreshold=1, childHealthchecks=named)


def watching(region: Any = "us-east-1", **said: Any) -> Build:
    """A check that watches an alarm, by what the alarm's output says."""

    def build(stack: Stack) -> None:
        name = alarm(stack, **said).output("name")
        asked = {"cloudwatchAlarmName": name, "cloudwatchAlarmRegion": region}
        check(stack, kind="CLOUDWATCH_METRIC", **asked)

    return build


def watching_one_of_two_regions(stack: Stack) -> None:
    """Alarms of one name in two regions, of which the check means the plain one."""
    alarm(stack, "east", name="lag")
    alarm(stack, "west", name="lag", extendedStatistic="p99", statistic=None, provider=WEST)
    asked = {"cloudwatchAlarmName": "lag", "cloudwatchAlarmRegion": "us-east-1"}
    check(stack, kind="CLOUDWATCH_METRIC", **asked)


def watching_a_name(stack: Stack) -> None:
    alarm(stack, "east", name="lag", extendedStatistic="p99", statistic=None)
    asked = {"cloudwatchAlarmName": "lag", "cloudwatchAlarmRegion": "us-east-1"}
    check(stack, kind="CLOUDWATCH_METRIC", **asked)


P99 = {"extendedStatistic": "p99", "statistic": None}


def of_queries(*queries: Any) -> Build:
    """A check that watches an alarm on queries instead of a metric."""
    return watching(namespace=None, metricName=None, statistic=None, metricQueries=list(queries))


MATH = {"id": "e", "expression": "m1 + m2", "returnData": True}
PLAIN = {"id": "m1", "metric": {"metricName": "Lag", "namespace": "AWS/RDS", "period": 60}}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(calculated_from("CALCULATED"), "rejects check", id="a calculated child"),
        pytest.param(calculated_from_one_of_two, "rejects check", id="one of two children is"),
        pytest.param(calculated_from("HTTPS"), "passes", id="an endpoint as a child"),
        pytest.param(calculated_from(UNKNOWN), "passes", id="a child of an unknown type"),
        pytest.param(watching(**P99), "rejects check", id="a percentile"),
        pytest.param(watching(period=30), "rejects check", id="half a minute"),
        pytest.param(watching_a_name, "rejects check", id="a percentile, by name"),
        pytest.param(of_queries(PLAIN, MATH), "rejects check", id="metric math"),
        pytest.param(of_queries(PLAIN), "passes", id="a query without an expression"),
        pytest.param(of_queries(UNKNOWN), "passes", id="an unknown query"),
        pytest.param(of_queries({**MATH, "expression": UNKNOWN}), "passes", id="perhaps math"),
        pytest.param(watching(period=60), "passes", id="a minute"),
        pytest.param(watching(period=UNKNOWN), "passes", id="an unknown period"),
        pytest.param(watching("us-west-2", **P99), "passes", id="an alarm elsewhere"),
        pytest.param(watching_one_of_two_regions, "passes", id="the plain one of two"),
    ],
)
def test_it_follows_what_route_53_can_follow(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, SOURCES) == expected


def balancer(stack: Stack, *ports: Any, **said: Any) -> Made:
    given = {"internal": False, **said}
    computed = {"dnsName": "web-1.elb.amazonaws.com", "arn": "arn:aws:elasticloadbalancing:web"}
    made = stack.add("aws:lb/loadBalancer:LoadBalancer", "web", given, computed=computed)
    for number, port in enumerate(ports):
        listener = {"loadBalancerArn": made.output("arn"), "port": port}
        stack.add(LISTENER, f"listener-{number}", listener)
    return made


def asking(*ports: Any, kind: str = "HTTPS", balanced: Any = None, **said: Any) -> Build:
    """A check of a load balancer that listens at these ports."""

    def build(stack: Stack) -> None:
        made = balancer(stack, *ports, **(balanced or {}))
        check(stack, kind=kind, fqdn=made.output("dnsName"), **said)

    return build


def asking_beside_an_open_listener(stack: Stack) -> None:
    made = balancer(stack, 80)
    stack.add(LISTENER, "other", {"loadBalancerArn": UNKNOWN, "port": 443})
    check(stack, fqdn=made.output("dnsName"))


def asking_a_database(public: Any) -> Build:
    def build(stack: Stack) -> None:
        given = {} if public is None else {"publiclyAccessible": public}
        computed = {"address": "db.1a2b.us-east-1.rds.amazonaws.com"}
        database = stack.add("aws:rds/instance:Instance", "db", given, computed=computed)
        check(stack, kind="TCP", fqdn=database.output("address"), port=5432)

    return build


def asking_a_cluster(public: Any, instances: int = 1) -> Build:
    def build(stack: Stack) -> None:
        cluster = aws.cluster(stack, "db", endpoint=UNKNOWN)
        for number in range(instances):
            aws.instance(stack, f"db-{number}", cluster, publiclyAccessible=public)
        check(stack, kind="TCP", fqdn=cluster.output("endpoint"), port=5432)

    return build


def asking_an_instance(public: Any) -> Build:
    def build(stack: Stack) -> None:
        cluster = aws.cluster(stack, "db")
        instance = aws.instance(stack, "db-0", cluster, publiclyAccessible=public)
        check(stack, kind="TCP", fqdn=instance.output("endpoint"), port=5432)

    return build


def asking_a_cache(stack: Stack) -> None:
    cache = stack.add("aws:elasticache/cluster:Cluster", "cache", {"engine": "memcached"})
    check(stack, kind="TCP", fqdn=cache.output("clusterAddress"), port=11211)


INSIDE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "documents": ("aws:docdb/cluster:Cluster", "endpoint", {}),
    "a member of a graph": ("aws:neptune/clusterInstance:ClusterInstance", "address", {}),
    "an endpoint of a proxy": ("aws:rds/proxyEndpoint:ProxyEndpoint", "endpoint", {}),
    "a balancer": ("aws:elb/loadBalancer:LoadBalancer", "dnsName", {"internal": True}),
    "a search": (
        "aws:opensearch/domain:Domain",
        "endpoint",
        {"vpcOptions": {"subnetIds": ["subnet-1"]}},
    ),
    "a warehouse": ("aws:redshift/cluster:Cluster", "dnsName", {"publiclyAccessible": False}),
}
OUTSIDE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a balancer": ("aws:elb/loadBalancer:LoadBalancer", "dnsName", {}),
    "perhaps a balancer": ("aws:elb/loadBalancer:LoadBalancer", "dnsName", {"internal": UNKNOWN}),
    "a search": ("aws:opensearch/domain:Domain", "endpoint", {}),
    "perhaps a search": ("aws:opensearch/domain:Domain", "endpoint", {"vpcOptions": UNKNOWN}),
    "a warehouse": ("aws:redshift/cluster:Cluster", "dnsName", {"publiclyAccessible": True}),
    "a warehouse by default": ("aws:redshift/cluster:Cluster", "dnsName", {}),
}


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        *((of, "rejects check") for of in INSIDE.values()),
        *((of, "passes") for of in OUTSIDE.values()),
    ],
)
def test_what_answers_inside_its_vpc_is_not_reached(
    of: tuple[str, str, dict[str, Any]], expected: str
) -> None:
    kind, name, said = of
    stack = Stack()
    made = stack.add(kind, "it", said, computed={name: "it.abc.us-east-1.amazonaws.com"})
    check(stack, kind="TCP", fqdn=made.output(name), port=443)
    assert verdict(stack, "health-check-target") == expected


@pytest.mark.parametrize(
    ("public", "expected"),
    [(None, "rejects check"), (False, "rejects check"), (True, "passes"), (UNKNOWN, "passes")],
)
def test_a_graph_has_the_addresses_of_its_instances(public: Any, expected: str) -> None:
    stack = Stack()
    computed = {"endpoint": "graph.cluster-abc.us-east-1.neptune.amazonaws.com"}
    graph = stack.add("aws:neptune/cluster:Cluster", "graph", {}, computed=computed)
    check(stack, kind="TCP", fqdn=graph.output("endpoint"), port=8182)
    assert verdict(stack, "health-check-target") == "passes"
    said = {} if public is None else {"publiclyAccessible": public}
    member = {"clusterIdentifier": graph.id, **said}
    stack.add("aws:neptune/clusterInstance:ClusterInstance", "graph-1", member)
    assert verdict(stack, "health-check-target") == expected


def asking_a_record(**zone: Any) -> Build:
    """A name of a zone, by the record that has it."""

    def build(stack: Stack) -> None:
        home = stack.add("aws:route53/zone:Zone", "zone", {"name": "corp.acme-dr.com", **zone})
        given = {"zoneId": home.output("zoneId"), "name": "db", "type": "A"}
        record = stack.add("aws:route53/record:Record", "record", given)
        check(stack, kind="TCP", fqdn=record.output("fqdn"), port=5432)

    return build


def asking_a_name(name: Any, kind: Any = "HTTPS", **said: Any) -> Build:
    def build(stack: Stack) -> None:
        check(stack, kind=kind, fqdn=name, **said)

    return build


def asking_a_name_of_a_public_zone(stack: Stack) -> None:
    aws.zone(stack, "zone", "dr.internal")
    check(stack, fqdn="api.dr.internal")


def children(threshold: Any, *named: Any, **said: Any) -> Build:
    def build(stack: Stack) -> None:
        listed: dict[str, Any] = {"childHealthchecks": list(named), **said} if named else said
        check(stack, kind="CALCULATED", childHealthThreshold=threshold, **listed)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(asking(80), "rejects check", id="a port without a listener"),
        pytest.param(asking(80, disabled=True), "passes", id="a check that is disabled"),
        pytest.param(asking(80, disabled=UNKNOWN), "passes", id="perhaps disabled"),
        pytest.param(asking(80, disabled=False), "rejects check", id="a check that is not"),
        pytest.param(
            asking(443, balanced={"internal": True}, disabled=True), "passes", id="disabled too"
        ),
        pytest.param(children(1, disabled=True), "passes", id="one of no children, disabled"),
        pytest.param(asking(443, kind="HTTP"), "rejects check", id="HTTP asks at 80"),
        pytest.param(asking(80, 443, port=8443), "rejects check", id="a port of its own"),
        pytest.param(asking(80, 443), "passes", id="a listener"),
        pytest.param(asking(80, kind="TCP"), "passes", id="TCP without a port"),
        pytest.param(asking(), "passes", id="no listener at all"),
        pytest.param(asking(UNKNOWN), "passes", id="an unknown port"),
        pytest.param(asking_beside_an_open_listener, "passes", id="whose listener is not known"),
        pytest.param(asking(443, balanced={"internal": True}), "rejects check", id="internal"),
        pytest.param(asking(443, balanced={"internal": UNKNOWN}), "passes", id="perhaps internal"),
        pytest.param(asking_a_database(None), "rejects check", id="a database"),
        pytest.param(asking_a_database(True), "passes", id="a public database"),
        pytest.param(asking_a_database(UNKNOWN), "passes", id="perhaps a public database"),
        pytest.param(asking_a_cluster(False), "rejects check", id="a cluster"),
        pytest.param(asking_a_cluster(True), "passes", id="a cluster of public instances"),
        pytest.param(asking_a_cluster(False, 0), "passes", id="a cluster without instances"),
        pytest.param(asking_an_instance(None), "rejects check", id="an instance of Aurora"),
        pytest.param(asking_an_instance(True), "passes", id="a public instance of Aurora"),
        pytest.param(asking_a_cache, "rejects check", id="a cache"),
        pytest.param(
            asking_a_record(vpcs=[{"vpcId": "vpc-1"}]), "rejects check", id="a private zone"
        ),
        pytest.param(asking_a_record(), "passes", id="a public zone"),
        pytest.param(asking_a_record(vpcs=UNKNOWN), "passes", id="perhaps a private zone"),
        pytest.param(asking_a_name("api.internal"), "rejects check", id="a private name"),
        pytest.param(asking_a_name("Cache.Prod.LOCAL."), "rejects check", id="a name of mDNS"),
        pytest.param(asking_a_name("api.internal.acme-corp.net"), "passes", id="a public name"),
        pytest.param(asking_a_name("api.test"), "passes", id="another reserved name"),
        pytest.param(asking_a_name(UNKNOWN), "passes", id="some name"),
        pytest.param(
            asking_a_name("api.internal", ipAddress="8.8.8.8"), "passes", id="a name for the header"
        ),
        pytest.param(
            asking_a_name("api.internal", ipAddress=UNKNOWN), "passes", id="perhaps for the header"
        ),
        pytest.param(asking_a_name("api.internal", disabled=True), "passes", id="nobody asks it"),
        pytest.param(asking_a_name("api.internal", kind=UNKNOWN), "passes", id="of a type"),
        pytest.param(asking_a_name_of_a_public_zone, "passes", id="what is told of the zone"),
        pytest.param(children(1), "rejects check", id="one of no children"),
        pytest.param(children(2, "a"), "rejects check", id="two of one"),
        pytest.param(children(1, UNKNOWN), "passes", id="one of one"),
        pytest.param(children(UNKNOWN, "a"), "passes", id="an unknown threshold"),
        pytest.param(
            watching(namespace=None, metricQueries=[{"id": "m", "metric": {"period": 60}}]),
            "rejects check",
            id="queries",
        ),
        pytest.param(
            watching(namespace=None, metricQueries=[{"id": "e", "expression": "m1+m2"}]),
            "passes",
            id="metric math, told by health-check-sources",
        ),
        pytest.param(watching(metricQueries=UNKNOWN), "passes", id="perhaps metric math"),
        pytest.param(watching("us-west-2"), "rejects check", id="an alarm of another region"),
        pytest.param(watching("us-east-1"), "passes", id="an alarm of its region"),
        pytest.param(watching(UNKNOWN), "passes", id="an alarm of an unknown region"),
    ],
)
def test_it_sees_what_it_watches(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, TARGET) == expected


QUERY = {"id": "m", "metric": {"namespace": "AWS/Route53", "metricName": "HealthCheckStatus"}}


@pytest.mark.parametrize(
    ("said", "region", "expected"),
    [
        ({"namespace": "AWS/Route53"}, "us-west-2", "rejects lag"),
        ({"namespace": "AWS/CloudFront"}, "eu-west-1", "rejects lag"),
        ({"namespace": "AWS/GlobalAccelerator"}, "us-east-1", "rejects lag"),
        ({"namespace": None, "metricQueries": [QUERY]}, "us-west-2", "rejects lag"),
        ({"namespace": "AWS/Route53"}, "us-east-1", "passes"),
        ({"namespace": "AWS/GlobalAccelerator"}, "us-west-2", "passes"),
        ({"namespace": "AWS/Route53"}, "cn-north-1", "passes"),
        ({"namespace": "AWS/RDS"}, "us-west-2", "passes"),
        ({"namespace": UNKNOWN}, "us-west-2", "passes"),
        (
            {"namespace": None, "metricQueries": [{**QUERY, "accountId": "123456789012"}]},
            "us-west-2",
            "passes",
        ),
    ],
)
def test_an_alarm_is_where_the_metrics_are(said: Any, region: str, expected: str) -> None:
    stack = Stack()
    alarm(stack, provider={"region": region}, **said)
    assert verdicts(stack, TARGET) == {expected}


@pytest.mark.parametrize("policy", [SOURCES, TARGET])
@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(policy: str, value: Any) -> None:
    stack = Stack()
    names = ("childHealthchecks", "cloudwatchAlarmName", "cloudwatchAlarmRegion", "fqdn", "port")
    for kind in ("CALCULATED", "CLOUDWATCH_METRIC", "HTTPS"):
        check(stack, kind, kind, **dict.fromkeys(names, value))
    alarm(stack, metricQueries=value, extendedStatistic=value, provider=WEST)
    assert verdict(stack, policy) == "passes"


@pytest.mark.parametrize(
    ("inverted", "expected"), [(True, "always healthy, since it is inverted"), (False, "never hea")]
)
def test_the_message_says_what_an_inverted_check_is(inverted: bool, expected: str) -> None:
    stack = Stack()
    asking(80, invertHealthcheck=inverted)(stack)
    (found,) = [each.message for each in run(stack) if each.policy == TARGET]
    assert expected in found


def test_the_message_names_both_ports() -> None:
    stack = Stack()
    asking(80)(stack)
    (found,) = [each.message for each in run(stack) if each.policy == TARGET]
    assert "checks load balancer web on port 443, but that listens only on 80." in found
