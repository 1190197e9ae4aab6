"""FIFO and standard queues where AWS takes one of the two.

The names of FIFO queues and topics end with `.fifo`, so that their ARNs and URLs tell the kind; of
a queue of this stack that has no ARN yet, `fifoQueue` does. AWS asks whenever the connection is
made or changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..model import Model, values
from ..model.arns import parse_arn
from ..model.inputs import Declared
from ..model.references import possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Known, Reading
from ..model.vocabulary import LAMBDA_FUNCTION
from ..rule import Asked, Evidence, Level, Outcome, Settings, Severity, StackRule, Violation

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
QUEUE: Final = "aws:sqs/queue:Queue"
_REDRIVE: Final = "aws:sqs/redrivePolicy:RedrivePolicy"
_TOPIC: Final = "aws:sns/topic:Topic"
_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
_MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
_NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"
_REDRIVE_POLICY: Final = "redrivePolicy"
_DEAD_LETTERS: Final = "deadLetterTargetArn"
_FLAGS: Final = {QUEUE: "fifoQueue", _TOPIC: "fifoTopic"}

_DEAD_LETTER_KIND: Final = (
    "SQS answers InvalidParameterValue: Value {...} for parameter RedrivePolicy is invalid. "
    "Reason: Dead-letter queue must be same type of queue as the source."
)
_STANDARD_TOPIC: Final = (
    "Subscribe answers InvalidParameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can "
    "not be subscribed to standard SNS topics"
)
_NO_QUEUE: Final = (
    "Subscribe answers InvalidParameter: Invalid parameter: Attributes Reason: RedrivePolicy: "
    "deadLetterTargetArn must be a SQS queue"
)
_FUNCTION_DEAD_LETTERS: Final = (
    "Lambda answers InvalidParameterValueException: Invalid dead letter queue ARN: FIFO SQS "
    "queue is not supported for dead letter configuration"
)
_NOTIFIED_FIFO: Final = (
    "PutBucketNotificationConfiguration answers InvalidArgument: FIFO SQS queues are not supported."
)
_WINDOW_OF_FIFO: Final = (
    "CreateEventSourceMapping answers InvalidParameterValueException: Batching window is not "
    "supported for FIFO queues"
)
_BATCH_WITHOUT_WINDOW: Final = (
    "CreateEventSourceMapping answers InvalidParameterValueException: Maximum batch window in "
    "seconds must be greater than 0 if maximum batch size is greater than 10"
)


def connects_the_right_kinds(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A queue must be of the kind that AWS takes where it is used."""
    yield from _CHECKS[resource.kind](resource, model.stack)


def _is_fifo(
    stack: Stack, resource: Resource, name: str, value: Reading[str], kind: str = QUEUE
) -> bool | None:
    """Whether a value that was read from (or inside) a property names a FIFO queue (or topic); None
    where it may name either, or something else."""
    if isinstance(value, Known):
        arn = parse_arn(value.value)
        is_one = arn is None or arn.service == kind.partition("/")[0].removeprefix("aws:")
        return value.value.endswith(".fifo") if is_one else None
    kinds = {_is_made_fifo(each) for each in possible(stack.resolve(resource, name, value, kind))}
    return kinds.pop() if len(kinds) == 1 else None


def _is_made_fifo(queue: Resource) -> bool | None:
    match Declared(queue).is_true(_FLAGS[queue.kind]):
        case Truth.UNKNOWN:
            return None
        case said:
            return said is Truth.TRUE


def _queue(queue: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _dead_letters(queue, stack, _is_made_fifo(queue))


def _redrive_policy(policy: Resource, stack: Stack) -> Iterator[Outcome]:
    source = _is_fifo(stack, policy, "queueUrl", policy.text("queueUrl"))
    yield from _dead_letters(policy, stack, source)


def _dead_letters(resource: Resource, stack: Stack, source: bool | None) -> Iterator[Outcome]:
    arn = values.in_json(Declared(resource).at(_REDRIVE_POLICY), _DEAD_LETTERS)
    target = _is_fifo(stack, resource, _REDRIVE_POLICY, arn)
    if None not in (source, target) and source != target:
        mine, its = ("FIFO", "standard") if source else ("standard", "FIFO")
        verb = "is for" if resource.kind == _REDRIVE else "is"
        yield Violation(
            resource,
            f"{resource.label} {verb} a {mine} queue, but its dead-letter queue is a {its} queue.",
            effect=_DEAD_LETTER_KIND,
            fix=f"Make the dead-letter queue a {mine} queue too.",
        )


def _subscription(subscription: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _dead_letters_of_topic(subscription, stack)
    if subscription.text("protocol") != Known("sqs"):
        return
    topic = _is_fifo(stack, subscription, "topic", subscription.text("topic"), _TOPIC)
    queue = _is_fifo(stack, subscription, "endpoint", subscription.text("endpoint"))
    if topic is False and queue is True:
        yield Violation(
            subscription,
            f"{subscription.label} subscribes a FIFO queue to a standard topic.",
            effect=_STANDARD_TOPIC,
            fix="Make the queue a standard queue, or the topic a FIFO topic.",
        )


def _dead_letters_of_topic(subscription: Resource, stack: Stack) -> Iterator[Outcome]:
    """What a topic cannot deliver goes to a queue, not to another topic."""
    said = values.in_json(Declared(subscription).at(_REDRIVE_POLICY), _DEAD_LETTERS)
    found = possible(stack.resolve(subscription, _REDRIVE_POLICY, said, QUEUE, _TOPIC))
    own = possible(stack.reference(subscription, "topic", _TOPIC))
    arn = parse_arn(said.value) if isinstance(said, Known) else None
    # The ARN of a queue may be composed of that of the topic itself.
    is_none = {each.kind for each in found} == {_TOPIC} and set(found).isdisjoint(own)
    if is_none or (arn is not None and arn.service != "sqs"):
        yield Violation(
            subscription,
            f"{subscription.label} has a dead-letter target that is no SQS queue.",
            effect=_NO_QUEUE,
            fix=f"Set {_DEAD_LETTERS} to the ARN of an SQS queue in the same region.",
            parties=found if is_none else (),
        )


def _function(function: Resource, stack: Stack) -> Iterator[Outcome]:
    target = Declared(function).text("deadLetterConfig.targetArn")
    if _is_fifo(stack, function, "deadLetterConfig", target):
        yield Violation(
            function,
            f"{function.label} has a FIFO queue as its dead-letter queue.",
            effect=_FUNCTION_DEAD_LETTERS,
            fix="Set deadLetterConfig.targetArn to a standard queue or topic.",
        )


def _notification(notification: Resource, stack: Stack) -> Iterator[Outcome]:
    for queue in values.known_or_none(values.items(Declared(notification).at("queues"))) or ():
        arn = values.text(values.field(queue, "queueArn"))
        if _is_fifo(stack, notification, "queues", arn):
            yield Violation(
                notification,
                f"{notification.label} notifies a FIFO queue.",
                effect=_NOTIFIED_FIFO,
                fix="Notify a standard queue, or an SNS topic that is no FIFO topic.",
            )
            return


def _mapping(mapping: Resource, stack: Stack) -> Iterator[Outcome]:
    inputs = Declared(mapping)
    source = mapping.text("eventSourceArn")
    is_fifo = _is_fifo(stack, mapping, "eventSourceArn", source)
    window = inputs.number("maximumBatchingWindowInSeconds", default=0)
    if is_fifo and (window > 0) is Truth.TRUE:
        yield Violation(
            mapping,
            f"{mapping.label} has a batching window, but its queue is a FIFO queue.",
            effect=_WINDOW_OF_FIFO,
            fix="Remove maximumBatchingWindowInSeconds.",
        )
    if is_fifo is False and ((inputs.number("batchSize") > 10) & (window < 1)) is Truth.TRUE:
        yield Violation(
            mapping,
            f"{mapping.label} has a batchSize above 10, but no batching window.",
            effect=_BATCH_WITHOUT_WINDOW,
            fix="Set maximumBatchingWindowInSeconds to at least 1, or batchSize to at most 10.",
        )


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    QUEUE: _queue,
    _REDRIVE: _redrive_policy,
    _SUBSCRIPTION: _subscription,
    LAMBDA_FUNCTION: _function,
    _MAPPING: _mapping,
    _NOTIFICATION: _notification,
}

QUEUE_KINDS = StackRule(
    name="queue-kinds",
    title="Queues that fit what they are connected to",
    description="A queue must be of the type (FIFO or standard) that the source, topic, bucket or "
    "Lambda function connected to it accepts, dead letters must go to a queue, and an event source "
    "mapping must have a batch size and a window that the type allows.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "sqs", "sns", "lambda", "disaster-recovery"),
    evidence=(
        *(
            Evidence(effect, "public deployment logs", "2026-11-26")
            for effect in (
                _DEAD_LETTER_KIND,
                _STANDARD_TOPIC,
                _FUNCTION_DEAD_LETTERS,
                _WINDOW_OF_FIFO,
                _BATCH_WITHOUT_WINDOW,
            )
        ),
        Evidence(_NO_QUEUE, f"{_TESTED} (pf-sns-subscription-redrive)", "2026-09-05"),
        Evidence(_NOTIFIED_FIFO, f"deployed for {_TESTED}", "2026-09-06"),
    ),
    fix="Use a queue of the type that is accepted there.",
    kinds=tuple(_CHECKS),
    check=connects_the_right_kinds,
)
