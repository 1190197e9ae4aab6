"""replica-references and elasticache-global-datastore."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Stack
from tests.support import run, verdict

POLICY = "replica-references"
KEY = "aws:kms/key:Key"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
ENDPOINT = "aws:cloudwatch/eventEndpoint:EventEndpoint"
BUS = "aws:cloudwatch/eventBus:EventBus"
FILES = "aws:efs/replicationConfiguration:ReplicationConfiguration"
REGISTRY = "aws:ecr/replicationConfiguration:ReplicationConfiguration"


def replica_of(kind: str = KEY, region: str = "us-west-2", **key: Any) -> Stack:
    stack = Stack()
    primary = stack.add(kind, "primary", {"description": "orders", **key}, region=region)
    stack.add(REPLICA_KEY, "it", {"primaryKeyArn": primary.output("arn")})
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (replica_of(multiRegion=True), "passes"),
        (replica_of(multiRegion=UNKNOWN), "passes"),
        (replica_of(multiRegion=False), "rejects it"),
        (replica_of(), "rejects it"),
        (replica_of(region="us-east-1", multiRegion=True), "rejects it"),
        (replica_of(REPLICA_KEY), "rejects it"),
    ],
)
def test_a_replica_key_has_a_multi_region_primary_elsewhere(stack: Stack, expected: str) -> None:
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_a_primary_outside_the_stack_passes() -> None:
    stack = Stack()
    stack.add(REPLICA_KEY, "it", {"primaryKeyArn": UNKNOWN})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("key/12345678-90ab-cdef-1234-567890abcdef", "rejects it"),
        ("key/mrk-1234567890abcdef1234567890abcdef", "passes"),
        ("key/something-else", "passes"),
        ("alias/orders", "rejects it"),
    ],
)
def test_the_id_of_a_key_outside_the_stack_tells_whether_it_can_be_copied(
    key: str, expected: str
) -> None:
    stack = Stack()
    arn = f"arn:aws:kms:us-west-2:123456789012:{key}"
    stack.add(REPLICA_KEY, "it", {"primaryKeyArn": arn})
    assert verdict(stack, POLICY) == expected


def test_the_message_leads_to_the_primary() -> None:
    (message,) = (each.message for each in run(replica_of()) if each.policy == POLICY)
    assert "replica key it -> primaryKeyArn -> KMS key primary" in message
    assert "is not a multi-region key" in message


@pytest.mark.parametrize(
    ("key_region", "destination", "more", "expected"),
    [
        ("us-west-2", "us-west-2", {}, "passes"),
        ("us-east-1", "us-west-2", {}, "rejects it"),
        ("us-east-1", UNKNOWN, {}, "cannot tell it"),
        ("us-east-1", "us-west-2", {"multiRegion": True}, "cannot tell it"),
    ],
)
def test_the_key_of_a_copied_file_system_is_where_the_copy_is(
    key_region: str, destination: Any, more: Any, expected: str
) -> None:
    stack = Stack()
    key = stack.add(KEY, "key", more, region=key_region)
    inputs = {"destination": {"region": destination, "kmsKeyId": key.output("arn")}}
    stack.add(FILES, "it", inputs)
    assert verdict(stack, "region-local-references") == expected
    assert len(run(stack)) == (expected != "passes"), "one defect is told once"


def endpoint(*buses: tuple[Any, str], secondary: Any = "us-west-2", literal: bool = False) -> Stack:
    stack = Stack()
    arns: list[Any] = []
    for position, (name, region) in enumerate(buses):
        if literal:
            arns.append(f"arn:aws:events:{region}:123456789012:event-bus/{name}")
        else:
            bus = stack.add(BUS, f"bus-{position}", {"name": name}, region=region)
            arns.append(bus.output("arn"))
    route = {"failoverConfig": {"secondary": {"route": secondary}}}
    inputs = {
        "eventBuses": [{"eventBusArn": each} for each in arns],
        "routingConfig": route,
        "roleArn": "arn:aws:iam::123456789012:role/events",
    }
    stack.add(ENDPOINT, "it", inputs)
    return stack


@pytest.mark.parametrize("literal", [True, False])
@pytest.mark.parametrize(
    ("buses", "expected"),
    [
        ((("orders", "us-east-1"), ("orders", "us-west-2")), "passes"),
        ((("orders", "us-east-1"), ("others", "us-west-2")), "rejects it"),
        ((("orders", "us-east-1"), ("orders", "us-east-2")), "rejects it"),
    ],
)
def test_an_endpoint_has_a_bus_of_one_name_in_both_regions(
    buses: Any, literal: bool, expected: str
) -> None:
    assert verdict(endpoint(*buses, literal=literal), POLICY) == expected


def test_buses_that_are_not_known_pass() -> None:
    home = ("orders", "us-east-1")
    assert verdict(endpoint(home, (UNKNOWN, "us-west-2")), POLICY) == "passes"
    assert verdict(endpoint(home, ("orders", "us-east-2"), secondary=UNKNOWN), POLICY) == "passes"
    assert verdict(endpoint(home), POLICY) == "passes"


@pytest.mark.parametrize(
    ("account", "region", "registry", "expected"),
    [
        ("123456789012", "us-east-1", "123456789012", "rejects it"),
        ("123456789012", "us-west-2", "123456789012", "passes"),
        ("123456789012", "us-east-1", "210987654321", "passes"),
        ("123456789012", "us-east-1", UNKNOWN, "passes"),
        (None, "us-east-1", "123456789012", "passes"),
    ],
)
def test_a_registry_does_not_replicate_to_itself(
    account: Any, region: str, registry: Any, expected: str
) -> None:
    stack = Stack()
    rules = [{"destinations": [{"region": region, "registryId": registry}]}]
    provider = {"region": "us-east-1", **({"allowedAccountIds": [account]} if account else {})}
    stack.add(REGISTRY, "it", {"replicationConfiguration": {"rules": rules}}, provider=provider)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("cache.t3.medium", "rejects it"),
        ("cache.t4g.small", "rejects it"),
        ("cache.m3.medium", "rejects it"),
        ("cache.m7g.large", "passes"),
        ("cache.r7g.xlarge", "passes"),
        (UNKNOWN, "passes"),
        (None, "passes"),
    ],
)
def test_a_global_datastore_has_large_nodes(node: Any, expected: str) -> None:
    stack = Stack()
    group = stack.add("aws:elasticache/replicationGroup:ReplicationGroup", "g", {"nodeType": node})
    inputs = {"primaryReplicationGroupId": group.id}
    kind = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
    stack.add(kind, "it", inputs)
    assert verdict(stack, "elasticache-global-datastore") == expected


@pytest.mark.parametrize("value", [None, "", 7, [], [None], {"x": None}])
def test_malformed_values_are_no_fault(value: Any) -> None:
    for kind, name in (
        (REPLICA_KEY, "primaryKeyArn"),
        (FILES, "destination"),
        (ENDPOINT, "eventBuses"),
        (REGISTRY, "replicationConfiguration"),
    ):
        stack = Stack()
        stack.add(kind, "it", {name: value})
        assert verdict(stack, POLICY) == "passes"
