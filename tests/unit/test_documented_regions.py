"""documented-regions."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import findings, run, verdict, verdicts

POLICY = "documented-regions"
EAST, WEST = "us-east-1", "us-west-2"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
RULE = "aws:cloudwatch/eventRule:EventRule"
FUNCTION = "aws:lambda/function:Function"
QUEUE = "aws:sqs/queue:Queue"
BUS = "aws:cloudwatch/eventBus:EventBus"
BUCKET = "aws:s3/bucket:Bucket"
POLICY_OF_BUCKET = "aws:s3/bucketPolicy:BucketPolicy"


def queue(stack: Stack, region: str, kind: str = QUEUE) -> Made:
    arn = f"arn:aws:sqs:{region}:111122223333:orders"
    return stack.add(kind, "orders", {"name": "orders"}, computed={"arn": arn}, region=region)


def target(stack: Stack, arn: Any) -> None:
    stack.add(TARGET, "it", {"rule": "orders", "arn": arn, "roleArn": "arn:aws:iam::1:role/a"})


@pytest.mark.parametrize(
    ("kind", "region", "expected"),
    [
        (QUEUE, EAST, "passes"),
        (QUEUE, WEST, "rejects it"),
        (BUS, WEST, "passes"),
    ],
)
def test_events_go_to_targets_of_the_region(kind: str, region: str, expected: str) -> None:
    stack = Stack()
    target(stack, queue(stack, region, kind).output("arn"))
    assert verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:lambda:us-west-2:111122223333:function:orders", "rejects it"),
        ("arn:aws:lambda:us-east-1:111122223333:function:orders", "passes"),
        ("arn:aws:events:us-west-2:111122223333:event-bus/orders", "passes"),
        ("arn:aws:lambda:REGION:111122223333:function:orders", "passes"),
        (UNKNOWN, "passes"),
        (None, "passes"),
        (7, "passes"),
    ],
)
def test_a_known_arn_tells_the_region_of_a_target(arn: Any, expected: str) -> None:
    stack = Stack()
    target(stack, arn)
    assert verdict(stack, POLICY) == expected


def test_a_target_in_the_wrong_place_is_told_of_once() -> None:
    stack = Stack()
    rule = stack.add(RULE, "orders", {"name": "orders"}, region=WEST)
    inputs = {"rule": rule.output("name"), "arn": queue(stack, WEST).output("arn")}
    stack.add(TARGET, "it", inputs)
    assert findings(stack) == {("region-local-references", "it")}


def bucket(stack: Stack, region: str, **said: Any) -> Made:
    return stack.add(BUCKET, "code", said, region=region)


@pytest.mark.parametrize(("region", "expected"), [(EAST, "passes"), (WEST, "rejects it")])
def test_the_configuration_is_in_the_region_of_its_bucket(region: str, expected: str) -> None:
    stack = Stack()
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": bucket(stack, region).id, "policy": "{}"})
    assert verdicts(stack, POLICY) == {expected}


def test_a_bucket_is_known_by_its_name_in_any_region() -> None:
    stack = Stack()
    bucket(stack, WEST, bucket="code-1a2b3c4")
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": "code-1a2b3c4", "policy": "{}"})
    assert verdicts(stack, POLICY) == {"rejects it"}
    stack = Stack()
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": "code-of-others", "policy": "{}"})
    assert verdicts(stack, POLICY) == {"passes"}


def test_the_message_leads_to_what_is_elsewhere() -> None:
    stack = Stack()
    target(stack, queue(stack, WEST).output("arn"))
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "event target it -> arn -> queue orders -> in us-west-2" in message
    assert "only through an event bus of that region" in message


@pytest.mark.parametrize(("region", "expected"), [(EAST, "passes"), (WEST, "rejects it")])
def test_the_dead_letters_of_a_subscription_stay_in_its_region(region: str, expected: str) -> None:
    stack = Stack()
    letters = queue(stack, region)
    said = f'{{"deadLetterTargetArn": "arn:aws:sqs:{region}:111122223333:orders"}}'
    for policy in (Output(said, (letters,)), said):
        subscribed = {"protocol": "sqs", "redrivePolicy": policy}
        stack.add("aws:sns/topicSubscription:TopicSubscription", "it", subscribed)
        assert verdicts(stack, POLICY) == {expected}
        stack.resources.pop()


@pytest.mark.parametrize("said", [UNKNOWN, "no JSON", "{}", 7])
def test_dead_letters_that_are_not_known_pass(said: Any) -> None:
    stack = Stack()
    given = {"protocol": "sqs", "redrivePolicy": said}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", given)
    assert verdicts(stack, POLICY) == {"passes"}
