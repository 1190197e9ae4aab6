"""global-accelerator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests.support import run, verdict

POLICY = "global-accelerator"
ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator"
LISTENER = "aws:globalaccelerator/listener:Listener"
GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup"
WEST = {"region": "us-west-2"}
Build = Callable[[Stack], None]


def accelerator(stack: Stack, name: str = "entry") -> Made:
    return stack.add(ACCELERATOR, name, {}, computed={"arn": UNKNOWN})


def listener(stack: Stack, name: str, parent: Made, *ports: Any, protocol: Any = "TCP") -> Made:
    ranges = [{"fromPort": first, "toPort": last} for first, last in ports]
    given = {"acceleratorArn": parent.id, "portRanges": ranges, "protocol": protocol}
    return stack.add(LISTENER, name, given, computed={"arn": UNKNOWN})


def group(stack: Stack, name: str, parent: Any, region: Any = None, **said: Any) -> Made:
    provider = said.pop("provider", None)
    stated = {} if region is None else {"endpointGroupRegion": region}
    named = parent.id if isinstance(parent, Made) else parent
    return stack.add(GROUP, name, {"listenerArn": named, **stated, **said}, provider=provider)


def groups(one: Any, other: Any, provider: Any = None, literal: Any = None) -> Build:
    """Two groups of one listener with these regions, the second by another provider."""

    def build(stack: Stack) -> None:
        parent = literal or listener(stack, "web", accelerator(stack), (443, 443))
        group(stack, "one", parent, one)
        group(stack, "two", parent, other, provider=provider)

    return build


def groups_of_two_listeners(stack: Stack) -> None:
    entry = accelerator(stack)
    for number, name in enumerate(("one", "two")):
        group(stack, name, listener(stack, f"listener-{name}", entry, (number, number)))


def listeners(one: Any, other: Any, protocol: Any = "TCP", *, apart: bool = False) -> Build:
    def build(stack: Stack) -> None:
        entry = accelerator(stack)
        listener(stack, "one", entry, one)
        listener(stack, "two", accelerator(stack, "other") if apart else entry, other,
                 protocol=protocol)  # fmt: skip

    return build


def interval(seconds: Any) -> Build:
    def build(stack: Stack) -> None:
        group(stack, "one", "arn:l", healthCheckIntervalSeconds=seconds)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(groups(None, None), "rejects two", id="no region twice"),
        pytest.param(groups("us-east-1", "us-east-1"), "rejects two", id="a region twice"),
        pytest.param(groups("us-east-1", None), "rejects two", id="the provider's region"),
        pytest.param(groups(None, None, literal="arn:l"), "rejects two", id="a literal listener"),
        pytest.param(groups("us-east-1", "us-west-2"), "passes", id="two regions"),
        pytest.param(groups(None, None, WEST), "passes", id="two providers"),
        pytest.param(groups(UNKNOWN, None), "passes", id="an unknown region"),
        pytest.param(groups(None, None, literal=UNKNOWN), "passes", id="an unknown listener"),
        pytest.param(groups_of_two_listeners, "passes", id="two listeners"),
        pytest.param(listeners((80, 443), (443, 443)), "rejects two", id="a port twice"),
        pytest.param(listeners((80, 443), (1, 65535)), "rejects two", id="a wider range"),
        pytest.param(listeners((80, 80), (443, 443)), "passes", id="two ports"),
        pytest.param(listeners((443, 443), (443, 443), "UDP"), "passes", id="TCP and UDP"),
        pytest.param(listeners((443, 443), (443, 443), UNKNOWN), "passes", id="some protocol"),
        pytest.param(listeners((443, 443), (443, UNKNOWN)), "passes", id="an unknown end"),
        pytest.param(listeners((443, 443), (443, 443), apart=True), "passes", id="two entries"),
        pytest.param(interval(20), "rejects one", id="20 seconds"),
        pytest.param(interval(30), "passes", id="30 seconds"),
        pytest.param(interval(UNKNOWN), "passes", id="an unknown interval"),
    ],
)
def test_what_global_accelerator_takes(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


@pytest.mark.parametrize("value", [None, {}, [], "", 10, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(value: Any) -> None:
    stack = Stack()
    names = ("listenerArn", "endpointGroupRegion", "healthCheckIntervalSeconds")
    for number in range(2):
        stack.add(GROUP, f"group-{number}", {**dict.fromkeys(names, value), "listenerArn": number})
        stack.add(LISTENER, f"l-{number}", {"acceleratorArn": "a", "portRanges": value})
        block = {"fromPort": value, "toPort": value if number else 9}
        stack.add(LISTENER, f"m-{number}", {"protocol": value, "portRanges": [block]})
    assert verdict(stack, POLICY) == "passes"


def test_the_message_names_the_region() -> None:
    stack = Stack()
    groups(None, None)(stack)
    (found,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "are endpoint groups of the same listener in the same region, us-east-1." in found


@pytest.mark.parametrize("of", ["groups", "listeners"])
def test_of_what_exists_and_what_is_new_the_new_one_is_told_whatever_its_name(of: str) -> None:
    for last, expected in (("a", "rejects a"), ("z", "rejects z")):
        stack = Stack()
        entry = accelerator(stack)
        if of == "listeners":
            listener(stack, "m", entry, (443, 443))
            listener(stack, last, entry, (443, 443))
        else:
            parent = listener(stack, "web", entry, (443, 443))
            group(stack, "m", parent, "us-west-2")
            group(stack, last, parent, "us-west-2")
        assert verdict(stack, POLICY, existing=stack.resources[:-1]) == expected
