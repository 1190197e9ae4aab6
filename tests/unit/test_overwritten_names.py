"""overwritten-names: two resources that are one thing, since they have one name."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.names import ONE_THING
from policies.testing import UNKNOWN, Stack
from tests.support import first_verdicts, run, verdicts

POLICY = "overwritten-names"
EAST, WEST = "us-east-1", "eu-west-1"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
TOPIC = "aws:sns/topic:Topic"
BUCKET = "aws:s3/bucket:Bucket"
RULE = "aws:cloudwatch/eventRule:EventRule"


def two(
    *kinds: str,
    places: tuple[str, str] = (EAST, EAST),
    names: tuple[Any, Any] = ("app", "app"),
    profiles: tuple[str, str] = ("a", "a"),
) -> Stack:
    stack = Stack()
    both = kinds if len(kinds) == 2 else kinds * 2
    for called, kind, place, name, profile in zip(
        ("one", "two"), both, places, names, profiles, strict=True
    ):
        provider = {"region": place, "profile": profile}
        inputs = {ONE_THING[kind].property: name}
        stack.add(kind, called, inputs, provider=provider, provider_name=f"{profile}-{place}")
    return stack


@pytest.mark.parametrize("kind", ONE_THING)
def test_two_of_one_name_are_one(kind: str) -> None:
    assert verdicts(two(kind), POLICY) == {"rejects two"}
    assert verdicts(two(kind, names=("app", "other")), POLICY) == {"passes"}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (two(ALARM, COMPOSITE), "rejects two"),
        (two(ALARM, TOPIC), "passes"),
        (two(ALARM, places=(EAST, WEST)), "passes"),
        (two(DASHBOARD, places=(EAST, WEST)), "rejects two"),
        (two(ALARM, profiles=("a", "b")), "passes"),
        (two(BUCKET, places=(WEST, WEST)), "passes"),
        (two(BUCKET, places=(EAST, WEST)), "passes"),
        (two(TOPIC, names=("app", "App")), "passes"),
        (two(TOPIC, names=(UNKNOWN, UNKNOWN)), "passes"),
        (two(TOPIC, names=(None, None)), "passes"),
        (two(TOPIC, names=(7, 7)), "passes"),
    ],
)
def test_where_two_are_one(stack: Stack, expected: str) -> None:
    assert first_verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("bus", "expected"),
    [
        (None, "rejects late"),
        ("default", "rejects late"),
        ("orders", "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_rules_are_of_their_bus(bus: Any, expected: str) -> None:
    stack = Stack()
    stack.add(RULE, "early", {"name": "failover"})
    stack.add(RULE, "late", {"name": "failover", "eventBusName": bus})
    assert first_verdicts(stack, POLICY) == {expected}


def test_a_bucket_that_waits_for_the_other_is_refused() -> None:
    stack = two(BUCKET)
    one, other = stack.resources
    other.depends_on = (one,)
    assert first_verdicts(stack, POLICY) == {"passes"}
    assert first_verdicts(stack, "duplicate-names") == {"rejects two"}


def test_the_message_says_what_becomes_of_both() -> None:
    (message,) = (each.message for each in run(two(ALARM)) if each.policy == POLICY)
    problem = "Metric alarm two has the same name as metric alarm one, so both are one alarm."
    assert problem in message
