"""network-declaration, on the rules within a network ACL."""

from __future__ import annotations

from typing import Any, Final

import pytest

from policies.testing import UNKNOWN, Stack
from tests.support import verdict, verdicts_on_inputs

ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
HTTP_RULE: Final = {
    "ruleNo": 100,
    "action": "allow",
    "protocol": "tcp",
    "cidrBlock": "0.0.0.0/0",
    "fromPort": 80,
    "toPort": 80,
}


@pytest.mark.parametrize("direction", ["ingress", "egress"])
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"fromPort": 443, "toPort": 443}, "rejects it"),
        ({"toPort": 81}, "rejects it"),
        ({"action": "deny"}, "rejects it"),
        ({"cidrBlock": "10.0.0.0/8"}, "rejects it"),
        ({"cidrBlock": None, "ipv6CidrBlock": "::/0"}, "rejects it"),
        ({"cidrBlock": None, "ipv6CidrBlock": UNKNOWN}, "rejects it"),
        ({"protocol": "udp"}, "rejects it"),
        ({"protocol": "6"}, "passes"),
        ({}, "passes"),
        ({"fromPort": UNKNOWN, "toPort": UNKNOWN}, "passes"),
        ({"ruleNo": UNKNOWN, "toPort": 81}, "passes"),
        ({"ruleNo": 110, "toPort": 81}, "passes"),
    ],
)
def test_a_number_is_given_once_in_a_direction(
    direction: str, other: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    stack.add(ACL, "it", {direction: [HTTP_RULE, {**HTTP_RULE, **other}]})
    assert verdicts_on_inputs(stack, "network-declaration") == {expected}


@pytest.mark.parametrize("name", ["cidrBlock", "protocol", "action"])
def test_rules_that_may_be_one_pass(name: str) -> None:
    stack = Stack()
    stack.add(ACL, "it", {"vpcId": "vpc-1", "ingress": [HTTP_RULE, {**HTTP_RULE, name: UNKNOWN}]})
    assert verdict(stack, "network-declaration") == "passes"
