"""Health checks, and alarms about global services, that AWS takes and that never tell the truth.

A check that is unhealthy for ever, or an alarm without data, fails nothing over, or everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..model import Model
from ..model.answers import No
from ..model.dns.health_checks import (
    ENDPOINT,
    alarms,
    computes,
    endpoint,
    is_asked,
    is_of_type,
    named_alarms,
    port,
)
from ..model.dns.public_zones import is_in_a_useless_zone
from ..model.dns.zone_names import undelegable
from ..model.inputs import Block, Declared
from ..model.network.load_balancers import is_internet_facing
from ..model.places import is_in_main_partition
from ..model.references import target
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import (
    CLASSIC_LOAD_BALANCER,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    DOCDB_CLUSTER_INSTANCE,
    HEALTH_CHECK,
    LISTENER,
    LOAD_BALANCER,
    METRIC_ALARM,
    NEPTUNE_CLUSTER,
    NEPTUNE_CLUSTER_INSTANCE,
    RECORD,
)
from ..model.words import listed
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_HOME_OF_METRICS: Final = {
    "AWS/Route53": "us-east-1",
    "AWS/CloudFront": "us-east-1",
    "AWS/GlobalAccelerator": "us-west-2",
}
"""Where the metrics of global services are: Route 53 developer guide, "Monitoring health checks
using CloudWatch"; CloudFront developer guide, "Monitoring CloudFront metrics with Amazon
CloudWatch"; Global Accelerator developer guide, "Using Amazon CloudWatch with AWS Global
Accelerator" (2026-11-26)."""


NO_ALARM: Final = (
    "CreateHealthCheck answers InvalidInput: The specified CloudWatch alarm doesn't exist: ..."
)


_PRIVATE: Final = (
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    "aws:rds/proxy:Proxy",
    "aws:elasticache/cluster:Cluster",
    DOCDB_CLUSTER,
    DOCDB_CLUSTER_INSTANCE,
    NEPTUNE_CLUSTER,
    NEPTUNE_CLUSTER_INSTANCE,
    "aws:rds/proxyEndpoint:ProxyEndpoint",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:memorydb/cluster:Cluster",
)
"""What answers inside its VPC alone, unless it is publicly accessible."""
_PERHAPS_PRIVATE: Final[Mapping[str, Callable[[Declared], Truth]]] = {
    CLASSIC_LOAD_BALANCER: lambda balancer: balancer.is_true("internal"),
    "aws:opensearch/domain:Domain": lambda domain: domain.has("vpcOptions.subnetIds"),
    "aws:elasticsearch/domain:Domain": lambda domain: domain.has("vpcOptions.subnetIds"),
    "aws:redshift/cluster:Cluster": lambda cluster: (
        cluster.sets("publiclyAccessible") & ~cluster.is_true("publiclyAccessible")
    ),
}
"""What answers inside its VPC alone if its inputs say so."""

_OF_NETWORKS: Final = ("internal", "local")
"""Top-level domains for the names of private networks."""


def tells_the_truth(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A health check or alarm must be able to see what it watches."""
    for check in _CHECKS[subject.kind]:
        yield from check(subject, model)


def _has_metrics(alarm: Resource, model: Model) -> Iterator[Outcome]:
    """The metrics of a global service are in one region. Where the alarm notifies a topic of
    another region, `region-local-references` tells that it is in the wrong one."""
    region = alarm.region
    if model.regional_references.of(alarm).abroad:
        return
    if not isinstance(region, Known) or not is_in_main_partition(region.value):
        return
    for namespace, home in _HOME_OF_METRICS.items():
        if region.value != home and _asks_for(Declared(alarm), namespace) is Truth.TRUE:
            yield Violation(
                alarm,
                f"{alarm.label} is in {region.value} ({alarm.region_evidence}), but the metrics "
                f"of {namespace} are in {home} only.",
                effect="accepts the alarm, but it never gets data: it stays in INSUFFICIENT_DATA.",
                fix=f"Create the alarm in {home}, and the topic that it notifies as well.",
            )


def _asks_for(alarm: Block, namespace: str) -> Truth:
    """Whether an alarm asks for metrics of the namespace in its own account and region."""

    def query(of: Block) -> Truth:
        return of.lacks("accountId") & of.says("metric.namespace", namespace)

    return alarm.says("namespace", namespace) | alarm.some("metricQueries", query)


def _always(check: Resource) -> str:
    """What a check is that never gets an answer, or too few healthy children."""
    if Declared(check).is_true("invertHealthcheck") is Truth.TRUE:
        return "always healthy, since it is inverted: records that use it never fail over"
    return "never healthy: records that use it fail over at once, or never"


def _is_listened_to(check: Resource, model: Model) -> Iterator[Outcome]:
    """A load balancer must listen on the port that is checked. One that is internal is not reached
    on any: that is told instead."""
    balancer = endpoint(model.stack, check, LOAD_BALANCER)
    asked = port(check)
    if balancer is None or asked is None or not is_asked(check):
        return
    if isinstance(is_internet_facing(balancer), No):
        return
    found = list(model.stack.naming(balancer, "loadBalancerArn", LISTENER))
    ports = [each.number("port") for each, is_certain in found if is_certain]
    if len(ports) < len(found) or not ports:
        return
    known = sorted({each.value for each in ports if isinstance(each, Known)})
    if asked not in known and all(isinstance(each, Known) for each in ports):
        yield Violation(
            check,
            f"{check.label} checks {balancer.label} on port {asked:g}, but that listens only on "
            f"{listed([f'{each:g}' for each in known])}.",
            effect=f"accepts the health check, but it is {_always(check)}.",
            fix="Add a listener on that port, or check a port that has one.",
            parties=(balancer,),
        )


def _has_enough_children(check: Resource, model: Model) -> Iterator[Outcome]:
    """A calculated check cannot wait for more healthy children than it has."""
    match check.number("childHealthThreshold"), check.items("childHealthchecks"):
        case Known(threshold), (Known() | Absent()) as named:
            count = len(named.value) if isinstance(named, Known) else 0
            is_calculated = Declared(check).says("type", "CALCULATED") is Truth.TRUE
            if threshold > count and is_calculated and is_asked(check):
                yield Violation(
                    check,
                    f"{check.label} has a childHealthThreshold of {threshold:g}, but only "
                    f"{count} child{('' if count == 1 else 'ren')}.",
                    effect=f"accepts the health check, but it is {_always(check)}.",
                    fix="Set childHealthThreshold to at most the number of childHealthchecks.",
                )


def _is_reached(check: Resource, model: Model) -> Iterator[Outcome]:
    """Route 53 asks from the internet."""
    found = what_is_private(check, model)
    if found is not None and is_asked(check):
        yield Violation(
            check,
            f"{check.label} checks {found.label}, which is reachable only inside its VPC.",
            effect="checks from the internet and gets no answer, so the health check is "
            f"{_always(check)}.",
            fix="Follow a CloudWatch alarm on it instead (type CLOUDWATCH_METRIC).",
            parties=(found,),
        )


def _is_resolved(check: Resource, model: Model) -> Iterator[Outcome]:
    """Route 53 asks the public DNS, unless it is given an address. Of a public zone with such a
    name, it is told of the zone."""
    name = check.text("fqdn")
    if not isinstance(name, Known) or Declared(check).lacks("ipAddress") is not Truth.TRUE:
        return
    fault = undelegable(name.value)
    if (
        fault is not None
        and fault.matched in _OF_NETWORKS
        and is_of_type(check, *ENDPOINT)
        and is_asked(check)
        and not is_in_a_useless_zone(model.stack, name.value)
    ):
        yield Violation(
            check,
            f"{check.label} checks a name below .{fault.matched}, which the public DNS does not "
            "resolve.",
            effect="checks from the internet and finds no address, so the health check is "
            f"{_always(check)}.",
            fix="Check a public name, or follow a CloudWatch alarm instead (type "
            "CLOUDWATCH_METRIC).",
        )


def what_is_private(check: Resource, model: Model) -> Resource | None:
    """What the check asks, if that certainly answers inside its VPC alone."""
    private = endpoint(model.stack, check, *_PRIVATE)
    if private is not None and _is_private(private, model):
        return private
    other = endpoint(model.stack, check, *_PERHAPS_PRIVATE)
    if other is not None and _PERHAPS_PRIVATE[other.kind](Declared(other)) is Truth.TRUE:
        return other
    balancer = endpoint(model.stack, check, LOAD_BALANCER)
    if balancer is not None and isinstance(is_internet_facing(balancer), No):
        return balancer
    record = endpoint(model.stack, check, RECORD)
    if record is not None and _is_of_a_private_zone(record, model):
        return record
    return None


def _is_of_a_private_zone(record: Resource, model: Model) -> bool:
    zone = target(model.stack.reference(record, "zoneId"))
    return zone is not None and Declared(zone).has("vpcs") is Truth.TRUE


def _is_private(database: Resource, model: Model) -> bool:
    """Whether a database certainly has no public address. A cluster of Aurora or Neptune has those
    of its instances, and others may make them."""
    instances: Sequence[Resource] = (database,)
    if database.kind == CLUSTER:
        instances = model.aurora.instances(database)
    elif database.kind == NEPTUNE_CLUSTER:
        named = model.stack.naming(database, "clusterIdentifier", NEPTUNE_CLUSTER_INSTANCE)
        instances = [each for each, _ in named]
    return bool(instances) and all(
        Declared(each).is_true("publiclyAccessible") is Truth.FALSE for each in instances
    )


def _is_of_one_metric(check: Resource, model: Model) -> Iterator[Outcome]:
    """An alarm on metricQueries is not followed. Of those that compute, health-check-sources
    tells."""
    watched = alarms(model.stack, check)
    if watched and all(map(_asks_without_computing, watched)):
        yield Violation(
            check,
            f"{check.label} follows {watched[0].label}, which has metricQueries.",
            effect="does not support alarms that use metric math to query multiple CloudWatch "
            "metrics.",
            fix="Follow an alarm on a single metric.",
            parties=tuple(watched),
        )


def _asks_without_computing(alarm: Resource) -> bool:
    return (Declared(alarm).has("metricQueries") & ~computes(alarm)) is Truth.TRUE


def _is_in_its_region(check: Resource, model: Model) -> Iterator[Outcome]:
    """The alarm must be looked for in its own region."""
    named = named_alarms(model.stack, check)
    if not named or alarms(model.stack, check):
        return
    source = check.depends_on("cloudwatchAlarmName") or ()
    if all(each.urn in source for each in named):
        yield Violation(
            check,
            f"{check.label} follows {named[0].label}, but names a region in which that alarm is "
            "not.",
            effect=NO_ALARM,
            fix="Set cloudwatchAlarmRegion to the region of the alarm.",
            parties=tuple(named),
        )


_CHECKS: Final[Mapping[str, tuple[Callable[[Resource, Model], Iterator[Outcome]], ...]]] = {
    METRIC_ALARM: (_has_metrics,),
    HEALTH_CHECK: (
        _is_listened_to,
        _has_enough_children,
        _is_reached,
        _is_resolved,
        _is_of_one_metric,
        _is_in_its_region,
    ),
}

HEALTH_CHECK_TARGET = StackRule(
    name="health-check-target",
    reads_native=False,
    unread="all settings of a health check are in one block, healthCheckConfig, there",
    title="Health checks and alarms that can see what they monitor",
    description="A health check should be able to become healthy, and an alarm on metrics of a "
    "global service should be in the region that has them.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "route53", "cloudwatch", "dns", "failover", "disaster-recovery"),
    evidence=(
        Evidence(
            "Route 53 metrics are not available if you select any other region as the current "
            "region.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "monitoring-health-checks.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "Route 53 doesn't support alarms that use metric math to query multiple CloudWatch "
            "metrics.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "health-checks-creating-values.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "If you specify a number greater than the number of child health checks, Route 53 "
            "always considers this health check to be unhealthy.",
            "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Point the health check at an endpoint that is reachable from the internet and listens on "
    "its port.",
    kinds=tuple(_CHECKS),
    check=tells_the_truth,
)
