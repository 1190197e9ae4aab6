"""Which resource a known text is of, whatever property it stands in."""

from __future__ import annotations

import pytest

from policies.model.outputs import host_in
from policies.model.resource import Provider, Resource
from policies.model.stack import Stack
from policies.model.values import UNKNOWN, Tree

SAID: dict[str, Tree] = {"tags": {"team": "dr"}}
EAST = Provider("east", {"region": "us-east-1"})
ARN = "arn:aws:lambda:us-east-1:111122223333:function:orders"
HOST = "app.cluster-1a2b.us-east-1.rds.amazonaws.com"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/orders"
BALANCER = "dualstack.web-12.us-east-1.elb.amazonaws.com"


def made(kind: str, name: str, declared: dict[str, Tree] | None, **outputs: Tree) -> Resource:
    actual = {**(declared or {}), **outputs}
    return Resource(
        urn=f"urn::{kind}::{name}",
        type=kind,
        name=name,
        actual=actual,
        declared=declared,
        provider=EAST,
    )


FUNCTION = made("aws:lambda/function:Function", "orders", {"name": "orders"}, arn=ARN)
STATES = made("aws:sfn/stateMachine:StateMachine", "s", SAID, arn="arn:aws:states:us-east-1:1:s")
CLUSTER = made("aws:rds/cluster:Cluster", "app", SAID, endpoint=HOST, id="app", arn=UNKNOWN)
MESSAGES = made("aws:sqs/queue:Queue", "orders", {"name": "orders"}, id=QUEUE, url=QUEUE)
WEB = made("aws:lb/loadBalancer:LoadBalancer", "web", SAID, dnsName=BALANCER.partition(".")[2])
TARGET = made("aws:cloudwatch/eventTarget:EventTarget", "to", {"arn": ARN})
ALL = (FUNCTION, STATES, CLUSTER, MESSAGES, WEB, TARGET)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARN, [FUNCTION]),
        ("arn:aws:states:us-east-1:1:s", [STATES]),
        (HOST, [CLUSTER]),
        (f"{HOST}:5432", [CLUSTER]),
        (f"postgres://app@{HOST.upper()}:5432/orders", [CLUSTER]),
        (f"{HOST}.", [CLUSTER]),
        (QUEUE, [MESSAGES]),
        ("arn:aws:sqs:us-east-1:111122223333:orders", [MESSAGES]),
        ("arn:aws:sqs:us-west-2:111122223333:orders", []),
        (BALANCER, []),
        (f"https://{BALANCER.partition('.')[2]}/health", [WEB]),
        ("app", [CLUSTER]),
        ("nothing", []),
        ("", []),
    ],
)
def test_a_text_leads_to_its_resource(text: str, expected: list[Resource]) -> None:
    for resources in (ALL, ALL[::-1]):
        assert list(Stack(resources).identified(text)) == expected
        kinds = [each.kind for each in expected]
        assert list(Stack(resources).identified(text, *kinds or ["none"])) == expected


def test_what_the_program_states_is_not_the_resource_own() -> None:
    assert Stack([TARGET]).identified(ARN) == ()
    unseen = made("aws:cloudwatch/eventTarget:EventTarget", "to", None, arn=ARN)
    assert Stack([unseen]).identified(ARN) == ()


def test_of_two_that_share_a_text_nothing_tells_which_is_meant() -> None:
    other = made("aws:rds/cluster:Cluster", "another", SAID, endpoint=HOST)
    assert Stack([CLUSTER, other]).identified(HOST) == (other, CLUSTER)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("a.b", "a.b"),
        ("https://A.b:443/c?d=e.f", "a.b"),
        ("user@a.b", "a.b"),
        ("a.b.", "a.b"),
        ("a", None),
        ("arn:aws:s3:::a.b", None),
        ("a b.c", None),
        ("", None),
    ],
)
def test_the_host_in_a_text(text: str, host: str | None) -> None:
    assert host_in(text) == host
