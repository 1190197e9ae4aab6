"""standby-load-balancer-targets: load balancers that nothing registers targets with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.hiding import invented
from tests.support import findings, run, verdict, verdicts

POLICY = "standby-load-balancer-targets"
EAST, WEST = "us-east-1", "us-west-2"
OTHER = "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/other/50dc6c495c0c9188"


def forward(group: Made | Output | str) -> dict[str, Any]:
    arn = group.output("arn") if isinstance(group, Made) else group
    return {"type": "forward", "targetGroupArn": arn}


def target_group(stack: Stack, name: str, region: str, **inputs: Any) -> Made:
    arn = f"arn:aws:elasticloadbalancing:{region}:111122223333:targetgroup/{name}/0123456789abcdef"
    return stack.add(
        "aws:lb/targetGroup:TargetGroup",
        name,
        {"port": 80, "protocol": "HTTP", "vpcId": f"vpc-{region}", **inputs},
        computed={"arn": arn, "arnSuffix": f"targetgroup/{name}/0123456789abcdef"},
        region=region,
    )


def balancer(stack: Stack, name: str, region: str, **inputs: Any) -> Made:
    return stack.add(
        "aws:lb/loadBalancer:LoadBalancer",
        name,
        {"loadBalancerType": "application", "internal": True, **inputs},
        computed={
            "arn": f"arn:aws:elasticloadbalancing:{region}:111122223333:loadbalancer/app/{name}/1",
            "dnsName": f"{name}.elb.{region}.amazonaws.com",
        },
        region=region,
    )


def listener(stack: Stack, name: str, of: Made | Output | str, *actions: Any, **more: Any) -> Made:
    region = of.provider["region"] if isinstance(of, Made) and of.provider else WEST
    return stack.add(
        "aws:lb/listener:Listener",
        name,
        {
            "loadBalancerArn": of.output("arn") if isinstance(of, Made) else of,
            "port": 80,
            "protocol": "HTTP",
            "defaultActions": list(actions),
            **more,
        },
        computed={"arn": f"arn:aws:elasticloadbalancing:{region}:111122223333:listener/{name}"},
        region=region,
    )


def attach(stack: Stack, name: str, group: Made | Output | str, region: str = WEST) -> Made:
    arn = group.output("arn") if isinstance(group, Made) else group
    given = {"targetGroupArn": arn, "targetId": "i-0123456789abcdef0"}
    kind = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
    return stack.add(kind, name, given, region=region)


class Two:
    """A load balancer in each of two regions. That of the east has a target, that of the west has
    none yet."""

    def __init__(self, *actions: Any, **inputs: Any) -> None:
        self.stack = Stack(region=EAST)
        east = balancer(self.stack, "web-primary", EAST)
        east_group = target_group(self.stack, "app-primary", EAST)
        listener(self.stack, "http-primary", east, forward(east_group))
        attach(self.stack, "one-primary", east_group, EAST)
        self.balancer = balancer(self.stack, "web-dr", WEST, **inputs)
        self.group = target_group(self.stack, "app-dr", WEST)
        self.listener = listener(
            self.stack, "http-dr", self.balancer, *(actions or (forward(self.group),))
        )

    def west(self, kind: str, name: str, inputs: dict[str, Any]) -> Made:
        return self.stack.add(kind, name, inputs, region=WEST)


def test_a_load_balancer_without_targets_is_rejected() -> None:
    assert verdicts(Two().stack, POLICY) == {"rejects web-dr"}


def test_the_whole_message() -> None:
    [found] = [each for each in run(Two().stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message.splitlines()[1:6] == [
        "Load balancer web-dr is in us-west-2 when us-east-1 is lost, and nothing registers "
        "targets with its target group:",
        "  load balancer web-dr (us-west-2) -> listener http-dr -> target group app-dr -> "
        "no targets",
        "  load balancer web-primary (us-east-1) -> listener http-primary -> target group "
        "app-primary -> target group attachment one-primary",
        "AWS: HTTP 503: Service unavailable. The target groups for the load balancer have no "
        "registered targets.",
        "Fix: Attach an Auto Scaling group, an ECS service or targets to the target group. If they "
        "are registered by something outside of this stack, exempt the load balancer.",
    ]


def through_a_rule(two: Two) -> None:
    two.listener.inputs = {
        **two.listener.inputs,
        "defaultActions": [
            {"type": "fixed-response", "fixedResponse": {"statusCode": "404", "contentType": "t"}}
        ],
    }
    given = {"listenerArn": two.listener.output("arn"), "actions": [forward(two.group)]}
    two.west("aws:lb/listenerRule:ListenerRule", "orders", given)


def to_two_groups(two: Two) -> None:
    other = target_group(two.stack, "other-dr", WEST)
    groups = [{"arn": each.output("arn"), "weight": 50} for each in (two.group, other)]
    actions = [{"type": "forward", "forward": {"targetGroups": groups}}]
    two.listener.inputs = {**two.listener.inputs, "defaultActions": actions}


def with_an_alarm(two: Two) -> None:
    suffix = two.group.output("arnSuffix")
    given = {"namespace": "AWS/ApplicationELB", "dimensions": {"TargetGroup": suffix}}
    two.west("aws:cloudwatch/metricAlarm:MetricAlarm", "unhealthy", given)


def with_a_permission(two: Two) -> None:
    given = {"action": "lambda:InvokeFunction", "sourceArn": two.group.output("arn")}
    two.west("aws:lambda/permission:Permission", "call", given)


def with_targets_elsewhere(two: Two) -> None:
    attach(two.stack, "one-other", target_group(two.stack, "another-dr", WEST))


def with_a_network_balancer(two: Two) -> None:
    two.balancer.inputs = {**two.balancer.inputs, "loadBalancerType": "network"}


@pytest.mark.parametrize(
    "alter",
    [
        through_a_rule,
        to_two_groups,
        with_an_alarm,
        with_a_permission,
        with_targets_elsewhere,
        with_a_network_balancer,
    ],
)
def test_so_is_one(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert verdicts(two.stack, POLICY) == {"rejects web-dr"}


def test_a_network_load_balancer_does_not_answer_503() -> None:
    two = Two()
    with_a_network_balancer(two)
    [found] = [each for each in run(two.stack) if each.policy == POLICY]
    assert "503" not in found.message
    assert "AWS: takes the listener, but has nothing to send" in found.message


def _arn(two: Two) -> Output:
    return two.group.output("arn")


REGISTRARS: list[tuple[str, Callable[[Two], dict[str, Any]]]] = [
    (
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        lambda two: {"targetGroupArn": _arn(two)},
    ),
    (
        "aws:alb/targetGroupAttachment:TargetGroupAttachment",
        lambda two: {"targetGroupArn": _arn(two)},
    ),
    ("aws:autoscaling/group:Group", lambda two: {"targetGroupArns": [_arn(two)]}),
    (
        "aws:autoscaling/group:Group",
        lambda two: {"trafficSources": [{"type": "elbv2", "identifier": _arn(two)}]},
    ),
    ("aws:autoscaling/attachment:Attachment", lambda two: {"lbTargetGroupArn": _arn(two)}),
    (
        "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
        lambda two: {"trafficSource": {"type": "elbv2", "identifier": _arn(two)}},
    ),
    ("aws:ecs/service:Service", lambda two: {"loadBalancers": [{"targetGroupArn": _arn(two)}]}),
    (
        "aws:ecs/service:Service",
        lambda two: {
            "loadBalancers": [
                {
                    "targetGroupArn": OTHER,
                    "advancedConfiguration": {"alternateTargetGroupArn": _arn(two)},
                }
            ]
        },
    ),
    ("aws:ecs/taskSet:TaskSet", lambda two: {"loadBalancers": [{"targetGroupArn": _arn(two)}]}),
    ("aws:ec2/spotFleetRequest:SpotFleetRequest", lambda two: {"targetGroupArns": [_arn(two)]}),
    ("aws:ssm/parameter:Parameter", lambda two: {"type": "String", "value": _arn(two)}),
    (
        "aws:codedeploy/deploymentGroup:DeploymentGroup",
        lambda _: {"loadBalancerInfo": {"targetGroupInfos": [{"name": "app-dr"}]}},
    ),
    ("aws:eks/cluster:Cluster", lambda _: {"name": "orders"}),
    ("kubernetes:core/v1:Service", lambda _: {"kind": "Service"}),
    (
        "aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate",
        lambda _: {"createPublicIp": False},
    ),
    (
        "aws:iam/rolePolicy:RolePolicy",
        lambda _: {
            "policy": json.dumps(
                {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "elasticloadbalancing:RegisterTargets",
                            "Resource": "*",
                        }
                    ]
                }
            )
        },
    ),
]


@pytest.mark.parametrize(("kind", "inputs"), REGISTRARS)
def test_one_whose_targets_are_or_may_be_registered_passes(
    kind: str, inputs: Callable[[Two], dict[str, Any]]
) -> None:
    two = Two()
    two.west(kind, "it", inputs(two))
    assert verdicts(two.stack, POLICY) == {"passes"}


def test_a_command_that_waits_for_the_group_may_register_targets() -> None:
    two = Two()
    given = {"create": "aws elbv2 register-targets ..."}
    two.stack.add("command:local:Command", "register", given, provider={}, depends_on=[two.group])
    assert verdicts(two.stack, POLICY) == {"passes"}


def test_one_group_with_targets_is_enough() -> None:
    two = Two()
    blue = target_group(two.stack, "blue", WEST)
    attach(two.stack, "one-dr", blue)
    given = {"listenerArn": two.listener.output("arn"), "actions": [forward(blue)]}
    two.west("aws:lb/listenerRule:ListenerRule", "live", given)
    assert verdicts(two.stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    "action",
    [
        {"type": "redirect", "redirect": {"statusCode": "HTTP_301", "protocol": "HTTPS"}},
        {"type": "fixed-response", "fixedResponse": {"statusCode": "503", "contentType": "t"}},
        forward(OTHER),
    ],
)
def test_one_that_answers_or_redirects_or_leads_elsewhere_passes(action: dict[str, Any]) -> None:
    assert verdicts(Two(action).stack, POLICY) == {"passes"}


def test_one_without_listeners_and_one_for_gateways_pass() -> None:
    two = Two()
    two.stack.resources.remove(two.listener)
    assert verdicts(two.stack, POLICY) == {"passes"}
    assert verdicts(Two(loadBalancerType="gateway").stack, POLICY) == {"passes"}


def test_a_stack_of_one_region_is_looked_at_where_the_user_names_a_primary() -> None:
    two = Two()
    two.stack.resources = [each for each in two.stack.resources if "primary" not in each.name]
    assert verdicts(two.stack, POLICY) == {"passes"}
    config = {POLICY: {"primary": EAST}}
    assert verdict(two.stack, POLICY, config=config) == "rejects web-dr"
    assert verdict(two.stack, POLICY, config={POLICY: {"primary": WEST}}) == "passes"


def test_the_load_balancer_of_the_primary_is_left_alone() -> None:
    two = Two()
    [target] = [each for each in two.stack.resources if each.name == "one-primary"]
    two.stack.resources.remove(target)
    config = {POLICY: {"primary": WEST}}
    assert verdict(two.stack, POLICY, config=config) == "rejects web-primary"
    assert verdict(two.stack, POLICY, config={POLICY: {"primary": EAST}}) == "rejects web-dr"


@pytest.mark.parametrize(
    "alter",
    [
        lambda two: attach(two.stack, "it", UNKNOWN),
        lambda two: two.west("aws:autoscaling/group:Group", "it", {"targetGroupArns": UNKNOWN}),
        lambda two: two.west("aws:ecs/service:Service", "it", {"loadBalancers": UNKNOWN}),
        lambda two: listener(two.stack, "it", two.balancer, forward(UNKNOWN)),
        lambda two: listener(two.stack, "it", UNKNOWN, forward(UNKNOWN)),
        lambda two: listener(
            two.stack, "it", two.balancer, {"type": UNKNOWN, "targetGroupArn": _arn(two)}
        ),
    ],
)
def test_what_may_lead_to_targets_is_a_doubt(alter: Callable[[Two], object]) -> None:
    two = Two()
    alter(two)
    assert verdict(two.stack, POLICY) == "cannot tell web-dr"
    assert verdict(two.stack, POLICY, shows_inputs=False) == "cannot tell web-dr"


def test_targets_of_the_other_region_raise_no_doubt() -> None:
    two = Two()
    attach(two.stack, "it", UNKNOWN, EAST)
    assert verdict(two.stack, POLICY) == "rejects web-dr"


@pytest.mark.parametrize("value", [None, [], {}, "", 7, [None], [{"type": None}], "forward"])
def test_malformed_actions_and_registrars_neither_raise_nor_reject(value: Any) -> None:
    two = Two()
    two.listener.inputs = {**two.listener.inputs, "defaultActions": value}
    assert "rejects" not in verdict(two.stack, POLICY)
    two = Two()
    two.west("aws:ecs/service:Service", "it", {"loadBalancers": value})
    assert (POLICY, "it") not in findings(two.stack)


def test_aws_native_is_read() -> None:
    stack = Stack(region=EAST)
    group = target_group(stack, "app-primary", EAST)
    attach(stack, "one-primary", group, EAST)
    listener(stack, "http-primary", balancer(stack, "web-primary", EAST), forward(group))
    place: dict[str, Any] = {"provider": {"region": WEST}, "provider_name": "native-west"}
    family = "aws-native:elasticloadbalancingv2"
    west = stack.add(
        f"{family}:LoadBalancer",
        "web-dr",
        {"scheme": "internal", "type": "network"},
        computed={"loadBalancerArn": "arn:w"},
        **place,
    )
    own = stack.add(
        f"{family}:TargetGroup",
        "app-dr",
        {"port": 80, "protocol": "TCP"},
        computed={"targetGroupArn": "arn:g"},
        **place,
    )
    actions = [{"type": "forward", "targetGroupArn": own.output("targetGroupArn")}]
    stack.add(
        f"{family}:Listener",
        "http-dr",
        {"loadBalancerArn": west.output("loadBalancerArn"), "defaultActions": actions, "port": 80},
        computed={"listenerArn": "arn:l"},
        **place,
    )
    assert verdict(stack, POLICY) == "rejects web-dr"
    own.inputs = {**own.inputs, "targets": [{"id": "10.0.0.10"}]}
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("alter", [lambda _: None, through_a_rule, to_two_groups])
def test_to_hide_a_value_never_adds_a_finding(alter: Callable[[Two], None]) -> None:
    for two in (Two(), _served()):
        alter(two)
        assert invented(two.stack, POLICY) == []


def _served() -> Two:
    two = Two()
    two.west(
        "aws:ecs/service:Service",
        "orders",
        {"loadBalancers": [{"targetGroupArn": _arn(two), "containerPort": 80}]},
    )
    return two
