"""placeholder-name."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Secret, Stack
from tests.support import findings, run, verdict, verdicts_on_inputs

POLICY = "placeholder-name"


def named(value: Any, name: str = "name", kind: str = "aws:iam/role:Role") -> Stack:
    stack = Stack()
    stack.add(kind, "it", {name: value})
    return stack


@pytest.mark.parametrize(
    "name",
    ["None-None-web", "web-None", "undefined/web", "web_undefined_east", "app-NaN", "api.None.dev"],
)
def test_a_part_that_says_nothing_is_found(name: str) -> None:
    assert verdicts_on_inputs(named(name), POLICY) == {"rejects it"}
    assert verdict(named(Secret(name)), POLICY) == "rejects it"


@pytest.mark.parametrize("name", ["identifier", "clusterIdentifier", "familyName"])
def test_other_properties_that_hold_a_name_are_read(name: str) -> None:
    assert verdicts_on_inputs(named("undefined-db", name), POLICY) == {"rejects it"}


@pytest.mark.parametrize(
    "name",
    [
        *("None", "undefined", "none-web", "web-nan", "NaNcy-web", "web-Nonesuch", "undefinedx-a"),
        *("api.none.dev", "v1.NaNa"),
        *("", None, 7, UNKNOWN, ["None-web"], {"a": "None-web"}),
    ],
)
def test_other_names_pass(name: Any) -> None:
    assert verdicts_on_inputs(named(name), POLICY) == {"passes"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clusterIdentifier", "rejects it"),
        ("functionName", "rejects it"),
        ("namePrefix", "rejects it"),
        ("bucketPrefix", "passes"),
        ("replicationGroupId", "rejects it"),
        ("description", "passes"),
        ("value", "passes"),
        ("names", "passes"),
    ],
)
def test_names_are_asked_about(name: str, expected: str) -> None:
    assert verdict(named("None-web", name), POLICY) == expected


def test_what_s3_refuses_anyway_is_told_of_once() -> None:
    bucket = named("None-web", "bucket", "aws:s3/bucket:Bucket")
    assert findings(bucket) == {("s3-bucket-name", "it")}
    bucket = named("undefined-web", "bucket", "aws:s3/bucket:Bucket")
    assert findings(bucket) == {(POLICY, "it")}


def test_the_message_names_the_property() -> None:
    (message,) = (each.message for each in run(named("None-web-77")) if each.policy == POLICY)
    assert "Role it has None, NaN or undefined as a part of name." in message
    assert "web-77" not in message
