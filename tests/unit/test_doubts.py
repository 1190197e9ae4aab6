"""What a doubt says: why, by which policies, and what would make it known."""

from __future__ import annotations

from policies import RULES
from policies.testing import Made, Output, Stack
from tests import aws
from tests.support import DOUBT, doubts, run

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


def picked(*subnets: Made) -> Output:
    """A list of unknown length out of subnets, as the output of a component has it."""
    return Output([subnets[0].id, subnets[1].id], subnets)


def one_public_of_three(stack: Stack) -> tuple[Made, ...]:
    home = aws.vpc(stack)
    public = aws.table(stack, "public", home)
    aws.route(stack, "out", public, gatewayId=aws.gateway(stack, "igw", home).id)
    subnets = tuple(
        aws.subnet(stack, name, home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, (name, zone) in enumerate((("front", "a"), ("back", "a"), ("side", "b")))
    )
    aws.associate(stack, "front-table", subnets[0], public)
    return subnets


def test_a_resource_with_some_of_the_reasons_of_another_is_told_with_it() -> None:
    stack = Stack()
    subnets = one_public_of_three(stack)
    aws.balancer(stack, "web", picked(*subnets))
    stack.add("aws:rds/subnetGroup:SubnetGroup", "group", {"subnetIds": picked(*subnets)})
    [message] = told(stack)
    assert message.splitlines()[1:3] == [
        "alb-public-subnets: which of several subnets it is in is not known",
        "alb-availability-zones; db-subnet-group-zones of DB subnet group group: "
        "which subnets it is in is not known",
    ]
    assert "It is the same" not in message
    assert doubts(stack, "db-subnet-group-zones") == {"group"}
    assert doubts(stack, "alb-public-subnets") == {"web"}


def test_what_the_same_policy_asks_of_several_names_the_policy_once() -> None:
    stack = Stack()
    subnets = one_public_of_three(stack)
    aws.balancer(stack, "web", picked(*subnets))
    for name in ("inner", "inmost"):
        aws.balancer(stack, name, picked(*subnets), internal=True)
    stack.add("aws:rds/subnetGroup:SubnetGroup", "group", {"subnetIds": picked(*subnets)})
    [message] = told(stack)
    assert message.splitlines()[2] == (
        "alb-availability-zones, also of load balancer inmost, load balancer inner; "
        "db-subnet-group-zones of DB subnet group group: which subnets it is in is not known"
    )
    assert doubts(stack, "alb-availability-zones") == {"web", "inner", "inmost"}
    assert doubts(stack, "alb-public-subnets") == {"web"}
    assert doubts(stack, "db-subnet-group-zones") == {"group"}


def test_a_doubt_that_another_tells_is_exempted_on_its_own() -> None:
    for exempted, left in (("web", "group"), ("group", "web")):
        stack = Stack()
        subnets = one_public_of_three(stack)
        aws.balancer(stack, "web", picked(*subnets))
        stack.add("aws:rds/subnetGroup:SubnetGroup", "group", {"subnetIds": picked(*subnets)})
        exemptions = [{"resource": exempted, "reason": "known to be right"}]
        run_with = {DOUBT: {"exemptions": exemptions}}
        [finding] = [each for each in run(stack, config=run_with) if each.policy == DOUBT]
        assert finding.resource == left
        assert f" {exempted}:" not in finding.message


def test_a_cure_is_a_clause_that_fits_into_the_sentence() -> None:
    for name, cure in CURES.items():
        assert cure[:1].islower() or cure.split()[0].isupper(), name
        assert not cure.endswith("."), name
