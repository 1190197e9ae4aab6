"""event-targets."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Stack
from tests.support import run, verdict

POLICY = "event-targets"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
RULE = "aws:cloudwatch/eventRule:EventRule"
BUS = "arn:aws:events:us-west-2:123456789012:event-bus/orders"
ROLE = "arn:aws:iam::123456789012:role/events"


def target(arn: Any, role: Any = None, rule: Any = None) -> Stack:
    stack = Stack()
    made = stack.add(RULE, "rule", {"roleArn": rule})
    stack.add(TARGET, "it", {"rule": made.output("name"), "arn": arn, "roleArn": role})
    return stack


@pytest.mark.parametrize(
    ("arn", "role", "expected"),
    [
        (BUS, None, "rejects it"),
        (BUS, "", "rejects it"),
        (BUS, ROLE, "passes"),
        (BUS, UNKNOWN, "passes"),
        (UNKNOWN, None, "passes"),
        ("arn:aws:states:us-east-1:123456789012:stateMachine:x", None, "rejects it"),
        ("arn:aws:lambda:us-east-1:123456789012:function:x", None, "passes"),
        ("arn:aws:sqs:us-east-1:123456789012:x", None, "passes"),
        ("arn:aws:execute-api:us-east-1:123456789012:x/y/POST/", None, "passes"),
        ("x", None, "passes"),
        (None, None, "passes"),
    ],
)
def test_a_target_names_the_role_that_it_is_called_with(arn: Any, role: Any, expected: str) -> None:
    assert verdict(target(arn, role), POLICY) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("aws:cloudwatch/eventBus:EventBus", "rejects it"),
        ("aws:ecs/cluster:Cluster", "rejects it"),
        ("aws:lambda/function:Function", "passes"),
        ("aws:sqs/queue:Queue", "passes"),
        ("aws:appsync/graphQLApi:GraphQLApi", "passes"),
    ],
)
def test_a_target_of_the_stack_tells_its_service_before_it_exists(kind: str, expected: str) -> None:
    stack = Stack()
    made = stack.add(kind, "what", {"name": "what"})
    stack.add(TARGET, "it", {"arn": made.output("arn")})
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("rule", "expected"), [(None, "rejects it"), (ROLE, "passes"), (UNKNOWN, "passes")]
)
def test_the_role_of_the_rule_does_for_a_stream_only(rule: Any, expected: str) -> None:
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/x"
    assert verdict(target(stream, rule=rule), POLICY) == expected
    assert verdict(target(BUS, rule=ROLE), POLICY) == "rejects it"
    (message,) = (each.message for each in run(target(stream)) if each.policy == POLICY)
    assert "Rule ... does not have RoleArn assigned to invoke target" in message
    stack = Stack()
    stack.add(TARGET, "it", {"rule": "elsewhere", "arn": stream})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("bus", "schedule", "expected"),
    [
        ("orders", "rate(1 day)", "rejects it"),
        (BUS, UNKNOWN, "rejects it"),
        ("default", "rate(1 day)", "passes"),
        ("arn:aws:events:us-east-1:123456789012:event-bus/default", "rate(1 day)", "passes"),
        (None, "rate(1 day)", "passes"),
        (UNKNOWN, "rate(1 day)", "passes"),
        ("orders", None, "passes"),
    ],
)
def test_a_schedule_is_on_the_default_bus(bus: Any, schedule: Any, expected: str) -> None:
    stack = Stack()
    stack.add(RULE, "it", {"eventBusName": bus, "scheduleExpression": schedule})
    assert verdict(stack, POLICY) == expected


def test_it_is_asked_of_what_exists_too() -> None:
    assert verdict(target(BUS), POLICY, deployed=True) == "rejects it"


def test_the_message_names_the_service_and_no_account() -> None:
    (message,) = (each.message for each in run(target(BUS)) if each.policy == POLICY)
    assert "no roleArn, but targets of the service events need one." in message
    assert "123456789012" not in message


@pytest.mark.parametrize("value", [7, [], {}, ["x"], True])
def test_malformed_values_are_no_fault(value: Any) -> None:
    assert verdict(target(value, value), POLICY) == "passes"
