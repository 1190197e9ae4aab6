"""dynamodb-global-tables."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests.support import run, verdict, verdicts

POLICY = "dynamodb-global-tables"
REGIONS = "region-local-references"
TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
KEY = "aws:kms/key:Key"
OREGON = "us-west-2"
OHIO_KEY = "arn:aws:kms:us-east-2:123456789012:key/1234"
OREGON_KEY = "arn:aws:kms:us-west-2:123456789012:key/1234"
ENCRYPTED: dict[str, Any] = {
    "serverSideEncryption": {"enabled": True, "kmsKeyArn": "arn:of-the-table"}
}


def table(stack: Stack, /, **inputs: Any) -> Made:
    return stack.add(TABLE, "orders", {"name": "orders", "streamEnabled": True, **inputs})


def of(*replicas: Any, **inputs: Any) -> Stack:
    stack = Stack()
    table(stack, replicas=list(replicas), **inputs)
    return stack


@pytest.mark.parametrize(
    ("replica", "encryption", "expected"),
    [
        ({}, {"enabled": True, "kmsKeyArn": "arn:x"}, "rejects orders"),
        ({}, {"enabled": True, "kmsKeyArn": UNKNOWN}, "rejects orders"),
        ({"kmsKeyArn": ""}, {"enabled": True, "kmsKeyArn": UNKNOWN}, "rejects orders"),
        ({"kmsKeyArn": UNKNOWN}, {"enabled": True, "kmsKeyArn": UNKNOWN}, "passes"),
        ({"kmsKeyArn": OREGON_KEY}, {"enabled": True, "kmsKeyArn": UNKNOWN}, "passes"),
        ({}, {"enabled": True}, "passes"),
        ({}, {"enabled": False, "kmsKeyArn": "arn:x"}, "passes"),
        ({}, {"enabled": UNKNOWN, "kmsKeyArn": "arn:x"}, "passes"),
        ({}, UNKNOWN, "passes"),
        ({}, None, "passes"),
    ],
)
def test_every_replica_of_a_table_with_a_key_has_one(
    replica: Any, encryption: Any, expected: str
) -> None:
    stack = of({"regionName": OREGON, **replica}, serverSideEncryption=encryption)
    assert verdicts(stack, POLICY) == {expected}


def test_replicas_that_are_not_known_pass() -> None:
    stack = Stack()
    table(stack, replicas=UNKNOWN, **ENCRYPTED)
    assert verdicts(stack, POLICY) == {"passes"}
    assert verdicts(of(UNKNOWN, **ENCRYPTED), POLICY) == {"passes"}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (OREGON_KEY, "passes"),
        (OHIO_KEY, "rejects orders"),
        ("1234", "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_a_literal_key_is_of_the_replicas_region(key: Any, expected: str) -> None:
    assert verdicts(of({"regionName": OREGON, "kmsKeyArn": key}), REGIONS) == {expected}
    assert "rejects" not in verdict(of({"regionName": UNKNOWN, "kmsKeyArn": key}), REGIONS)


def with_key_of(region: str | None, *regions: Any, **key: Any) -> Stack:
    stack = Stack()
    made = stack.add(KEY, "replica-key", key, region=region)
    replicas = [{"regionName": each, "kmsKeyArn": made.output("arn")} for each in regions]
    table(stack, replicas=replicas)
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (with_key_of(OREGON, OREGON), "passes"),
        (with_key_of("us-east-1", OREGON), "rejects orders"),
        (with_key_of("us-east-1", OREGON, "us-east-2"), "rejects orders"),
        (with_key_of(OREGON, OREGON, "us-east-2"), "passes"),
        (with_key_of("us-east-1", UNKNOWN), "cannot tell orders"),
        (with_key_of("us-east-1", OREGON, multiRegion=True), "cannot tell orders"),
        (with_key_of("us-east-1", OREGON, multiRegion=UNKNOWN), "cannot tell orders"),
    ],
)
def test_a_key_of_the_stack_is_of_a_replicas_region(stack: Stack, expected: str) -> None:
    assert verdict(stack, REGIONS) == expected
    assert not [each for each in run(stack) if each.policy == POLICY], "one defect is told once"


def twins(region: str = OREGON, **twin: Any) -> Stack:
    stack = of({"regionName": OREGON})
    stack.add(TABLE, "twin", {"name": "orders", **twin}, region=region)
    return stack


def test_a_table_where_the_replica_goes_is_in_the_way() -> None:
    assert verdicts(twins(), POLICY) == {"rejects orders"}
    assert verdicts(twins(name="others"), POLICY) == {"passes"}
    assert verdicts(twins(name=UNKNOWN), POLICY) == {"passes"}
    assert verdicts(twins("us-east-2"), POLICY) == {"passes"}


@pytest.mark.parametrize(
    "credentials",
    [
        {"profile": "other"},
        {"profile": UNKNOWN},
        {"assumeRoles": [{"roleArn": UNKNOWN}]},
        {"allowedAccountIds": ["123456789012"]},
    ],
)
def test_tables_of_accounts_that_may_differ_are_not_compared(credentials: Any) -> None:
    stack = of({"regionName": OREGON})
    there = {"region": OREGON, **credentials}
    stack.add(TABLE, "twin", {"name": "orders"}, provider=there, provider_name="there")
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("name", ["orders", UNKNOWN])
def test_twins_of_a_global_table_of_2017_are_meant(name: Any) -> None:
    stack = twins()
    stack.add("aws:dynamodb/globalTable:GlobalTable", "global", {"name": name})
    assert verdict(stack, POLICY) == "passes"


def with_replica(region: str | None, encryption: Any = None, **inputs: Any) -> Stack:
    stack = Stack()
    made = table(stack, serverSideEncryption=encryption)
    stack.add(REPLICA, "copy", {"globalTableArn": made.output("arn"), **inputs}, region=region)
    return stack


def test_a_replica_resource_is_elsewhere_and_has_a_key() -> None:
    key = {"enabled": True, "kmsKeyArn": "arn:x"}
    assert verdict(with_replica("us-east-1"), POLICY) == "rejects copy"
    assert verdict(with_replica(OREGON), POLICY) == "passes"
    assert verdict(with_replica(OREGON, key), POLICY) == "rejects copy"
    assert verdict(with_replica(OREGON, key, kmsKeyArn=UNKNOWN), POLICY) == "passes"
    assert verdict(with_replica(OREGON, key, kmsKeyArn=OREGON_KEY), POLICY) == "passes"


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:dynamodb:us-east-1:111122223333:table/orders", "rejects copy"),
        ("arn:aws:dynamodb:us-west-2:111122223333:table/orders", "passes"),
        (UNKNOWN, "passes"),
        ("orders", "passes"),
        (None, "passes"),
    ],
)
def test_of_a_table_outside_the_arn_tells_the_region(arn: Any, expected: str) -> None:
    stack = Stack()
    stack.add(REPLICA, "copy", {"globalTableArn": arn}, region="us-east-1")
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_the_message_says_where_the_key_is() -> None:
    stack = of({"regionName": OREGON, "kmsKeyArn": OHIO_KEY})
    (message,) = (each.message for each in run(stack) if each.level == "mandatory")
    assert "AWS looks up in us-west-2 (its replicas.regionName)" in message
    assert "table orders -> replicas.kmsKeyArn -> arn:aws:kms:us-east-2:..." in message
    assert "123456789012" not in message


@pytest.mark.parametrize("value", [None, "", 7, "x", [None], ["x"], {"regionName": 7}])
def test_malformed_replicas_are_no_fault(value: Any) -> None:
    stack = Stack()
    table(stack, replicas=value, **ENCRYPTED)
    assert verdict(stack, POLICY) in ("passes", "rejects orders")
