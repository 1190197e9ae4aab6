"""ecs-service: services, their task definitions and their target groups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "ecs-service"
PARTS = "documented-parts"
FARGATE = {"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
ON_FARGATE: dict[str, Any] = {**FARGATE, "networkMode": "awsvpc"}
SUBNETS = {"networkConfiguration": {"subnets": ["subnet-1"]}}


def definition(stack: Stack, name: str = "task", **inputs: Any) -> Made:
    computed = {"arn": f"arn:aws:ecs:us-east-1:111122223333:task-definition/{name}:1"}
    given = {"family": name, **inputs}
    return stack.add("aws:ecs/taskDefinition:TaskDefinition", name, given, computed=computed)


def service(stack: Stack, task: Any, **inputs: Any) -> Made:
    said = task.output("arn") if isinstance(task, Made) else task
    return stack.add("aws:ecs/service:Service", "app", {"taskDefinition": said, **inputs})


def running(task: dict[str, Any], **inputs: Any) -> Stack:
    """A service with this task definition."""
    stack = Stack()
    service(stack, definition(stack, **task), **inputs)
    return stack


def running_one_of(*tasks: dict[str, Any], **inputs: Any) -> Stack:
    """A service with one of these task definitions; nothing tells which."""
    stack = Stack()
    made = [definition(stack, f"task-{number}", **each) for number, each in enumerate(tasks)]
    service(stack, Output(made[0].outputs["arn"], tuple(made)), **inputs)
    return stack


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(running(ON_FARGATE), id="awsvpc without a network"),
        pytest.param(running({"networkMode": "awsvpc"}), id="awsvpc on instances"),
        pytest.param(running({"networkMode": "bridge"}, **SUBNETS), id="bridge with a network"),
        pytest.param(running({}, **SUBNETS), id="the default on instances with a network"),
        pytest.param(
            running({"requiresCompatibilities": ["EC2"]}, **SUBNETS), id="instances with a network"
        ),
        pytest.param(running_one_of(ON_FARGATE, ON_FARGATE), id="either of two"),
    ],
)
def test_a_service_without_the_network_of_its_tasks_is_rejected(stack: Stack) -> None:
    assert "rejects app" in first_verdicts(stack, POLICY)
    assert verdict(stack, POLICY) == "rejects app"
    assert verdict(stack, POLICY, deployed=True) == "passes"
    assert {each for each in findings(stack) if each[0] != "unverifiable-reference"} == {
        (POLICY, "app")
    }


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(running(ON_FARGATE, **SUBNETS), id="awsvpc with a network"),
        pytest.param(running(ON_FARGATE, networkConfiguration=UNKNOWN), id="some network"),
        pytest.param(running({"networkMode": "host"}), id="host"),
        pytest.param(running({"networkMode": UNKNOWN}), id="unknown mode"),
        pytest.param(running({"networkMode": UNKNOWN}, **SUBNETS), id="unknown mode, a network"),
        pytest.param(running({"networkMode": 7}), id="malformed mode"),
        pytest.param(running(FARGATE, **SUBNETS), id="told of the task definition"),
        pytest.param(
            running(ON_FARGATE, deploymentController={"type": "EXTERNAL"}), id="task sets"
        ),
        pytest.param(
            running(ON_FARGATE, deploymentController={"type": UNKNOWN}), id="perhaps task sets"
        ),
        pytest.param(running_one_of(ON_FARGATE, {"networkMode": "host"}), id="one of two"),
    ],
)
def test_a_service_with_the_network_of_its_tasks_passes(stack: Stack) -> None:
    assert first_verdicts(stack, POLICY) == {"passes"}


SIZE = {"cpu": "256", "memory": "512"}
AWSVPC = {"networkMode": "awsvpc"}
LAUNCHED: dict[str, Any] = {"launchType": "FARGATE", **SUBNETS}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        pytest.param(running(AWSVPC, **LAUNCHED), "rejects app", id="without a size"),
        pytest.param(running({**AWSVPC, "cpu": "256"}, **LAUNCHED), "rejects app", id="no memory"),
        pytest.param(
            running(SIZE, launchType="FARGATE"), "rejects app", id="without a network mode"
        ),
        pytest.param(running(SIZE, **LAUNCHED), "passes", id="ecs-service tells of its network"),
        pytest.param(
            running({"requiresCompatibilities": ["EC2"], **AWSVPC}, **LAUNCHED),
            "rejects app",
            id="for instances alone",
        ),
        pytest.param(running_one_of(AWSVPC, SIZE, **LAUNCHED), "rejects app", id="either of two"),
        pytest.param(running_one_of(AWSVPC, ON_FARGATE, **LAUNCHED), "passes", id="one of two"),
        pytest.param(running(ON_FARGATE, **LAUNCHED), "passes", id="for Fargate"),
        pytest.param(running({**AWSVPC, **SIZE}, **LAUNCHED), "passes", id="fit for Fargate"),
        pytest.param(running({**AWSVPC, "cpu": UNKNOWN}, **LAUNCHED), "rejects app", id="some cpu"),
        pytest.param(
            running({**AWSVPC, **SIZE, "memory": UNKNOWN}, **LAUNCHED), "passes", id="some memory"
        ),
        pytest.param(
            running({"requiresCompatibilities": UNKNOWN, **AWSVPC}, **LAUNCHED),
            "passes",
            id="for something",
        ),
        pytest.param(
            running({"requiresCompatibilities": ["EC2", UNKNOWN], **AWSVPC}, **LAUNCHED),
            "passes",
            id="for something more",
        ),
        pytest.param(running({"networkMode": UNKNOWN, **SIZE}, **LAUNCHED), "passes", id="a mode"),
        pytest.param(running(AWSVPC, **SUBNETS), "passes", id="on instances"),
        pytest.param(
            running(AWSVPC, **{**LAUNCHED, "launchType": UNKNOWN}), "passes", id="on something"
        ),
    ],
)
def test_a_service_on_fargate_has_a_task_definition_for_fargate(
    stack: Stack, expected: str
) -> None:
    assert first_verdicts(stack, PARTS) == {expected}


def test_a_task_with_another_network_is_told_once() -> None:
    stack = running({"networkMode": "bridge"}, **LAUNCHED)
    assert findings(stack) == {(POLICY, "app")}


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("bridge", "ip", "rejects app"),
        ("host", "ip", "rejects app"),
        (None, "ip", "rejects app"),
        ("awsvpc", "ip", "passes"),
        (UNKNOWN, "ip", "passes"),
        ("bridge", "instance", "passes"),
        ("bridge", UNKNOWN, "passes"),
    ],
)
def test_tasks_on_their_host_have_no_addresses(mode: Any, kind: Any, expected: str) -> None:
    stack = Stack()
    task = definition(stack, networkMode=mode)
    given = {"port": 80, "protocol": "HTTP", "targetType": kind}
    group = stack.add("aws:lb/targetGroup:TargetGroup", "group", given)
    service(stack, task, loadBalancers=[{"targetGroupArn": group.output("arn")}])
    assert first_verdicts(stack, PARTS) == {expected}


@pytest.mark.parametrize("task", ["app:7", UNKNOWN, None, 7])
def test_a_task_definition_outside_the_stack_passes(task: Any) -> None:
    stack = Stack()
    service(stack, task)
    assert first_verdicts(stack, POLICY) == {"passes"}


# --- target groups --------------------------------------------------------------------------------


def group(stack: Stack, name: str = "web", **inputs: Any) -> Made:
    given = {"protocol": "HTTP", "vpcId": "vpc-1", **inputs}
    return stack.add("aws:lb/targetGroup:TargetGroup", name, given, computed={"arn": f"arn:{name}"})


def listener(stack: Stack, to: Any) -> Made:
    actions = [{"type": "forward", "targetGroupArn": to}]
    return stack.add(
        "aws:lb/listener:Listener", "front", {"protocol": "HTTP", "defaultActions": actions}
    )


def at_port(arn: Any, **more: Any) -> dict[str, Any]:
    one = {"targetGroupArn": arn, "containerName": "app", "containerPort": 8080, **more}
    return {"loadBalancers": [one]}


def balanced(task: dict[str, Any] = ON_FARGATE, alternate: bool = False, **of_group: Any) -> Stack:
    """A service behind a target group that a listener forwards to."""
    stack = Stack()
    arn = group(stack, **of_group).output("arn")
    listener(stack, arn)
    network = SUBNETS if task.get("networkMode") == "awsvpc" else {}
    second = {"advancedConfiguration": {"alternateTargetGroupArn": arn}} if alternate else {}
    said = at_port("arn:elsewhere" if alternate else arn, **second)
    service(stack, definition(stack, **task), **network, **said)
    return stack


def test_tasks_with_addresses_need_a_target_group_of_addresses() -> None:
    assert "rejects app" in first_verdicts(balanced(), POLICY)
    assert verdict(balanced(targetType="instance"), POLICY) == "rejects app"
    assert verdict(balanced(alternate=True), POLICY) == "rejects app"
    assert findings(balanced()) == {(POLICY, "app")}
    for stack in (
        balanced(targetType="ip"),
        balanced(targetType=UNKNOWN),
        balanced({"networkMode": "bridge"}, targetType="instance"),
        balanced({"networkMode": UNKNOWN}, targetType="instance"),
        balanced(targetType="ip", alternate=True),
    ):
        assert first_verdicts(stack, POLICY) == {"passes"}


def of_two_kinds(one: Any, other: Any) -> Stack:
    """A service with two new target groups in the two places for them."""
    stack = Stack()
    arns = [
        group(stack, name, targetType=kind).output("arn")
        for name, kind in (("blue", one), ("green", other))
    ]
    for arn in arns:
        listener(stack, arn)
        stack.resources[-1].name = f"of-{len(stack.resources)}"
    second = {"advancedConfiguration": {"alternateTargetGroupArn": arns[1]}}
    said = at_port(arns[0], **second)
    service(stack, definition(stack, **ON_FARGATE), **SUBNETS, **said)
    return stack


def test_both_places_for_target_groups_are_read_together() -> None:
    for kinds in (("ip", "instance"), ("instance", "ip")):
        assert first_verdicts(of_two_kinds(*kinds), POLICY) == {"rejects app"}
    assert first_verdicts(of_two_kinds("ip", "ip"), POLICY) == {"passes"}
    assert first_verdicts(of_two_kinds("ip", UNKNOWN), POLICY) == {"passes"}


def unused(*, by: Any = None, dependent: str | None = None) -> Stack:
    """A service behind a new target group; `by` is what a listener forwards to."""
    stack = Stack()
    made = group(stack, targetType="ip")
    other = group(stack, "other")
    targets = {"it": made.output("arn"), "other": other.output("arn")}
    if by is not None:
        listener(stack, targets.get(by, by))
    if dependent:
        stack.add(dependent, "dependent", {"arn": made.output("arn")})
    service(stack, definition(stack, **ON_FARGATE), **SUBNETS, **at_port(made.output("arn")))
    return stack


def test_a_target_group_that_nothing_forwards_to_is_rejected() -> None:
    for stack in (unused(), unused(by="other"), unused(dependent="aws:ssm/parameter:Parameter")):
        assert verdicts(stack, POLICY) == {"rejects app"}
        assert findings(stack) == {(POLICY, "app")}


def test_a_target_group_that_something_may_forward_to_passes() -> None:
    for stack in (
        unused(by="it"),
        unused(by=UNKNOWN),
        unused(dependent="command:local:Command"),
        unused(dependent="aws:cloudformation/stack:Stack"),
        unused(dependent="aws-native:elasticloadbalancingv2:Listener"),
    ):
        assert first_verdicts(stack, POLICY) == {"passes"}


def test_a_target_group_that_exists_may_be_in_use() -> None:
    stack = unused()
    assert verdict(stack, POLICY, existing=stack.resources[:1]) == "passes"


# --- containers -----------------------------------------------------------------------------------

MAPPED = [{"name": "app", "portMappings": [{"containerPort": 8080}]}]


def exposing(containers: Any, **more: Any) -> Stack:
    """A service with a task of these containers behind a load balancer outside the stack."""
    text = json.dumps(containers) if isinstance(containers, list) else containers
    task = {**ON_FARGATE, "containerDefinitions": text}
    return running(task, **SUBNETS, **at_port("arn:elsewhere", **more))


def test_the_container_must_be_there() -> None:
    assert verdict(exposing(MAPPED, containerName="nope"), POLICY) == "rejects app"
    capital = [{"Name": "app", "PortMappings": [{"ContainerPort": "8080"}]}]
    for stack in (
        exposing(MAPPED),
        exposing(capital),
        exposing(UNKNOWN, containerName="nope"),
        exposing(MAPPED, containerName=UNKNOWN),
        exposing("no json", containerName="nope"),
        exposing(None),
        exposing([]),
        exposing([None]),
    ):
        assert first_verdicts(stack, POLICY) == {"passes"}


def test_the_container_must_have_the_port() -> None:
    sidecar = [{"name": "app"}, {"name": "proxy", "portMappings": [{"containerPort": 8080}]}]
    for stack in (exposing(MAPPED, containerPort=80), exposing(sidecar)):
        assert verdict(stack, POLICY) == "rejects app"
    ranged = [{"name": "app", "portMappings": [{"containerPortRange": "8000-8100"}]}]
    for stack in (
        exposing(MAPPED, containerPort=UNKNOWN),
        exposing(MAPPED, containerPort=None),
        exposing(ranged),
        exposing(sidecar, containerName="proxy"),
    ):
        assert first_verdicts(stack, POLICY) == {"passes"}


def test_the_message_leads_to_the_task_definition() -> None:
    (found,) = [each for each in run(running(ON_FARGATE)) if each.policy == POLICY]
    assert "service app -> task definition task -> networkMode awsvpc" in found.message
    assert "Network Configuration must be provided" in found.message


def test_a_service_that_exists_with_a_new_task_definition_is_rejected() -> None:
    stack = running(ON_FARGATE)
    existing = [each for each in stack.resources if each.name == "app"]
    assert verdict(stack, POLICY, existing=existing) == "rejects app"


def test_a_new_service_with_a_task_definition_that_exists_is_rejected() -> None:
    stack = running(ON_FARGATE)
    existing = [each for each in stack.resources if each.name == "task"]
    assert verdict(stack, POLICY, existing=existing) == "rejects app"


def test_a_service_that_ignores_new_revisions_keeps_the_one_that_it_runs() -> None:
    """What deploys revisions by itself lets the service ignore changes of taskDefinition."""
    stack = Stack()
    task = definition(stack, "app", networkMode="bridge")
    old = str(task.outputs["arn"]).replace("app:1", "app:7")
    kept = service(stack, old, **SUBNETS)
    assert verdict(stack, POLICY, existing=[kept]) == "passes"
    stack.resources.remove(kept)
    again = service(stack, task, **SUBNETS)
    assert verdict(stack, POLICY, existing=[again]) == "rejects app"
