"""duplicate-names: names that two resources ask for, and AWS gives once."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.names import NAMESPACES
from policies.testing import UNKNOWN, Made, Stack
from tests.support import run, verdict, verdicts

POLICY = "duplicate-names"
EAST, WEST = "us-east-1", "eu-west-1"
ROLE = "aws:iam/role:Role"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
BUCKET = "aws:s3/bucket:Bucket"
TABLE = "aws:dynamodb/table:Table"
CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/instance:Instance"
MEMBER = "aws:rds/clusterInstance:ClusterInstance"


def named(stack: Stack, kind: str, called: str, name: Any, region: str = EAST, **said: Any) -> Made:
    options: dict[str, Any] = {
        each: said.pop(each) for each in ("provider", "depends_on") if each in said
    }
    if "provider" in options:
        options["provider_name"] = called
    inputs = {NAMESPACES[kind].property: name, **said}
    return stack.add(kind, called, inputs, region=region, **options)


def two(kind: str, *places: str, names: tuple[Any, Any] = ("app", "app"), **said: Any) -> Stack:
    stack = Stack()
    for called, place, name in zip(("one", "two"), places or (EAST, EAST), names, strict=True):
        named(stack, kind, called, name, place, **said)
    return stack


@pytest.mark.parametrize("kind", NAMESPACES)
def test_a_name_twice_in_one_region_is_rejected(kind: str) -> None:
    stack = two(kind, WEST, WEST)
    assert verdict(stack, POLICY) == "rejects two"
    assert verdict(stack, POLICY, deployed=True) == "passes"
    assert verdict(two(kind, names=("app", "other")), POLICY) == "passes"


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (two(ROLE, EAST, WEST), "rejects two"),
        (two(ROLE, EAST, WEST, path="/other/"), "rejects two"),
        (two(BUCKET, EAST, WEST), "rejects two"),
        (two(BUCKET, EAST, EAST), "passes"),
        (two(TABLE, EAST, WEST), "passes"),
        (two(CLUSTER, EAST, WEST), "passes"),
        (two(ROLE, EAST, WEST, names=("app", "App")), "rejects two"),
        (two(TABLE, names=("app", "App")), "passes"),
        (two(PROVIDER, EAST, WEST), "rejects two"),
        (two(ROLE, names=(UNKNOWN, UNKNOWN)), "passes"),
        (two(ROLE, names=(None, "")), "passes"),
        (two(ROLE, names=(7, 7)), "passes"),
    ],
)
def test_where_a_name_is_unique(stack: Stack, expected: str) -> None:
    assert verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((CLUSTER, MEMBER), "passes"), ((MEMBER, INSTANCE), "rejects two")],
)
def test_a_cluster_and_an_instance_may_share_a_name_and_instances_may_not(
    kinds: tuple[str, str], expected: str
) -> None:
    stack = Stack()
    for kind, called in zip(kinds, ("one", "two"), strict=True):
        named(stack, kind, called, "app")
    assert verdict(stack, POLICY) == expected


def test_a_bucket_that_waits_for_its_namesake_is_refused_by_the_provider() -> None:
    stack = Stack()
    first = named(stack, BUCKET, "one", "app")
    named(stack, BUCKET, "two", "app", depends_on=[first])
    assert verdicts(stack, POLICY) == {"rejects two"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"profile": "a"}, {"profile": "a"}, "rejects two"),
        ({"profile": "a"}, {"profile": "b"}, "passes"),
        ({"profile": "a"}, {}, "passes"),
        ({"assumeRoles": UNKNOWN}, {"assumeRoles": UNKNOWN}, "passes"),
        ({"allowedAccountIds": '["111122223333"]'}, {}, "passes"),
        (
            {"allowedAccountIds": '["111122223333"]'},
            {"allowedAccountIds": '["444455556666"]'},
            "passes",
        ),
    ],
)
def test_names_of_two_accounts_are_two(
    one: dict[str, Any], other: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    for called, said in (("one", one), ("two", other)):
        named(stack, ROLE, called, "app", provider={"region": EAST, **said})
    assert verdict(stack, POLICY) == expected


def test_the_new_one_is_reported_and_a_name_whose_changes_are_ignored_is_not() -> None:
    stack = two(ROLE)
    assert verdict(stack, POLICY, existing=stack.resources[1:]) == "rejects one"
    ignored = Stack()
    for called in ("one", "two"):
        ignored.add(ROLE, called, {"name": "app"}, ignore_changes=["name"])
    assert verdict(ignored, POLICY, existing=ignored.resources[:1]) == "passes"


def test_a_region_that_nothing_states_is_the_same_for_one_provider() -> None:
    stack = Stack(region=None)
    for called in ("one", "two"):
        stack.add(TABLE, called, {"name": "app"}, provider={}, provider_name="default")
    assert verdicts(stack, POLICY) == {"rejects two"}


def test_the_message_names_both_and_not_the_name() -> None:
    (message,) = [each.message for each in run(two(ROLE, EAST, WEST)) if each.policy == POLICY]
    assert "Role two has the same name as role one" in message
    assert "EntityAlreadyExists" in message
    assert "app" not in message


def test_what_is_global_has_one_name_in_all_regions() -> None:
    for kind in (
        *("originAccessControl:OriginAccessControl", "cachePolicy:CachePolicy"),
        *("function:Function", "keyGroup:KeyGroup"),
    ):
        assert verdict(two(f"aws:cloudfront/{kind}", EAST, WEST), POLICY) == "rejects two"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, None, "rejects two"),
        ("a", "a", "rejects two"),
        ("a", "b", "passes"),
        ("a", None, "passes"),
        (UNKNOWN, None, "passes"),
    ],
)
def test_a_service_has_one_service_linked_role_for_each_suffix(
    one: Any, other: Any, expected: str
) -> None:
    stack = Stack()
    kind, service = "aws:iam/serviceLinkedRole:ServiceLinkedRole", "autoscaling.amazonaws.com"
    for called, suffix, place in (("one", one, EAST), ("two", other, WEST)):
        named(stack, kind, called, service, place, customSuffix=suffix)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("aws:cloudfront/originAccessControl:OriginAccessControl", "of an origin access control"),
        (PROVIDER, "of an OpenID Connect provider"),
        (ROLE, "of an IAM role"),
        (TABLE, "of a table"),
    ],
)
def test_the_message_has_the_right_article(kind: str, words: str) -> None:
    (found,) = [each.message for each in run(two(kind)) if each.policy == POLICY]
    assert f"{words} must be unique" in found
