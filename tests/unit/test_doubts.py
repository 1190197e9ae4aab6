"""What a doubt says: why, by which policies, and what would make it known."""

from __future__ import annotations

from policies import RULES
from policies.testing import Stack
from tests import aws
from tests.support import DOUBT, run

CURES = {rule.name: rule.in_doubt for rule in RULES}


def looked_up_subnets(stack: Stack, *balancers: str) -> None:
    for name in balancers:
        where = ["subnet-0a", "subnet-0b"]  # From a lookup.
        aws.balancer(stack, name, where)


def told(stack: Stack) -> list[str]:
    return [each.message for each in run(stack) if each.policy == DOUBT]


def test_a_doubt_names_the_reason_and_the_cure_of_each_policy_that_has_it() -> None:
    stack = Stack()
    looked_up_subnets(stack, "web")
    [message] = told(stack)
    [line] = [each for each in message.splitlines() if each.startswith("To have it checked: ")]
    for policy in ("alb-public-subnets", "alb-availability-zones"):
        assert policy in message
        assert CURES[policy] in line
    assert line.endswith(".")


def test_what_is_the_same_with_several_resources_is_told_once() -> None:
    stack = Stack()
    looked_up_subnets(stack, "web", "api", "www")
    [message] = told(stack)
    assert message.count(CURES["alb-public-subnets"]) == 1
    assert "It is the same with load balancer web, load balancer www." in message


def test_another_reason_has_a_message_of_its_own() -> None:
    stack = Stack()
    looked_up_subnets(stack, "web")
    aws.balancer(stack, "api", ["subnet-0c", "subnet-0d"])
    assert len(told(stack)) == 2


def test_a_cure_is_a_clause_that_fits_into_the_sentence() -> None:
    for name, cure in CURES.items():
        assert cure[:1].islower() or cure.split()[0].isupper(), name
        assert not cure.endswith("."), name
