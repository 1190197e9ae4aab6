"""queue-kinds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import run, verdict, verdicts_on_inputs

POLICY = "queue-kinds"
QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
FIFO = "arn:aws:sqs:us-east-1:123456789012:orders-dead.fifo"
STANDARD = "arn:aws:sqs:us-east-1:123456789012:orders-dead"


def queue(stack: Stack, name: str, fifo: Any = None) -> Made:
    return stack.add(QUEUE, name, {} if fifo is None else {"fifoQueue": fifo})


def redrive(arn: Any) -> Any:
    """The text of a redrive policy, unknown as long as the ARN in it is."""
    if isinstance(arn, Output):
        return Output(json.dumps({"deadLetterTargetArn": arn.value}), arn.sources)
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (None, FIFO, "rejects orders"),
        (False, FIFO, "rejects orders"),
        (True, STANDARD, "rejects orders"),
        (True, FIFO, "passes"),
        (None, STANDARD, "passes"),
        (UNKNOWN, FIFO, "passes"),
        (None, UNKNOWN, "passes"),
    ],
)
def test_a_dead_letter_queue_is_of_its_sources_kind(
    source: Any, target: Any, expected: str
) -> None:
    stack = Stack()
    stack.add(QUEUE, "orders", {"fifoQueue": source, "redrivePolicy": redrive(target)})
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (None, True, "rejects orders"),
        (True, None, "rejects orders"),
        (True, True, "passes"),
        (None, None, "passes"),
    ],
)
def test_a_queue_of_the_stack_tells_its_kind_before_it_exists(
    source: Any, target: Any, expected: str
) -> None:
    stack = Stack()
    dead = queue(stack, "dead", target)
    arn = FIFO if target else STANDARD
    policy = redrive(Output(arn, (dead,)))
    stack.add(QUEUE, "orders", {"fifoQueue": source, "redrivePolicy": policy})
    assert verdicts_on_inputs(stack, POLICY) == {expected}


def test_a_policy_from_two_queues_of_two_kinds_is_not_decided() -> None:
    stack = Stack()
    dead = (queue(stack, "one", True), queue(stack, "other"))
    stack.add(QUEUE, "orders", {"redrivePolicy": redrive(Output(STANDARD, dead))})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("fifo", [True, None])
def test_a_redrive_policy_of_its_own(fifo: Any) -> None:
    stack = Stack()
    orders = queue(stack, "orders", fifo)
    inputs = {"queueUrl": orders.id, "redrivePolicy": redrive(STANDARD)}
    stack.add("aws:sqs/redrivePolicy:RedrivePolicy", "policy", inputs)
    assert verdict(stack, POLICY) == ("rejects policy" if fifo else "passes")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"deadLetterTargetArn": 7}', "null", 7])
def test_a_policy_that_cannot_be_read_is_no_fault(text: Any) -> None:
    stack = Stack()
    stack.add(QUEUE, "orders", {"redrivePolicy": text})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("topic", "fifo", "protocol", "expected"),
    [
        (None, True, "sqs", "rejects it"),
        (True, True, "sqs", "passes"),
        (True, None, "sqs", "passes"),
        (None, None, "sqs", "passes"),
        (UNKNOWN, True, "sqs", "passes"),
        (None, True, UNKNOWN, "passes"),
        (None, True, "lambda", "passes"),
    ],
)
def test_a_standard_topic_sends_to_standard_queues(
    topic: Any, fifo: Any, protocol: Any, expected: str
) -> None:
    stack = Stack()
    source = stack.add(TOPIC, "topic", {} if topic is None else {"fifoTopic": topic})
    target = queue(stack, "queue", fifo)
    inputs = {"topic": source.id, "protocol": protocol, "endpoint": target.output("arn")}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", inputs)
    assert verdict(stack, POLICY) == expected


def subscribed(dead_letters: Any, written: Any = None) -> Stack:
    """A subscription whose dead letters go to an ARN, or to a new resource of a kind."""
    stack = Stack()
    if dead_letters in (QUEUE, TOPIC):
        kind = "sqs" if dead_letters == QUEUE else "sns"
        computed = {"arn": f"arn:aws:{kind}:us-east-1:123456789012:dead"}
        dead_letters = stack.add(dead_letters, "dead", {}, computed=computed).output("arn")
    policy = redrive(dead_letters) if written is None else written
    given = {"topic": "arn:t", "protocol": "lambda", "redrivePolicy": policy}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", given)
    return stack


@pytest.mark.parametrize(
    ("dead_letters", "expected"),
    [
        (TOPIC, "rejects it"),
        ("arn:aws:sns:us-east-1:123456789012:dead", "rejects it"),
        ("arn:aws:lambda:us-east-1:123456789012:function:dead", "rejects it"),
        (QUEUE, "passes"),
        (STANDARD, "passes"),
        ("dead", "passes"),
    ],
)
def test_a_topic_sends_dead_letters_to_a_queue(dead_letters: Any, expected: str) -> None:
    assert verdicts_on_inputs(subscribed(dead_letters), POLICY) == {expected}


def test_the_arn_of_a_queue_may_be_made_of_the_topics_own() -> None:
    stack = Stack()
    topic = stack.add(TOPIC, "topic", {}, computed={"arn": "arn:aws:sns:us-east-1:1:t"})
    policy = redrive(topic.output("arn"))
    given = {"topic": topic.output("arn"), "protocol": "lambda", "redrivePolicy": policy}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", given)
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("written", [UNKNOWN, "", "text", "[]", {}, 7])
def test_dead_letters_that_are_not_known_are_no_fault(written: Any) -> None:
    assert verdict(subscribed(None, written), POLICY) == "passes"


def test_dead_letters_of_a_queue_or_a_topic_are_not_decided() -> None:
    stack = Stack()
    made = (stack.add(TOPIC, "topic", {}), queue(stack, "queue"))
    both = Output(json.dumps({"deadLetterTargetArn": STANDARD}), made)
    given = {"topic": "arn:t", "protocol": "lambda", "redrivePolicy": both}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", given)
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (FIFO, "rejects it"),
        (STANDARD, "passes"),
        ("arn:aws:sns:us-east-1:123456789012:orders.fifo", "passes"),
        (UNKNOWN, "passes"),
        (None, "passes"),
    ],
)
def test_a_function_sends_dead_letters_to_standard_queues(target: Any, expected: str) -> None:
    stack = Stack()
    inputs = {"deadLetterConfig": {"targetArn": target}}
    stack.add("aws:lambda/function:Function", "it", inputs)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("fifo", "window", "batch", "expected"),
    [
        (True, 1, None, "rejects it"),
        (True, 0, None, "passes"),
        (True, None, 10, "passes"),
        (True, UNKNOWN, None, "passes"),
        (None, 1, 11, "passes"),
        (None, None, 11, "rejects it"),
        (None, 0, 11, "rejects it"),
        (None, None, 10, "passes"),
        (None, UNKNOWN, 11, "passes"),
        (None, None, UNKNOWN, "passes"),
        (UNKNOWN, 1, 11, "passes"),
    ],
)
def test_batches_and_windows(fifo: Any, window: Any, batch: Any, expected: str) -> None:
    stack = Stack()
    source = queue(stack, "queue", fifo)
    inputs = {
        "eventSourceArn": source.output("arn"),
        "maximumBatchingWindowInSeconds": window,
        "batchSize": batch,
    }
    stack.add("aws:lambda/eventSourceMapping:EventSourceMapping", "it", inputs)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    "stream",
    [
        "arn:aws:kinesis:us-east-1:123456789012:stream/x",
        "arn:aws-eusc:kinesis:eusc-de-east-1:123456789012:stream/x",
        "arn:aws-iso-b:kinesis:us-isob-east-1:123456789012:stream/x",
    ],
)
def test_a_stream_is_no_queue(stream: str) -> None:
    stack = Stack()
    inputs = {"eventSourceArn": stream, "batchSize": 100}
    stack.add("aws:lambda/eventSourceMapping:EventSourceMapping", "it", inputs)
    assert verdict(stack, POLICY) == "passes"


def test_the_message_says_both_kinds() -> None:
    stack = Stack()
    stack.add(QUEUE, "orders", {"fifoQueue": True, "redrivePolicy": redrive(STANDARD)})
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "orders is a FIFO queue, but its dead-letter queue is a standard queue." in message


NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"


@pytest.mark.parametrize(
    ("queues", "expected"),
    [
        ([{"queueArn": FIFO}], "rejects uploads"),
        ([{"queueArn": STANDARD}, {"queueArn": FIFO}], "rejects uploads"),
        ([{"queueArn": STANDARD}], "passes"),
        ([{"queueArn": UNKNOWN}], "passes"),
        (UNKNOWN, "passes"),
        ([], "passes"),
        ([{}], "passes"),
        (None, "passes"),
    ],
)
def test_a_bucket_notifies_standard_queues(queues: Any, expected: str) -> None:
    stack = Stack()
    stack.add(NOTIFICATION, "uploads", {"bucket": "uploads", "queues": queues})
    assert verdict(stack, POLICY) == verdict(stack, POLICY, deployed=True) == expected


@pytest.mark.parametrize(
    ("kinds", "expected"), [((True,), "rejects uploads"), ((None,), "passes"), ((True, None), None)]
)
def test_a_notified_queue_of_the_stack_tells_its_kind(
    kinds: tuple[bool | None, ...], expected: str | None
) -> None:
    stack = Stack()
    made = [queue(stack, f"queue-{number}", kind) for number, kind in enumerate(kinds)]
    listed = [{"queueArn": each.output("arn")} for each in made]
    stack.add(NOTIFICATION, "uploads", {"bucket": "uploads", "queues": listed})
    assert verdict(stack, POLICY) == (expected or "passes")  # Of two, nothing tells which it is.
