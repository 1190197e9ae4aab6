"""Rules and targets of EventBridge that AWS takes.

EventBridge reaches functions, topics, queues and log groups by their own policies; other targets it
calls with a role, which the target must name, a bus of another region among them. Which targets
these are was measured with PutTargets; API Gateway and AppSync were not, so nothing is said of
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.arns import parse_arn
from ..model.inputs import Declared
from ..model.references import possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Known
from ..rule import Asked, Evidence, Level, Outcome, Settings, Severity, StackRule, Violation

TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
RULE: Final = "aws:cloudwatch/eventRule:EventRule"
_STREAM: Final = "aws:kinesis/stream:Stream"
_NEED_A_ROLE: Final = {
    "events": (
        "aws:cloudwatch/eventBus:EventBus",
        "aws:cloudwatch/eventApiDestination:EventApiDestination",
    ),
    "kinesis": (_STREAM,),
    "firehose": ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",),
    "ecs": ("aws:ecs/cluster:Cluster",),
    "batch": ("aws:batch/jobQueue:JobQueue",),
    "states": ("aws:sfn/stateMachine:StateMachine",),
    "ssm": ("aws:ssm/document:Document",),
    "codebuild": ("aws:codebuild/project:Project",),
    "codepipeline": ("aws:codepipeline/pipeline:Pipeline",),
    "glue": ("aws:glue/workflow:Workflow",),
    "redshift": ("aws:redshift/cluster:Cluster",),
    "sagemaker": ("aws:sagemaker/pipeline:Pipeline",),
}
"""By the service in the ARN, the types of what a target needs a role for."""
_WITHOUT_A_ROLE: Final = (
    *("aws:lambda/function:Function", "aws:lambda/alias:Alias"),
    *("aws:sns/topic:Topic", "aws:sqs/queue:Queue", "aws:cloudwatch/logGroup:LogGroup"),
)
_NO_ROLE: Final = "PutTargets answers ValidationException: RoleArn is required for target arn:..."
_NO_ROLE_FOR_STREAM: Final = (
    "PutTargets answers ValidationException: Rule ... does not have RoleArn assigned to invoke "
    "target arn:..."
)
_NOT_DEFAULT: Final = (
    "PutRule answers ValidationException: ScheduleExpression is supported only on the default "
    "event bus."
)


def can_be_called(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A target must name the role that it needs, and a schedule must be on the default bus."""
    if resource.kind == RULE:
        yield from _schedule(resource)
    else:
        yield from _target(resource, model.stack)


def _schedule(rule: Resource) -> Iterator[Outcome]:
    inputs = Declared(rule)
    is_elsewhere = inputs.sets("scheduleExpression") & inputs.holds(
        "eventBusName", lambda bus: bus != "default" and not bus.endswith(":event-bus/default")
    )
    if is_elsewhere is Truth.TRUE:
        yield Violation(
            rule,
            f"{rule.label} has a scheduleExpression, but its event bus is not the default one.",
            effect=_NOT_DEFAULT,
            fix="Remove eventBusName, or use aws.scheduler.Schedule instead.",
        )


def _target(target: Resource, stack: Stack) -> Iterator[Outcome]:
    if Declared(target).lacks("roleArn") is not Truth.TRUE:
        return
    what = _called_with_a_role(target, stack)
    if what is None or (what == "kinesis" and not _rule_has_no_role(target, stack)):
        return
    yield Violation(
        target,
        f"{target.label} has no roleArn, but targets of the service {what} need one.",
        effect=_NO_ROLE_FOR_STREAM if what == "kinesis" else _NO_ROLE,
        fix="Set roleArn to a role that events.amazonaws.com may assume.",
    )


def _called_with_a_role(target: Resource, stack: Stack) -> str | None:
    """The service of a target that needs a role; None where it needs none, or nobody can tell."""
    value = target.text("arn")
    if isinstance(value, Known):
        arn = parse_arn(value.value)
        return arn.service if arn is not None and arn.service in _NEED_A_ROLE else None
    kinds = (*_SERVICES, *_WITHOUT_A_ROLE)
    found = {each.kind for each in possible(stack.resolve(target, "arn", value, *kinds))}
    services = {_SERVICES.get(kind) for kind in found}
    return services.pop() if len(services) == 1 else None


def _rule_has_no_role(target: Resource, stack: Stack) -> bool:
    """Whether the target's rule certainly has no role either, which would do for a stream."""
    rules = possible(stack.reference(target, "rule", RULE))
    return bool(rules) and all(Declared(rule).lacks("roleArn") is Truth.TRUE for rule in rules)


_SERVICES: Final = {kind: service for service, kinds in _NEED_A_ROLE.items() for kind in kinds}

EVENT_TARGETS = StackRule(
    name="event-targets",
    title="EventBridge targets and schedules that EventBridge accepts",
    description="An EventBridge target must have a role where its service needs one, and a "
    "scheduled rule must be on the default event bus.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "events", "disaster-recovery"),
    evidence=(
        *(
            Evidence(answer, "https://github.com/badmintoncryer/cdk-preflight", "2026-09-07")
            for answer in (_NO_ROLE, _NO_ROLE_FOR_STREAM, _NOT_DEFAULT)
        ),
    ),
    fix="Set roleArn of the target.",
    kinds=(TARGET, RULE),
    check=can_be_called,
)
