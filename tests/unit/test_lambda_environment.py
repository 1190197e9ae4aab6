"""lambda-environment: what the rows of the policy do not show."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Stack
from tests.support import verdict

POLICY = "lambda-environment"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AWS_REGION": ""}, "rejects it"),
        ({"AWS_REGION": UNKNOWN}, "rejects it"),
        ({"AWS_REGION": None}, "passes"),
        ({"REGION": ""}, "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_the_name_of_a_variable_is_refused_whatever_its_value(
    variables: Any, expected: str
) -> None:
    stack = Stack()
    inputs = {"role": "app", "environment": {"variables": variables}}
    stack.add("aws:lambda/function:Function", "it", inputs)
    assert verdict(stack, POLICY) == expected
