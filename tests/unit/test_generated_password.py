"""generated-password."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests import aws
from tests.support import first_verdicts, run, verdict

POLICY = "generated-password"
CLUSTER = "aws:rds/cluster:Cluster"
DB_INSTANCE = "aws:rds/instance:Instance"
DOCDB_CLUSTER = "aws:docdb/cluster:Cluster"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
PROPERTIES = {
    CLUSTER: ("masterPassword", "masterPasswordWo"),
    DB_INSTANCE: ("password", "passwordWo"),
    DOCDB_CLUSTER: ("masterPassword",),
    CACHE: ("authToken",),
}


def drawn(stack: Stack, kind: str = "Password", **inputs: Any) -> Made:
    token = f"random:index/random{kind}:Random{kind}"
    computed = {"result": "correct-horse-battery"}
    return stack.add(token, "drawn", {"length": 24, **inputs}, computed=computed, provider={})


def given(kind: str, password: Any, **inputs: Any) -> Stack:
    """A database or cache with this password, from the first property that it has for it."""
    stack = Stack()
    stack.add(kind, "it", {PROPERTIES[kind][0]: password(stack), **inputs})
    return stack


def from_result(**inputs: Any) -> Any:
    return lambda stack: Secret(drawn(stack, **inputs).output("result"))


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in PROPERTIES.items() for name in names]
)
def test_a_draw_from_any_characters_is_told(kind: str, name: str) -> None:
    stack = Stack()
    stack.add(kind, "it", {name: Secret(drawn(stack).output("result"))})
    assert first_verdicts(stack, POLICY) == {"rejects it"}
    # What was drawn already is judged by its value.
    (one,) = (each for each in stack.resources if each.name == "drawn")
    assert verdict(stack, POLICY, existing=[one]) == "passes"


def test_a_random_text_is_told_too() -> None:
    stack = given(DB_INSTANCE, lambda stack: drawn(stack, "String").output("result"))
    assert first_verdicts(stack, POLICY) == {"rejects it"}


def test_the_twin_in_aws_native_is_told_too() -> None:
    stack = Stack()
    said = {"engine": "aurora-mysql", "masterUserPassword": drawn(stack).output("result")}
    stack.add("aws-native:rds:DbCluster", "it", said)
    assert first_verdicts(stack, POLICY) == {"rejects it"}


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (DB_INSTANCE, {"special": True}, "rejects it"),
        (DB_INSTANCE, {"special": False}, "passes"),
        (DB_INSTANCE, {"special": UNKNOWN}, "passes"),
        (DB_INSTANCE, {"overrideSpecial": ""}, "rejects it"),
        (DB_INSTANCE, {"overrideSpecial": "!@"}, "rejects it"),
        (DB_INSTANCE, {"overrideSpecial": "! "}, "rejects it"),
        (DB_INSTANCE, {"overrideSpecial": "!#%"}, "passes"),
        (DB_INSTANCE, {"overrideSpecial": UNKNOWN}, "passes"),
        (CACHE, {"overrideSpecial": "!#%"}, "rejects it"),
        (CACHE, {"overrideSpecial": "!&#$^<>-"}, "passes"),
    ],
)
def test_what_it_is_drawn_from_decides(kind: str, inputs: Any, expected: str) -> None:
    assert first_verdicts(given(kind, from_result(**inputs)), POLICY) == {expected}


@pytest.mark.parametrize(
    ("password", "inputs"),
    [
        (from_result(), {"replicateSourceDb": "orders"}),
        (from_result(), {"snapshotIdentifier": UNKNOWN}),
        (lambda stack: drawn(stack, "Uuid").output("result"), {}),
        (lambda _: UNKNOWN, {}),
        (lambda _: "correct-horse-battery", {}),
        (
            lambda stack: Output(
                "a-b", (drawn(stack), stack.add("aws:secretsmanager/secret:Secret", "other"))
            ),
            {},
        ),
    ],
    ids=["replica", "restored", "of another kind", "from outside", "known", "of two"],
)
def test_what_is_not_drawn_for_it_passes(password: Any, inputs: Any) -> None:
    assert first_verdicts(given(DB_INSTANCE, password, **inputs), POLICY) == {"passes"}


def test_a_secondary_of_a_global_database_is_the_other_policys_finding() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    result = Secret(drawn(stack).output("result"))
    said: dict[str, Any] = {"masterUsername": "orders", "masterPassword": result}
    east = aws.cluster(stack, "east", home, **said)
    with aws.region(stack, "us-west-2"):
        aws.cluster(stack, "west", home, depends_on=(east,), **said)
    assert first_verdicts(stack, POLICY) == {"rejects east"}


def test_the_message_says_what_to_draw_from() -> None:
    stack = given(CACHE, from_result())
    (told,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "replication group it -> authToken -> " in told
    assert "Set overrideSpecial of" in told
    assert "such as !&#$^<>-, or special to false." in told
