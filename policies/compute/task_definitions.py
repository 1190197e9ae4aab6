"""ECS task definitions that RegisterTaskDefinition takes.

A task definition is never changed, every change registers a new one, so that all this is asked each
time. The definitions of its containers are one text, which a preview often does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..model.containers import CONTAINERS, containers_of
from ..model.inputs import Block, Condition
from ..model.truth import Truth
from ..model.values import Known
from ..model.vocabulary import TASK_DEFINITION
from ..refusal import Inputs, Refusal, Topic, family
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_CPU_UNITS: Final = 1024
_MIB: Final = 1024
_FARGATE_MEMORY: Final[Mapping[float, Sequence[float]]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
"""The memory in MiB that a task on Fargate may have with its CPU units. AWS, "Task CPU and memory"
in the developer guide of ECS (2026-11-26)."""


def _amount(text: str, unit: str, factor: int) -> float | None:
    """A size such as "1024", "1 vCPU" or "0.5GB", in CPU units or MiB."""
    found = re.fullmatch(rf"\s*(\d*\.?\d+)\s*({unit})?\s*", text, re.IGNORECASE)
    if found is None:
        return None
    return float(found[1]) * (factor if found[2] else 1)


def _has_no_such_size(cpu: str, memory: str) -> bool:
    units, mib = _amount(cpu, "vcpu", _CPU_UNITS), _amount(memory, "gb", _MIB)
    if units is None or mib is None or units not in _FARGATE_MEMORY:
        return False
    return mib not in _FARGATE_MEMORY[units]


def _is_for_fargate(task: Block) -> Truth:
    return task.lists("requiresCompatibilities", "FARGATE")


def _is_for_instances_only(task: Block) -> Truth:
    others = task.some_text("requiresCompatibilities", lambda said: said != "EC2")
    return task.lacks("requiresCompatibilities") | ~others


def _of_some_container(condition: Condition) -> Condition:
    """Whether the condition holds of a container of the task."""
    return lambda task: containers_of(task).some(CONTAINERS, condition)


def _writes_to_cloudwatch(container: Block) -> Truth:
    return container.says("logConfiguration.logDriver", "awslogs")


def _has_a_stream_of_no_name(container: Block) -> Truth:
    named = container.sets("logConfiguration.options.awslogs-stream-prefix")
    return _writes_to_cloudwatch(container) & ~named


def _has_a_container_that_is_larger(task: Block) -> Truth:
    match task.text("memory"):
        case Known(text) if mib := _amount(text, "gb", _MIB):
            return _of_some_container(lambda each: each.number("memory") > mib)(task)
        case Known():
            return Truth.UNKNOWN
    return task.has("memory") & Truth.UNKNOWN


def _has_no_memory(container: Block) -> Truth:
    return container.lacks("memory") & container.lacks("memoryReservation")


def _is_from_ecr(container: Block) -> Truth:
    """Whether its image is in a private repository of ECR."""
    return container.holds("image", lambda image: re.match(_ECR, image) is not None)


def _on_fargate(*containers: Inputs, **task: object) -> Inputs:
    """A task on Fargate, with these containers."""
    defined = {"containerDefinitions": json.dumps(containers)} if containers else {}
    return {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", **defined, **task}


_ECR: Final = r"\d{12}\.dkr\.ecr\."
_SIZES: Final = (
    "Choose cpu and memory from Fargate's task sizes: cpu 256 with memory 512, 1024 or 2048; 512 "
    "with 1024 to 4096; 1024 with 2048 to 8192; and so on."
)
_SIZE: Final = {"cpu": "256", "memory": "512"}
_ROLE: Final = "arn:aws:iam::123456789012:role/execution"
_LOGS: Final = {
    "name": "app",
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "app", "awslogs-stream-prefix": "app"},
    },
}
_LOGS_WITHOUT_PREFIX: Final = {
    "name": "app",
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "app"}},
}

ECS_TASK_DEFINITION = family(
    Topic(
        name="ecs-task-definition",
        title="Task definitions that ECS accepts",
        description="The size, network mode, logs and containers of a task definition must be "
        "valid for the launch type of its tasks.",
        tags=("aws", "ecs", "fargate", "disaster-recovery"),
        fix="Change the setting that ECS refuses.",
        unread="containerDefinitions is a list there, and no JSON document",
    ),
    Refusal(
        id="fargate-size",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate, but has a combination of cpu and memory that Fargate does not offer",
        when=lambda task: _is_for_fargate(task) & task.together("cpu", "memory", _has_no_such_size),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: No Fargate configuration exists for "
            "given values.",
            "RegisterTaskDefinition, public deployment logs",
            "2026-11-26",
        ),
        fix=_SIZES,
        refused=_on_fargate(cpu="256", memory="4096"),
        accepted=(
            _on_fargate(cpu="256", memory="2048"),
            _on_fargate(cpu="0.25 vCPU", memory="0.5 GB"),
            {"requiresCompatibilities": ["EC2"], "cpu": "256", "memory": "4096"},
            _on_fargate(cpu="100", memory="4096"),
        ),
        whatever=("networkMode",),
    ),
    Refusal(
        id="fargate-cpu",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate, but has no cpu",
        when=lambda task: _is_for_fargate(task) & task.lacks("cpu"),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Fargate requires that 'cpu' be "
            "defined at the task level.",
            f"RegisterTaskDefinition; {_TESTED}",
            "2026-09-02",
        ),
        fix=f"Set cpu of the task definition to one that goes with its memory. {_SIZES}",
        refused=_on_fargate(memory="512"),
        accepted=(_on_fargate(**_SIZE), {"requiresCompatibilities": ["EC2"], "memory": "512"}),
        whatever=("networkMode", "memory"),
    ),
    Refusal(
        id="fargate-memory",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate, but has no memory",
        when=lambda task: _is_for_fargate(task) & task.lacks("memory"),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Fargate requires that 'memory' be "
            "defined at the task level.",
            f"RegisterTaskDefinition; {_TESTED}",
            "2026-09-02",
        ),
        fix=f"Set memory of the task definition to one that goes with its cpu. {_SIZES}",
        refused=_on_fargate(cpu="256"),
        accepted=(_on_fargate(**_SIZE), {"requiresCompatibilities": ["EC2"], "cpu": "256"}),
        whatever=("networkMode", "cpu"),
    ),
    Refusal(
        id="fargate-network-mode",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate, but its networkMode is not awsvpc",
        when=lambda task: _is_for_fargate(task) & ~task.says("networkMode", "awsvpc"),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Fargate only supports network mode "
            "'awsvpc'.",
            f"RegisterTaskDefinition, of one without a network mode too; {_TESTED}",
            "2026-09-01",
        ),
        fix="Set networkMode to awsvpc.",
        refused={"requiresCompatibilities": ["FARGATE"], **_SIZE},
        accepted=(
            _on_fargate(**_SIZE),
            {"requiresCompatibilities": ["EC2"], **_SIZE},
            {"networkMode": "bridge", **_SIZE},
        ),
        whatever=("cpu", "memory"),
    ),
    Refusal(
        id="fargate-logs-role",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate and uses the awslogs log driver, but has no executionRoleArn",
        when=lambda task: (
            _is_for_fargate(task)
            & task.lacks("executionRoleArn")
            & _of_some_container(_writes_to_cloudwatch)(task)
        ),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Fargate requires task definition to "
            "have execution role ARN to support log driver awslogs.",
            f"RegisterTaskDefinition; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set executionRoleArn to a role with the policy AmazonECSTaskExecutionRolePolicy.",
        refused=_on_fargate(_LOGS, **_SIZE),
        accepted=(
            _on_fargate(_LOGS, **_SIZE, executionRoleArn=_ROLE),
            _on_fargate({"name": "app"}, **_SIZE),
            {"containerDefinitions": json.dumps([{**_LOGS, "memory": 512}])},
        ),
        whatever=("networkMode", "cpu", "memory"),
    ),
    Refusal(
        id="fargate-logs-prefix",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate and uses the awslogs log driver, but has no awslogs-stream-prefix",
        when=lambda task: (
            _is_for_fargate(task) & _of_some_container(_has_a_stream_of_no_name)(task)
        ),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Fargate requires log configuration "
            "options to include awslogs-stream-prefix to support log driver awslogs.",
            f"RegisterTaskDefinition; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set awslogs-stream-prefix in the options of the container's logConfiguration.",
        refused=_on_fargate(_LOGS_WITHOUT_PREFIX, **_SIZE, executionRoleArn=_ROLE),
        accepted=(
            _on_fargate(_LOGS, **_SIZE, executionRoleArn=_ROLE),
            {"containerDefinitions": json.dumps([{**_LOGS_WITHOUT_PREFIX, "memory": 512}])},
        ),
        whatever=("networkMode", "cpu", "memory", "executionRoleArn"),
    ),
    Refusal(
        id="container-memory",
        kinds=(TASK_DEFINITION,),
        says="has a container with more memory than the task itself",
        when=_has_a_container_that_is_larger,
        evidence=Evidence(
            "RegisterTaskDefinition answers: The 'memory' setting for container '...' is greater "
            "than for the task",
            f"RegisterTaskDefinition; {_TESTED}",
            "2026-09-02",
        ),
        fix="Raise memory of the task definition, or lower memory of the container.",
        refused={
            "memory": "512",
            "containerDefinitions": json.dumps([{"name": "app", "memory": 1024}]),
        },
        accepted=(
            {
                "memory": "1 GB",
                "containerDefinitions": json.dumps([{"name": "app", "memory": 1024}]),
            },
            {"containerDefinitions": json.dumps([{"name": "app", "memory": 1024}])},
        ),
    ),
    Refusal(
        id="container-without-memory",
        kinds=(TASK_DEFINITION,),
        says="has a container without memory or memoryReservation, and no memory of its own",
        when=lambda task: (
            _is_for_instances_only(task)
            & task.lacks("memory")
            & _of_some_container(_has_no_memory)(task)
        ),
        evidence=Evidence(
            "RegisterTaskDefinition answers ClientException: Invalid setting for container "
            "'...'. At least one of 'memory' or 'memoryReservation' must be specified.",
            "RegisterTaskDefinition, public deployment logs",
            "2026-11-26",
        ),
        fix="Set memory of the task definition, or memory or memoryReservation of each container.",
        refused={"containerDefinitions": json.dumps([{"name": "app"}])},
        accepted=(
            {"containerDefinitions": json.dumps([{"name": "app", "memoryReservation": 128}])},
            {"containerDefinitions": json.dumps([{"name": "app"}]), "memory": "512"},
            {
                "containerDefinitions": json.dumps([{"name": "app"}]),
                "requiresCompatibilities": ["EXTERNAL"],
            },
        ),
    ),
)

ADVICE: Final = (
    Refusal(
        id="fargate-image-role",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate and uses an image from a private ECR repository, but has no "
        "executionRoleArn",
        when=lambda task: (
            _is_for_fargate(task)
            & task.lacks("executionRoleArn")
            & _of_some_container(_is_from_ecr)(task)
            & ~_of_some_container(_writes_to_cloudwatch)(task)  # fargate-logs-role tells.
        ),
        evidence=Evidence(
            "ClientException: Fargate requires task definition to have execution role ARN to "
            "support ECR images.",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
            "task_execution_IAM_role.html, and reports",
            "2026-11-26",
            Kind.REPORTED,
        ),
        fix="Set executionRoleArn to a role with the policy AmazonECSTaskExecutionRolePolicy.",
        refused=_on_fargate(
            {"name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"}, **_SIZE
        ),
        accepted=(
            _on_fargate({"name": "app", "image": "public.ecr.aws/nginx/nginx"}, **_SIZE),
            _on_fargate(
                {"name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"},
                **_SIZE,
                executionRoleArn=_ROLE,
            ),
        ),
        whatever=("networkMode", "cpu", "memory"),
    ),
    Refusal(
        id="fargate-secrets-role",
        kinds=(TASK_DEFINITION,),
        says="is for Fargate and passes secrets to a container, but has no executionRoleArn",
        when=lambda task: (
            _is_for_fargate(task)
            & task.lacks("executionRoleArn")
            & _of_some_container(lambda each: each.has("secrets"))(task)
            & ~_of_some_container(_writes_to_cloudwatch)(task)
            & ~_of_some_container(_is_from_ecr)(task)  # The role is told of once.
        ),
        evidence=Evidence(
            "ClientException: When you are specifying container secrets, you must also specify a "
            "value for 'executionRoleArn'.",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
            "task_execution_IAM_role.html, and reports",
            "2026-11-26",
            Kind.REPORTED,
        ),
        fix="Set executionRoleArn to a role that may read the secrets.",
        refused=_on_fargate(
            {"name": "app", "secrets": [{"name": "TOKEN", "valueFrom": "token"}]}, **_SIZE
        ),
        accepted=(
            _on_fargate({"name": "app", "secrets": []}, **_SIZE),
            _on_fargate(
                {"name": "app", "secrets": [{"name": "TOKEN", "valueFrom": "token"}]},
                **_SIZE,
                executionRoleArn=_ROLE,
            ),
        ),
        whatever=("networkMode", "cpu", "memory"),
    ),
)
