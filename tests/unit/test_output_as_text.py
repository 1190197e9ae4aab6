"""output-as-text."""

from __future__ import annotations

from typing import Any

import pytest

from policies.serving import servicer
from policies.testing import UNKNOWN, Secret, Stack
from tests.support import run, verdict, verdicts_on_inputs

POLICY = "output-as-text"
NODE = "Calling [toString] on an [Output<T>] is not supported."
PARAMETER = "aws:ssm/parameter:Parameter"


def of(value: Any, kind: str = PARAMETER, name: str = "value") -> Stack:
    stack = Stack()
    stack.add(kind, "it", {"type": "String", name: value})
    return stack


def message_about(stack: Stack) -> str:
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    return message


@pytest.mark.parametrize(
    "text",
    [
        NODE,
        "Calling [toJSON] on an [Output<T>] is not supported.",
        "Calling [ToString] on an [Output<T>] is not supported.",
        "postgres://Calling __str__ on an Output[T] is not supported.:5432",
        "<pulumi.output.Output object at 0x7f3c7e1dce40>",
    ],
)
def test_the_text_of_an_output_is_found_in_any_type(text: str) -> None:
    assert verdicts_on_inputs(of(text), POLICY) == {"rejects it"}
    assert verdicts_on_inputs(of(text, "random:index/randomId:RandomId"), POLICY) == {"rejects it"}
    assert verdicts_on_inputs(of(text, "aws:rds/cluster:Cluster"), POLICY) == {"rejects it"}


@pytest.mark.parametrize(
    "text", ["Output<T>", "Calling toString", "an Output object", "", None, 7, True, UNKNOWN]
)
def test_other_values_pass(text: Any) -> None:
    assert verdict(of(text), POLICY) == "passes"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (NODE, "value."),
        (Secret(NODE), "value."),
        ({"a": [{"b": NODE}]}, "value.a[0].b."),
        (["x", Secret({"b": NODE})], "value[1].b."),
        ({NODE: "x"}, "value."),
        ({"a": NODE, "b": ["x", NODE]}, "value.a, value.b[1]."),
    ],
)
def test_the_message_says_where(value: Any, path: str) -> None:
    assert f"has the text of an Output, instead of its value, in {path}" in message_about(of(value))


@pytest.mark.parametrize("wrapped", [Secret, str])
def test_the_message_does_not_say_what_stands_around_it(wrapped: Any) -> None:
    message = message_about(of(wrapped(f"user:correct-horse@{NODE}/orders")))
    assert "correct-horse" not in message
    assert "orders" not in message


def test_what_does_not_hold_the_text_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(value: Any, secrets: set[str]) -> Any:
        read.append(value.string_value)
        return decode(value, secrets)

    decode = servicer._tree
    monkeypatch.setattr(servicer, "_tree", noting)
    run(of("plain"), servicer=servicer.PreflightServicer)
    assert "plain" not in read
    run(of(NODE), servicer=servicer.PreflightServicer)
    assert NODE in read


def test_it_can_be_exempted() -> None:
    exemption = {"resource": "it", "reason": "it is about Outputs"}
    config = {POLICY: {"exemptions": [exemption]}}
    assert verdict(of(NODE), POLICY, config=config) == "passes"
    complaints = [each for each in run(of(NODE), config=config) if "Configuration" in each.message]
    assert not complaints
