"""aurora-global-standby: a global database of one cluster, as far as the stack can tell."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict

POLICY = "aurora-global-standby"
ELSEWHERE = "arn:aws:rds:eu-west-1:111122223333:cluster:elsewhere"


def elsewhere(stack: Stack) -> None:
    """Something in another region."""
    stack.add("aws:kms/key:Key", "key", {}, region="us-west-2")


def alone(stack: Stack) -> tuple[Made, Made]:
    elsewhere(stack)
    home = aws.global_cluster(stack)
    return home, aws.cluster(stack, "east", home, masterUsername="somebody")


def shown(*arns: str) -> list[dict[str, Any]]:
    return [{"dbClusterArn": each, "isWriter": not at} for at, each in enumerate(arns)]


@pytest.mark.parametrize("shows_inputs", [True, False])
def test_a_new_global_database_of_one_cluster_is_told_once(shows_inputs: bool) -> None:
    stack = Stack()
    alone(stack)
    assert verdict(stack, POLICY, shows_inputs=shows_inputs) == "rejects world"
    [found] = [each for each in run(stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert "global cluster world -> cluster east -> no secondary" in found.message


def test_one_that_is_made_from_a_cluster_is_told() -> None:
    for native in (True, False):
        stack = Stack()
        elsewhere(stack)
        if native:
            given = {"dbClusterIdentifier": "east", "engine": "aurora-postgresql"}
            east = aws.native(stack, "rds:DbCluster", "east", given, named_by="dbClusterArn")
            made_from = {"sourceDbClusterIdentifier": east.output("dbClusterArn")}
            token = "rds:GlobalCluster"
            aws.native(stack, token, "world", made_from, named_by="globalClusterIdentifier")
        else:
            east = aws.cluster(stack, "east")
            aws.global_cluster(stack, sourceDbClusterIdentifier=east.output("arn"))
        assert verdict(stack, POLICY) == "rejects world"


def test_in_a_stack_of_one_region_the_secondary_may_be_in_another_stack() -> None:
    for region in ("us-east-1", None):
        stack = Stack(region=region)
        home = aws.global_cluster(stack)
        aws.cluster(stack, "east", home)
        stack.add("aws:kms/key:Key", "key", {})
        assert verdict(stack, POLICY) == "passes"


def test_a_secondary_is_a_standby() -> None:
    stack = Stack()
    home, _ = alone(stack)
    aws.cluster(stack, "west", home, region="us-west-2")
    assert verdict(stack, POLICY) == "passes"
    assert verdict(stack, POLICY, deployed=True) == "passes"


@pytest.mark.parametrize("home", [UNKNOWN, "one of two"])
def test_a_cluster_that_may_be_another_member_settles_nothing(home: Any) -> None:
    stack = Stack()
    world, _ = alone(stack)
    if home is not UNKNOWN:
        other = aws.global_cluster(stack, "other")
        home = Output("world", (world, other))
    aws.cluster(stack, "west", home, region="us-west-2")
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("source", [ELSEWHERE, UNKNOWN])
def test_the_source_of_another_stack_is_a_member_too(source: Any) -> None:
    stack = Stack()
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=source)
    aws.cluster(stack, "west", home, region="us-west-2")
    assert verdict(stack, POLICY) == "passes"


def test_a_global_cluster_whose_members_are_elsewhere_passes() -> None:
    stack = Stack()
    aws.global_cluster(stack)
    assert verdict(stack, POLICY) == "passes"


def test_a_global_cluster_that_exists_is_told_only_if_its_members_were_seen() -> None:
    own = "arn:aws:rds:us-east-1:111122223333:cluster:east"
    for members, expected in (
        (None, "passes"),
        ([], "passes"),
        (shown(own), "rejects world"),
        (shown(ELSEWHERE), "passes"),
        (shown(own, ELSEWHERE), "passes"),
    ):
        stack = Stack()
        home, _ = alone(stack)
        if members is not None:
            home.outputs["globalClusterMembers"] = members
        for shows_inputs in (True, False):
            assert verdict(stack, POLICY, deployed=True, shows_inputs=shows_inputs) == expected
