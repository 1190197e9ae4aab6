"""Designs of two regions that are sound, although something in one leads to the other: a rehearsal
finds nothing certain in them, whichever region is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies import RULES
from policies.serving.servicer import PreflightServicer
from policies.testing import Made, Stack
from tests.support import run

EAST, WEST = "us-east-1", "us-west-2"
ACCOUNT = "111122223333"
REHEARSED = frozenset(rule.name for rule in RULES if "rehearsal" in rule.tags)


def function(stack: Stack, name: str, region: str, **variables: object) -> Made:
    arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"
    return stack.add(
        "aws:lambda/function:Function",
        name,
        {"environment": {"variables": variables}},
        computed={"arn": arn, "qualifiedArn": f"{arn}:1"},
        region=region,
    )


def cluster(stack: Stack, name: str, region: str) -> Made:
    return stack.add(
        "aws:rds/cluster:Cluster",
        name,
        {"clusterIdentifier": name, "engine": "aurora-postgresql", "engineVersion": "16.11"},
        computed={"endpoint": f"{name}.cluster-abcdefghijkl.{region}.rds.amazonaws.com"},
        region=region,
    )


def cells(stack: Stack) -> None:
    """Two regions that serve their own people, whose data must not leave them."""
    for region in (EAST, WEST):
        own = cluster(stack, f"app-{region}", region)
        function(stack, f"app-{region}", region, DB_HOST=own.output("endpoint"))


def kept_warm(stack: Stack) -> None:
    """A queue of the standby that is told what happens in the primary."""
    arn = f"arn:aws:sns:{EAST}:{ACCOUNT}:orders"
    topic = stack.add(
        "aws:sns/topic:Topic", "orders", {"name": "orders"}, computed={"arn": arn}, region=EAST
    )
    arn = f"arn:aws:sqs:{WEST}:{ACCOUNT}:orders-standby"
    queue = stack.add(
        "aws:sqs/queue:Queue",
        "orders-standby",
        {"name": "orders"},
        computed={"arn": arn},
        region=WEST,
    )
    given = {"topic": topic.output("arn"), "protocol": "sqs", "endpoint": queue.output("arn")}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "warm", given, region=EAST)


def one_bus(stack: Stack) -> None:
    """Events of both regions that end in one of them."""
    arn = f"arn:aws:events:{EAST}:{ACCOUNT}:event-bus/all"
    bus = stack.add(
        "aws:cloudwatch/eventBus:EventBus",
        "all",
        {"name": "all"},
        computed={"arn": arn},
        region=EAST,
    )
    rule = stack.add("aws:cloudwatch/eventRule:EventRule", "forward", {"name": "a"}, region=WEST)
    given = {"rule": rule.output("name"), "arn": bus.output("arn")}
    stack.add("aws:cloudwatch/eventTarget:EventTarget", "forward", given, region=WEST)
    function(stack, "shop-standby", WEST, BUS=bus.output("arn"))


def answered_anywhere(stack: Stack) -> None:
    """What is made by way of one region, and does not go with it."""
    endpoint = stack.add(
        "aws:cloudwatch/eventEndpoint:EventEndpoint",
        "orders",
        {"name": "orders"},
        computed={"endpointUrl": "https://abc.endpoint.events.amazonaws.com"},
        region=EAST,
    )
    bucket = stack.add(
        "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
        "receipts",
        {"details": {"name": "receipts"}},
        computed={"arn": f"arn:aws:s3::{ACCOUNT}:accesspoint/abc.mrap", "alias": "abc.mrap"},
        region=EAST,
    )
    control = stack.add(
        "aws:route53recoverycontrol/cluster:Cluster",
        "control",
        {"name": "control"},
        computed={"arn": f"arn:aws:route53-recovery-control::{ACCOUNT}:cluster/abc"},
        region=EAST,
    )
    function(stack, "shop-primary", EAST)
    function(
        stack,
        "shop-standby",
        WEST,
        EVENTS=endpoint.output("endpointUrl"),
        RECEIPTS=bucket.output("arn"),
        CONTROL=control.output("arn"),
    )


def switched_by_hand(stack: Stack) -> None:
    """Health checks that decide by themselves, or that nothing decides but people."""
    checks: tuple[dict[str, Any], ...] = (
        {
            "type": "RECOVERY_CONTROL",
            "routingControlArn": "arn:aws:route53-recovery-control::a",
        },
        {"type": "CALCULATED", "childHealthThreshold": 0, "childHealthchecks": []},
    )
    for number, given in enumerate(checks):
        check = stack.add("aws:route53/healthCheck:HealthCheck", f"check-{number}", given)
        for role in ("PRIMARY", "SECONDARY"):
            said = {
                "name": f"shop-{number}.larkspur-music.net",
                "type": "A",
                "ttl": 60,
                "records": ["192.0.2.1"],
                "setIdentifier": role,
                "failoverRoutingPolicies": [{"type": role}],
                "healthCheckId": check.id,
            }
            stack.add("aws:route53/record:Record", f"shop-{number}-{role.lower()}", said)
    for region in (EAST, WEST):
        function(stack, f"shop-{region}", region)


def at_the_edge(stack: Stack) -> None:
    """What CloudFront takes from us-east-1 and has everywhere."""
    own = function(stack, "headers", EAST)
    certificate = stack.add(
        "aws:acm/certificate:Certificate",
        "shop",
        {"domainName": "shop.larkspur-music.net"},
        computed={"arn": f"arn:aws:acm:{EAST}:{ACCOUNT}:certificate/abc"},
        region=EAST,
    )
    firewall = stack.add(
        "aws:wafv2/webAcl:WebAcl",
        "shop",
        {"scope": "CLOUDFRONT"},
        computed={"arn": f"arn:aws:wafv2:{EAST}:{ACCOUNT}:global/webacl/shop/abc"},
        region=EAST,
    )
    web = stack.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "shop-dr",
        {"loadBalancerType": "application"},
        computed={"dnsName": "shop-dr-1.us-west-2.elb.amazonaws.com"},
        region=WEST,
    )
    front = stack.add(
        "aws:cloudfront/distribution:Distribution",
        "shop",
        {
            "origins": [{"originId": "shop", "domainName": web.output("dnsName")}],
            "webAclId": firewall.output("arn"),
            "viewerCertificate": {"acmCertificateArn": certificate.output("arn")},
            "defaultCacheBehavior": {
                "lambdaFunctionAssociations": [
                    {"eventType": "viewer-request", "lambdaArn": own.output("qualifiedArn")}
                ]
            },
        },
        computed={"domainName": "abc.cloudfront.net", "arn": f"arn:aws:cloudfront::{ACCOUNT}:d/a"},
        region=EAST,
    )
    function(
        stack,
        "shop-dr",
        WEST,
        SITE=front.output("domainName"),
        CERTIFICATE=certificate.output("arn"),
        FIREWALL=firewall.output("arn"),
        HEADERS=own.output("qualifiedArn"),
    )


DESIGNS = (kept_warm, one_bus, answered_anywhere, switched_by_hand, at_the_edge)


@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize(
    ("build", "primary"),
    [
        (cells, None),  # To name a primary says that the other region stands in for it.
        *((build, primary) for build in DESIGNS for primary in (None, EAST, WEST)),
    ],
)
def test_nothing_certain_is_found_in_a_sound_design(
    build: Callable[[Stack], None], primary: str | None, deployed: bool
) -> None:
    stack = Stack()
    build(stack)
    config = {name: {"primary": primary} for name in sorted(REHEARSED) if primary}
    found = run(stack, deployed=deployed, config=config, servicer=PreflightServicer)
    assert [each.message for each in found if each.policy in REHEARSED] == []
