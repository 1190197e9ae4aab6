"""load-balancer-wiring: listeners, target groups and load balancers that go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "load-balancer-wiring"
Build = Callable[[Stack], None]

ACM = "arn:aws:acm:us-east-1:111122223333:certificate"
UUID = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"


def balancer(stack: Stack, name: str = "web", **inputs: Any) -> Made:
    given = {"idleTimeout": 60, **inputs}
    computed = {"arn": f"arn:{name}"}
    return stack.add("aws:lb/loadBalancer:LoadBalancer", name, given, computed=computed)


def group(stack: Stack, name: str = "app", **inputs: Any) -> Made:
    computed = {"arn": f"arn:{name}"}
    return stack.add("aws:lb/targetGroup:TargetGroup", name, inputs, computed=computed)


def forward(*groups: Made) -> list[dict[str, Any]]:
    return [{"type": "forward", "targetGroupArn": each.output("arn")} for each in groups]


def weighted(*groups: Made) -> list[dict[str, Any]]:
    arns = [{"arn": each.output("arn")} for each in groups]
    return [{"type": "forward", "forward": {"targetGroups": arns}}]


def listener(
    stack: Stack, of: Any, name: str = "front", ignores: Sequence[str] = (), **inputs: Any
) -> Made:
    given = {"loadBalancerArn": of.output("arn") if isinstance(of, Made) else of, **inputs}
    if inputs.get("protocol") in ("HTTPS", "TLS"):
        given = {"certificateArn": f"{ACM}/{UUID}", **given}
    computed = {"arn": f"arn:{name}"}
    kind = "aws:lb/listener:Listener"
    return stack.add(kind, name, given, computed=computed, ignore_changes=ignores)


def rule(stack: Stack, of: Any, name: str = "rule", **inputs: Any) -> Made:
    given = {"listenerArn": of.output("arn") if isinstance(of, Made) else of, **inputs}
    return stack.add("aws:lb/listenerRule:ListenerRule", name, given)


def built(build: Build) -> Stack:
    stack = Stack()
    build(stack)
    return stack


def speaking(kind: Any, **inputs: Any) -> Build:
    """A listener of a load balancer of this type."""
    given = {} if kind is None else {"loadBalancerType": kind}
    return lambda stack: void(listener(stack, balancer(stack, **given), **inputs))


def void(_: object) -> None:
    """Builders return nothing."""


def forwarding(protocol: Any, to: Any, kind: str | None = None, **inputs: Any) -> Build:
    """A listener of one protocol with a target group of another."""

    def build(stack: Stack) -> None:
        of_network = protocol not in ("HTTP", "HTTPS", "http", None)
        home = balancer(stack, loadBalancerType=kind or ("network" if of_network else None))
        said = {} if to is None else {"protocol": to}
        made = group(stack, **said, **inputs)
        given = {} if protocol is None else {"protocol": protocol}
        listener(stack, home, defaultActions=forward(made), **given)

    return build


def by_a_rule(stack: Stack) -> None:
    front = listener(stack, balancer(stack), protocol="HTTP")
    rule(stack, front, "front-api", actions=weighted(group(stack, protocol="TCP")))


def by_weight(*protocols: str) -> Build:
    def build(stack: Stack) -> None:
        made = [group(stack, f"app-{each}", protocol=each) for each in protocols]
        listener(stack, balancer(stack), protocol="HTTP", defaultActions=weighted(*made))

    return build


def some_of(*protocols: str) -> Build:
    """Forwards to one of several target groups; nothing tells to which."""

    def build(stack: Stack) -> None:
        made = [group(stack, f"app-{each}", protocol=each) for each in protocols]
        one = Output(f"arn:{made[0].name}", tuple(made))
        actions = [{"type": "forward", "targetGroupArn": one}]
        listener(stack, balancer(stack), protocol="HTTP", defaultActions=actions)

    return build


def in_an_apply(*protocols: str) -> Build:
    def build(stack: Stack) -> None:
        made = [group(stack, f"app-{each}", protocol=each) for each in protocols]
        actions = Output(forward(*made), tuple(made))
        listener(stack, balancer(stack), protocol="HTTP", defaultActions=actions)

    return build


def ipv6(**of_balancer: Any) -> Build:
    def build(stack: Stack) -> None:
        made = group(stack, protocol="HTTP", ipAddressType="ipv6")
        home = balancer(stack, **of_balancer)
        listener(stack, home, protocol="HTTP", defaultActions=forward(made))

    return build


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(speaking(None, protocol="TCP"), id="TCP of an application one by default"),
        pytest.param(speaking("application", protocol="udp"), id="in small letters"),
        pytest.param(speaking("network", protocol="HTTP"), id="HTTP of a network one"),
        pytest.param(
            speaking("network", protocol="TCP", defaultActions=[{"type": "fixed-response"}]),
            id="fixed response of a network one",
        ),
        pytest.param(forwarding("HTTP", "TCP"), id="HTTP to TCP"),
        pytest.param(forwarding("http", "tcp"), id="HTTP to TCP in small letters"),
        pytest.param(forwarding(None, "TCP"), id="HTTP by default"),
        pytest.param(forwarding("TCP", "HTTP"), id="TCP to HTTP"),
        pytest.param(forwarding("TCP", "TLS"), id="TCP to TLS"),
        pytest.param(forwarding("TLS", "UDP"), id="TLS to UDP"),
        pytest.param(forwarding("TCP_UDP", "TCP"), id="TCP_UDP to TCP"),
        pytest.param(forwarding("TCP", "HTTP", "application"), id="wrong twice, told once"),
        pytest.param(forwarding("UDP", "TCP", targetType="alb"), id="UDP to a load balancer"),
        pytest.param(forwarding("TCP", None, targetType="lambda"), id="TCP to a function"),
        pytest.param(forwarding("TLS", "TCP", targetType="alb"), id="TLS to a load balancer"),
        pytest.param(by_weight("HTTP", "TCP"), id="one of two by weight"),
        pytest.param(in_an_apply("TCP", "UDP"), id="whichever of two"),
        pytest.param(some_of("TCP", "UDP"), id="one of two, both wrong"),
        pytest.param(ipv6(), id="IPv6 behind IPv4 by default"),
        pytest.param(ipv6(ipAddressType="ipv4"), id="IPv6 behind IPv4"),
    ],
)
def test_a_listener_that_does_not_fit_is_rejected(build: Build) -> None:
    assert verdicts(built(build), POLICY) == {"rejects front"}
    assert findings(built(build)) == {(POLICY, "front")}
    assert len([each for each in run(built(build)) if each.policy == POLICY]) == 1


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(speaking(None, protocol="HTTP"), id="HTTP of an application one"),
        pytest.param(speaking("network", protocol="TCP"), id="TCP of a network one"),
        pytest.param(speaking("network", protocol="TCP_QUIC"), id="QUIC"),
        pytest.param(speaking("network"), id="no protocol"),
        pytest.param(speaking("gateway"), id="gateway"),
        pytest.param(speaking(UNKNOWN, protocol="TCP"), id="unknown type"),
        pytest.param(speaking("application", protocol=UNKNOWN), id="unknown protocol"),
        pytest.param(speaking("application", protocol=7), id="malformed protocol"),
        pytest.param(
            speaking("application", protocol="HTTP", defaultActions=[{"type": "fixed-response"}]),
            id="fixed response of an application one",
        ),
        pytest.param(
            speaking("network", protocol="TCP", defaultActions=[{"type": UNKNOWN}]),
            id="unknown action of a network one",
        ),
        pytest.param(speaking("network", protocol="TCP", defaultActions=None), id="no actions"),
        pytest.param(forwarding("HTTP", "HTTPS"), id="HTTP to HTTPS"),
        pytest.param(forwarding("TCP", "TCP_UDP"), id="TCP to TCP_UDP"),
        pytest.param(forwarding("TLS", "TCP"), id="TLS to TCP"),
        pytest.param(forwarding("TLS", "TCP_UDP"), id="TLS to TCP_UDP has not been seen"),
        pytest.param(forwarding("UDP", "QUIC"), id="QUIC has not been seen"),
        pytest.param(forwarding("HTTP", None), id="no protocol of the target group"),
        pytest.param(forwarding("HTTP", UNKNOWN), id="unknown protocol of the target group"),
        pytest.param(forwarding("HTTP", None, targetType="lambda"), id="HTTP to a function"),
        pytest.param(forwarding("TCP", "TCP", targetType="alb"), id="TCP to a load balancer"),
        pytest.param(by_weight("HTTP", "HTTPS"), id="two by weight"),
        pytest.param(some_of("TCP", "HTTP"), id="one of two, one right"),
        pytest.param(in_an_apply("TCP", "HTTP"), id="whichever of two, one right"),
        pytest.param(ipv6(ipAddressType="dualstack"), id="IPv6 behind both"),
        pytest.param(ipv6(ipAddressType=UNKNOWN), id="IPv6 behind whatever"),
        pytest.param(
            lambda stack: void(listener(stack, "arn:elsewhere", protocol="TCP")),
            id="load balancer outside",
        ),
        pytest.param(
            lambda stack: void(listener(stack, UNKNOWN, protocol="TCP")),
            id="unknown load balancer",
        ),
    ],
)
def test_a_listener_that_may_fit_passes(build: Build) -> None:
    assert first_verdicts(built(build), POLICY) == {"passes"}


def test_a_rule_is_of_its_listeners_protocol() -> None:
    assert verdicts(built(by_a_rule), POLICY) == {"rejects front-api"}


def test_a_rule_of_one_of_two_listeners_passes_if_one_fits() -> None:
    for second, expected in (("TCP", "passes"), ("HTTP", "rejects api")):
        stack = Stack()
        homes = [balancer(stack, "web"), balancer(stack, "net", loadBalancerType="network")]
        fronts = [
            listener(stack, homes[0], "first", protocol="HTTP"),
            listener(stack, homes[second == "TCP"], "second", protocol=second, port=8080),
        ]
        one = Output("arn:first", tuple(fronts))
        rule(stack, one, "api", actions=forward(group(stack, protocol="TCP")))
        assert verdict(stack, POLICY) == expected


def test_the_message_names_the_protocols() -> None:
    (found,) = [each for each in run(built(forwarding("HTTP", "TCP"))) if each.policy == POLICY]
    assert "listener front (HTTP)" in found.message
    assert "target group app (TCP)" in found.message
    assert "incompatible protocols" in found.message


# --- twice ----------------------------------------------------------------------------------------


def two_listeners(
    kind: str = "application", ports: tuple[Any, Any] = (80, 80), **protocols: str
) -> Stack:
    stack = Stack()
    home = balancer(stack, loadBalancerType=kind)
    first, second = protocols.get("first", "HTTP"), protocols.get("second", "HTTP")
    listener(stack, home, "a", port=ports[0], protocol=first)
    listener(stack, home, "b", port=ports[1], protocol=second)
    return stack


def two_rules(priorities: tuple[Any, Any] = (10, 10), of: Any = None) -> Stack:
    stack = Stack()
    home = balancer(stack)
    fronts = [listener(stack, home, f"front-{port}", port=port) for port in (80, 8080)]
    rule(stack, fronts[0], "a", priority=priorities[0])
    rule(stack, fronts[0] if of is None else of, "b", priority=priorities[1])
    return stack


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(two_listeners(), id="HTTP twice"),
        pytest.param(two_listeners(second="HTTPS"), id="HTTP and HTTPS"),
        pytest.param(two_listeners(ports=(80, "80")), id="as text"),
        pytest.param(two_listeners("network", first="TCP", second="tcp"), id="TCP twice"),
        pytest.param(two_rules(), id="priority twice"),
    ],
)
def test_what_is_taken_is_rejected(stack: Stack) -> None:
    assert verdicts(stack, POLICY) == {"rejects b"}


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(two_listeners(ports=(80, 443)), id="two ports"),
        pytest.param(two_listeners(ports=(80, UNKNOWN)), id="unknown port"),
        pytest.param(two_listeners(ports=(UNKNOWN, UNKNOWN)), id="unknown ports"),
        pytest.param(two_listeners("network", first="TCP", second="UDP"), id="TCP and UDP"),
        pytest.param(two_listeners("gateway"), id="gateway"),
        pytest.param(two_rules((10, 20)), id="two priorities"),
        pytest.param(two_rules((10, UNKNOWN)), id="unknown priority"),
        pytest.param(two_rules((None, None)), id="priorities that AWS chooses"),
        pytest.param(two_rules(of="arn:elsewhere"), id="of a listener outside"),
        pytest.param(two_rules(of=UNKNOWN), id="of some listener"),
    ],
)
def test_what_may_be_free_passes(stack: Stack) -> None:
    assert first_verdicts(stack, POLICY) == {"passes"}


def test_a_port_of_one_of_two_balancers_may_be_free() -> None:
    stack = Stack()
    homes = [balancer(stack, name) for name in ("blue", "green")]
    listener(stack, Output("arn:green", tuple(homes)), "a", port=80, protocol="HTTP")
    listener(stack, homes[0], "b", port=80, protocol="HTTP")
    assert first_verdicts(stack, POLICY) == {"passes"}


def test_the_new_one_of_two_is_reported() -> None:
    stack = two_listeners()
    existing = [each for each in stack.resources if each.name != "a"]
    assert verdict(stack, POLICY, existing=existing) == "rejects a"


def shared(second: str = "green", hides: bool = False) -> Stack:
    """One target group behind two load balancers, by a listener and by a rule."""
    stack = Stack()
    made = group(stack, protocol="HTTP")
    homes = {name: balancer(stack, name) for name in ("blue", "green")}
    listener(stack, homes["blue"], "of-blue", port=80, defaultActions=forward(made))
    other = listener(stack, homes[second], "of-other", port=8080)
    rule(stack, UNKNOWN if hides else other, "api", actions=weighted(made))
    return stack


def test_a_target_group_behind_two_balancers_is_rejected() -> None:
    assert verdicts(shared(), POLICY) == {"rejects app"}
    (found,) = [each for each in run(shared()) if each.policy == POLICY]
    assert "load balancer blue -> listener of-blue -> target group app" in found.message
    assert "load balancer green -> listener rule api -> target group app" in found.message


def test_a_target_group_behind_one_balancer_passes() -> None:
    assert verdicts(shared("blue"), POLICY) == {"passes"}
    assert first_verdicts(shared(hides=True), POLICY) == {"passes"}


def test_a_target_group_that_may_be_behind_a_second_balancer_passes() -> None:
    stack = Stack()
    made = [group(stack, name, protocol="HTTP") for name in ("app", "api")]
    listener(stack, balancer(stack, "blue"), "of-blue", defaultActions=forward(made[0]))
    one = [{"type": "forward", "targetGroupArn": Output("arn:app", tuple(made))}]
    listener(stack, balancer(stack, "green"), "of-green", defaultActions=one)
    assert first_verdicts(stack, POLICY) == {"passes"}


ELB = "arn:aws:elasticloadbalancing:us-east-1:111122223333"
BLUE = f"{ELB}:listener/app/blue/0a1b2c3d4e5f0a1b/1a2b3c4d5e6f1a2b"
BLUE_TOO = f"{ELB}:listener/app/blue/0a1b2c3d4e5f0a1b/2a2b3c4d5e6f1a2b"
GREEN = f"{ELB}:listener/app/green/9a1b2c3d4e5f0a1b/1a2b3c4d5e6f1a2b"
SHARED = f"{ELB}:targetgroup/app/0a1b2c3d4e5f0a1b"


def to(arn: Any) -> list[dict[str, Any]]:
    return [{"type": "forward", "targetGroupArn": arn}]


def by_rules(one: Any, other: Any, arn: Any = None) -> Stack:
    """Rules of two listeners of other stacks with one target group, the stack's own by default."""
    stack = Stack()
    found = group(stack, protocol="HTTP").output("arn") if arn is None else arn
    rule(stack, one, "a", actions=to(found))
    rule(stack, other, "b", actions=to(found))
    return stack


def test_the_arns_of_listeners_say_the_balancers_of_a_group() -> None:
    assert verdicts(by_rules(BLUE, GREEN), POLICY) == {"rejects app"}
    assert verdicts(by_rules(BLUE, BLUE_TOO), POLICY) == {"passes"}
    for unread in (UNKNOWN, "listener/app/green", Output(GREEN), f"{ELB}:listener/app/green"):
        assert first_verdicts(by_rules(BLUE, unread), POLICY) == {"passes"}
    (found,) = [each for each in run(by_rules(BLUE, GREEN)) if each.policy == POLICY]
    assert "load balancer app/blue/0a1b2c3d4e5f0a1b -> listener rule a" in found.message


def test_a_group_of_another_stack_is_of_one_balancer() -> None:
    assert verdicts(by_rules(BLUE, GREEN, SHARED), POLICY) == {"rejects b"}
    assert verdicts(by_rules(BLUE, BLUE_TOO, SHARED), POLICY) == {"passes"}
    for unread in (UNKNOWN, "listener/app/green", f"{ELB}:listener/app/green"):
        assert first_verdicts(by_rules(BLUE, unread, SHARED), POLICY) == {"passes"}
    assert first_verdicts(by_rules(BLUE, GREEN, UNKNOWN), POLICY) == {"passes"}
    assert first_verdicts(by_rules(BLUE, GREEN, Output(SHARED)), POLICY) == {"passes"}


def new_and_named(home: str = "green", arn: str = SHARED) -> Stack:
    """A listener of a new load balancer and one of a known or a new one, with one group each."""
    stack = Stack()
    new = balancer(stack, "blue")
    listener(stack, new, "a", port=80, defaultActions=to(SHARED))
    home_arn = new if home == "blue" else f"{ELB}:loadbalancer/app/green/9a1b2c3d4e5f0a1b"
    listener(stack, home_arn, "b", port=81, defaultActions=to(arn))
    return stack


def test_a_group_is_not_of_a_new_balancer_and_of_one_that_exists() -> None:
    assert verdicts(new_and_named(), POLICY) == {"rejects b"}
    assert verdicts(new_and_named("blue"), POLICY) == {"passes"}
    other = SHARED.replace("targetgroup/app", "targetgroup/api")
    assert verdicts(new_and_named(arn=other), POLICY) == {"passes"}


@pytest.mark.parametrize("is_own", [True, False])
def test_a_listener_that_codedeploy_moves_may_have_left_its_group(is_own: bool) -> None:
    """It turned the listener to the green group, and the blue one is free for a new balancer."""

    def moving(*ignores: str) -> str:
        stack = Stack()
        blue = group(stack, protocol="HTTP").output("arn") if is_own else SHARED
        listener(stack, balancer(stack, "old"), "old", ignores, defaultActions=to(blue))
        listener(stack, balancer(stack, "young"), "young", defaultActions=to(blue))
        existing = [each for each in stack.resources if each.name != "young"]
        return verdict(stack, POLICY, existing=existing)

    assert moving("defaultActions") == "passes"
    assert moving() == ("rejects app" if is_own else "rejects young")


# --- targets --------------------------------------------------------------------------------------

SCALED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "targetGroupArns": ("aws:autoscaling/group:Group", lambda arn: [arn]),
    "trafficSources": ("aws:autoscaling/group:Group", lambda arn: [{"identifier": arn}]),
    "lbTargetGroupArn": ("aws:autoscaling/attachment:Attachment", lambda arn: arn),
    "trafficSource": (
        "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
        lambda arn: {"identifier": arn, "type": "elbv2"},
    ),
}


def scaled(name: str, **of_group: Any) -> Stack:
    stack = Stack()
    kind, value = SCALED[name]
    arn = group(stack, protocol="HTTP", **of_group).output("arn")
    stack.add(kind, "fleet", {name: value(arn)})
    return stack


@pytest.mark.parametrize("name", SCALED)
def test_instances_need_a_target_group_of_instances(name: str) -> None:
    for target_type in ("ip", "lambda", "alb"):
        assert verdicts(scaled(name, targetType=target_type), POLICY) == {"rejects fleet"}
    assert verdicts(scaled(name, targetType="instance"), POLICY) == {"passes"}
    assert verdicts(scaled(name), POLICY) == {"passes"}
    assert first_verdicts(scaled(name, targetType=UNKNOWN), POLICY) == {"passes"}


def test_a_scaling_group_without_target_groups_passes() -> None:
    stack = Stack()
    stack.add("aws:autoscaling/group:Group", "fleet", {"minSize": 1})
    stack.add("aws:autoscaling/group:Group", "other", {"targetGroupArns": ["arn:elsewhere"]})
    assert verdicts(stack, POLICY) == {"passes"}


def behind(*targets: Any, target_type: Any = "alb") -> Stack:
    """A target group with load balancers of these names as its targets."""
    stack = Stack()
    made = group(stack, protocol="TCP", targetType=target_type)
    homes = {each: balancer(stack, each) for each in targets if isinstance(each, str)}
    for number, each in enumerate(targets):
        found = homes[each].output("arn") if isinstance(each, str) else each
        given = {"targetGroupArn": made.output("arn"), "targetId": found}
        stack.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", f"t{number}", given)
    return stack


def test_one_load_balancer_can_be_a_target() -> None:
    assert verdicts(behind("a", "b"), POLICY) == {"rejects app"}
    assert verdicts(behind("a"), POLICY) == {"passes"}
    assert verdicts(behind("a", "a"), POLICY) == {"passes"}
    assert verdicts(behind(), POLICY) == {"passes"}
    assert verdicts(behind("a", "b", target_type="ip"), POLICY) == {"passes"}
    assert first_verdicts(behind("a", UNKNOWN), POLICY) == {"passes"}
    assert first_verdicts(behind("a", "b", target_type=UNKNOWN), POLICY) == {"passes"}


def registered(said: Any, **of_group: Any) -> Stack:
    stack = Stack()
    made = group(stack, protocol="HTTP", **of_group)
    given = {"targetGroupArn": made.output("arn"), "targetId": said}
    stack.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", "it", given)
    return stack


def test_an_address_is_no_instance() -> None:
    said: Any
    for said in ("10.0.1.10", "2001:db8::1"):
        assert verdicts(registered(said), POLICY) == {"rejects it"}
        assert verdicts(registered(said, targetType="instance"), POLICY) == {"rejects it"}
        assert verdicts(registered(said, targetType=UNKNOWN), POLICY) == {"passes"}
    assert verdicts(registered("10.0.1.10", targetType="ip"), POLICY) == {"passes"}
    others: tuple[Any, ...] = ("i-0a1b2c3d", UNKNOWN, None, "ten", 7, {})
    for said in others:
        assert first_verdicts(registered(said), POLICY) == {"passes"}


# --- certificates ---------------------------------------------------------------------------------

CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"


def certified(arn: Any, kind: str = "aws:lb/listener:Listener") -> Stack:
    stack = Stack()
    stack.add(kind, "front", {"protocol": "HTTPS", "certificateArn": arn})
    return stack


@pytest.mark.parametrize(
    "kind",
    [
        "aws:lb/listener:Listener",
        "aws:alb/listener:Listener",
        CERTIFICATE,
        "aws:alb/listenerCertificate:ListenerCertificate",
    ],
)
def test_what_is_no_certificate_is_rejected(kind: str) -> None:
    for arn in (f"{ACM}/placeholder", "TODO", f"{ACM}s/{UUID}", f"arn:aws:acm:us-east-1::{UUID}"):
        assert verdicts(certified(arn, kind), POLICY) == {"rejects front"}
    server = "arn:aws:iam::111122223333:server-certificate/web"
    for arn in (f"{ACM}/{UUID}", server, f"{ACM}/{UUID}".replace("arn:aws", "arn:aws-us-gov")):
        assert verdicts(certified(arn, kind), POLICY) == {"passes"}
    for unread in (UNKNOWN, None, 7, Output("arn:from:another:stack")):
        assert first_verdicts(certified(unread, kind), POLICY) == {"passes"}


def test_the_message_does_not_show_the_value() -> None:
    (found,) = [each for each in run(certified("hush")) if each.policy == POLICY]
    assert "hush" not in found.message


def test_the_arn_of_a_certificate_of_the_stack_is_not_judged() -> None:
    stack = Stack()
    made = stack.add("aws:acm/certificate:Certificate", "cert", computed={"arn": "arn:cert"})
    stack.add("aws:lb/listener:Listener", "front", {"certificateArn": made.output("arn")})
    assert verdicts(stack, POLICY) == {"passes"}


def further(**of_listener: Any) -> Stack:
    stack = Stack()
    front = listener(stack, balancer(stack), **of_listener)
    given = {"listenerArn": front.output("arn"), "certificateArn": f"{ACM}/{UUID}"}
    stack.add(CERTIFICATE, "further", given)
    return stack


def test_a_further_certificate_needs_a_secure_listener() -> None:
    assert verdicts(further(protocol="HTTP"), POLICY) == {"rejects further"}
    assert verdicts(further(), POLICY) == {"rejects further"}
    assert verdicts(further(protocol="HTTPS"), POLICY) == {"passes"}
    assert first_verdicts(further(protocol=UNKNOWN), POLICY) == {"passes"}


# --- functions ------------------------------------------------------------------------------------


def calling(
    principal: Any = None,
    of: Any = None,
    dependent: str | None = None,
    name: Any = "function-code",
) -> tuple[Stack, Made]:
    """A function that is a target, and perhaps a permission, which the attachment waits for."""
    stack = Stack()
    computed = {"arn": "arn:aws:lambda:us-east-1:111122223333:function:function-code"}
    given: dict[str, Any] = {"role": "arn:role", "name": name}
    function = stack.add("aws:lambda/function:Function", "code", given, computed=computed)
    waits = []
    if principal is not None:
        given = {"function": function.id if of is None else of, "principal": principal}
        waits.append(stack.add("aws:lambda/permission:Permission", "access", given))
    if dependent is not None:
        stack.add(dependent, "dependent", {"arn": function.output("arn")})
    made = group(stack, targetType="lambda")
    said = {"targetGroupArn": made.output("arn"), "targetId": function.output("arn")}
    kind = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
    stack.add(kind, "calls", said, depends_on=waits)
    return stack, function


def test_a_function_must_let_load_balancers_call_it() -> None:
    for stack, _ in (
        calling(),
        calling("apigateway.amazonaws.com"),
        calling("elasticloadbalancing.amazonaws.com", of="other"),
    ):
        assert "rejects calls" in first_verdicts(stack, POLICY)
        assert findings(stack) == {(POLICY, "calls")}
    for stack, _ in (
        calling("elasticloadbalancing.amazonaws.com"),
        calling("*"),
        calling(UNKNOWN),
        calling("elasticloadbalancing.amazonaws.com", of=UNKNOWN),
        calling(dependent="command:local:Command"),
    ):
        assert first_verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("function-code", "passes"),
        ("function-code:live", "passes"),
        ("function-code:$LATEST", "passes"),
        ("111122223333:function:function-code", "passes"),
        ("function:function-code:7", "passes"),
        ("arn:aws:lambda:us-east-1:111122223333:function:function-code", "passes"),
        ("function-code-2", "rejects calls"),
        ("arn:aws:lambda:us-east-1:111122223333:function:other", "rejects calls"),
    ],
)
def test_a_permission_may_name_its_function_in_text(said: str, expected: str) -> None:
    stack, _ = calling("elasticloadbalancing.amazonaws.com", of=said)
    assert verdict(stack, POLICY) == expected
    stack, _ = calling("elasticloadbalancing.amazonaws.com", of=said, name=UNKNOWN)
    assert verdict(stack, POLICY) == "passes"


def test_a_function_that_exists_may_have_a_permission() -> None:
    stack, function = calling()
    assert verdict(stack, POLICY, existing=[function]) == "passes"


# --- addresses ------------------------------------------------------------------------------------


def reaching(address: Any, cidr: Any = "10.0.0.0/16", **of_group: Any) -> Stack:
    """An address that is a target in a VPC of the stack."""
    stack = Stack()
    home = aws.vpc(stack, cidr=cidr)
    aws.subnet(stack, "app", home, cidrBlock="10.0.0.0/24")
    given = {"targetType": "ip", "protocol": "HTTP", "vpcId": home.id, **of_group}
    made = group(stack, **given)
    said = {"targetGroupArn": made.output("arn"), "targetId": address}
    stack.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", "host", said)
    return stack


def test_an_address_that_is_a_target_must_be_private_or_of_the_vpc() -> None:
    assert "rejects host" in first_verdicts(reaching("8.8.8.8"), POLICY)
    for stack in (
        reaching("10.0.0.5"),
        reaching("172.16.3.4"),
        reaching("100.64.0.9"),
        reaching("8.8.8.8", cidr="8.8.0.0/16"),
        reaching("8.8.8.8", cidr=UNKNOWN),
        reaching("8.8.8.8", vpcId="vpc-outside"),
        reaching("8.8.8.8", ipAddressType="ipv6"),
        reaching("2001:db8::1"),
        reaching("i-0a1b2c3d"),
        reaching(UNKNOWN),
        reaching(7),
    ):
        assert "rejects host" not in first_verdicts(stack, POLICY)


# --- parts of what is outside the stack -----------------------------------------------------------


def arn_of(kind: str, number: int = 1) -> str:
    return f"arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/{kind}/shop/{number}"


def outside(*said: Any, kind: str = "app", **both: Any) -> Stack:
    """Two listeners of load balancers outside the stack."""
    stack = Stack()
    for name, each in zip(("one", "two"), said, strict=True):
        given = {"loadBalancerArn": arn_of(kind), "port": 80, "protocol": "HTTP", **both, **each}
        stack.add("aws:lb/listener:Listener", name, given)
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        pytest.param(outside({}, {}), "rejects two", id="one port"),
        pytest.param(outside({}, {"protocol": "HTTPS"}), "rejects two", id="in two protocols"),
        pytest.param(outside({}, {"port": 443}), "passes", id="two ports"),
        pytest.param(outside({}, {"port": UNKNOWN}), "passes", id="some port"),
        pytest.param(
            outside({}, {"loadBalancerArn": arn_of("app", 2)}), "passes", id="of two balancers"
        ),
        pytest.param(outside({}, {"loadBalancerArn": UNKNOWN}), "passes", id="of some balancer"),
        pytest.param(
            outside({"protocol": "TCP"}, {"protocol": "TLS"}, kind="net"), "rejects two", id="TLS"
        ),
        pytest.param(
            outside({"protocol": "UDP"}, {"protocol": "TCP_UDP"}, kind="net"),
            "rejects two",
            id="UDP twice",
        ),
        pytest.param(
            outside({"protocol": "UDP"}, {"protocol": "TCP"}, kind="net"), "passes", id="TCP, UDP"
        ),
        pytest.param(outside({}, {}, kind="gwy"), "passes", id="of a gateway"),
    ],
)
def test_a_port_of_a_balancer_outside_the_stack_is_taken_once(stack: Stack, expected: str) -> None:
    assert first_verdicts(stack, POLICY) == {expected}


def test_one_name_tells_of_a_balancer_outside_the_stack() -> None:
    """Whichever rule finds it."""
    stacks = (
        outside({"protocol": "TCP"}, {"port": 443}),
        by_rules(BLUE.replace("app/blue/0a1b2c3d4e5f0a1b", "app/shop/1"), GREEN),
    )
    for stack in stacks:
        (found,) = [each for each in run(stack) if each.policy == POLICY]
        assert "load balancer app/shop/1" in found.message


def test_a_priority_of_a_listener_outside_the_stack_is_taken_once() -> None:
    stack = Stack()
    for name in ("one", "two"):
        given = {"listenerArn": "arn:listener", "priority": 10}
        stack.add("aws:lb/listenerRule:ListenerRule", name, given)
    assert first_verdicts(stack, POLICY) == {"rejects two"}


def test_a_target_group_is_behind_one_balancer_outside_the_stack() -> None:
    for number, expected in ((1, "passes"), (2, "rejects tasks")):
        stack = Stack()
        group = stack.add(
            "aws:lb/targetGroup:TargetGroup",
            "tasks",
            {"protocol": "HTTP", "port": 80, "vpcId": "vpc-1"},
        )
        for port, arn in ((80, arn_of("app")), (443, arn_of("app", number))):
            actions = [{"type": "forward", "targetGroupArn": group.output("arn")}]
            given = {"loadBalancerArn": arn, "port": port, "defaultActions": actions}
            stack.add("aws:lb/listener:Listener", f"at-{port}", given)
        assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("application", {"certificateArn": UNKNOWN}, "rejects front"),
        ("application", {"sslPolicy": "ELBSecurityPolicy-2016-08"}, "rejects front"),
        ("application", {"certificateArn": UNKNOWN, "protocol": UNKNOWN}, "passes"),
        ("application", {}, "passes"),
        ("network", {"certificateArn": UNKNOWN}, "passes"),
        (UNKNOWN, {"certificateArn": UNKNOWN}, "passes"),
    ],
)
def test_without_a_protocol_a_listener_is_for_http(kind: Any, said: Any, expected: str) -> None:
    stack = Stack()
    home = stack.add("aws:lb/loadBalancer:LoadBalancer", "shop", {"loadBalancerType": kind})
    given = {"loadBalancerArn": home.output("arn"), "port": 443, **said}
    stack.add("aws:lb/listener:Listener", "front", given)
    assert verdict(stack, POLICY) == expected


# --- load balancers by their ARNs -----------------------------------------------------------------

_FIXED = [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}]


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("app", {"protocol": "TCP"}, "rejects front"),
        ("app", {"protocol": "HTTP"}, "passes"),
        ("net", {"protocol": "HTTP"}, "rejects front"),
        ("net", {"protocol": "TLS"}, "passes"),
        ("net", {"protocol": "TCP", "defaultActions": _FIXED}, "rejects front"),
        ("gwy", {"defaultActions": _FIXED}, "rejects front"),
        ("app", {"protocol": "HTTP", "defaultActions": _FIXED}, "passes"),
        ("app", {"protocol": None, "sslPolicy": "ELBSecurityPolicy-2016-08"}, "rejects front"),
        ("net", {"protocol": None, "sslPolicy": "ELBSecurityPolicy-2016-08"}, "passes"),
        ("other", {"protocol": "TCP"}, "passes"),
    ],
)
def test_an_arn_says_the_type_of_a_load_balancer(
    kind: str, said: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    given = {"loadBalancerArn": arn_of(kind), "port": 443}
    actions = [{"type": "forward", "targetGroupArn": "arn:group"}]
    inputs = {**given, "defaultActions": actions, **said}
    stack.add("aws:lb/listener:Listener", "front", {k: v for k, v in inputs.items() if v})
    assert verdict(stack, POLICY) == expected
