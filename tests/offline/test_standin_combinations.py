"""Which arguments the stand-in refuses beside each other, as the provider does."""

from __future__ import annotations

from typing import Any

import pytest

from offline.standin.combinations import (
    Choice,
    Combination,
    Company,
    Conflict,
    documented,
    refusals,
)
from offline.standin.model import Configuration
from offline.standin.provider import StandIn
from offline.standin.schema import Sdk
from offline.standin.values import UNKNOWN, Secret
from offline.standin.world import World
from tests.offline.test_standin_provider import ALB, CLUSTER, GLOBAL, RECORD, SUBNET, VPC, Provider
from tests.offline.test_standin_schema import package

ROUTE = "aws:ec2/route:Route"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The one. Conflicts with `b`.", [Conflict("a", "b")]),
        ("Conflicts with `b` and `c`. More.", [Conflict("a", "b"), Conflict("a", "c")]),
        ("Conflicts with `b` & `c`.", [Conflict("a", "b"), Conflict("a", "c")]),
        # A block is one upstream and a list in the SDK.
        ("Conflicts with `many_block`.", [Conflict("a", "manyBlocks")]),
        ("Mutually exclusive with `b`. Use it.", [Conflict("a", "b")]),
        ("Cannot be specified with `b` or `c`.", [Conflict("a", "b"), Conflict("a", "c")]),
        ("Cannot be set if `b` is set to `true`.", [Conflict("a", "b")]),
        ("Cannot be set if `b` is provided.", [Conflict("a", "b")]),
        ("Exactly one of `a` or `b` must be specified.", [Choice(("a", "b"), alone=True)]),
        ("Exactly one of `a`, `b` or `c` is required.", [Choice(("a", "b", "c"), alone=True)]),
        ("one of either `b` or `c` is required.", [Choice(("b", "c"), alone=True)]),
        ("At least one of `a` or `b` is required.", [Choice(("a", "b"), alone=False)]),
        ("If set, requires `b` to be set.", [Company("a", "b")]),
        ("Required when `x_wo` is set. Changes it.", [Company("xWo", "a")]),
        # What is no rule of the schema, or is about something else.
        ("Conflicts with `b` if `c` is set.", []),
        ("Conflicts with `elsewhere`.", []),
        ("A value that conflicts with the cluster's configuration.", []),
        ("Cannot be used with `b`.", []),
        ("Cannot be set if `b` is set to `other`.", []),
        ("Required if `b` is `c`.", []),
        ("Required when `b` is set to `c`.", []),
        ("Exactly one of `a` or `elsewhere` must be specified.", []),
        ("Exactly one of `a` or `b` must be specified if `c` is.", []),
        ("Must be one of `b` or `c`.", []),
        ("Exactly one of `a` or `region` must be specified.", []),
    ],
)
def test_what_a_text_means(text: str, expected: list[Combination]) -> None:
    texts = {"a": text, **dict.fromkeys(("b", "c", "manyBlocks", "xWo", "region"), "")}
    assert list(documented(texts)) == expected


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({"a": "x", "b": "y"}, ["a"]),
        ({"a": "x"}, []),
        ({"a": "x", "b": None}, []),
        # Nobody can tell what it will be.
        ({"a": "x", "b": UNKNOWN}, []),
        ({"a": "x", "b": False}, []),
        ({"a": "x", "b": []}, []),
        ({"a": Secret("x"), "b": [1]}, ["a"]),
        ({"a": Secret(UNKNOWN), "b": [1]}, []),
    ],
)
def test_a_conflict(inputs: dict[str, Any], refused: list[str]) -> None:
    assert [name for name, _ in refusals([Conflict("a", "b")], inputs, "name")] == refused


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({}, ["a", "b"]),
        ({"a": "x"}, []),
        ({"a": UNKNOWN}, []),
        ({"a": []}, []),
        ({"a": "x", "b": "y"}, ["a", "b"]),
        ({"a": "x", "b": UNKNOWN}, []),
    ],
)
def test_a_choice(inputs: dict[str, Any], refused: list[str]) -> None:
    found = refusals([Choice(("a", "b"), alone=True)], inputs, "name")
    assert [name for name, _ in found] == refused
    several = refusals([Choice(("a", "b"), alone=False)], inputs, "name")
    assert [name for name, _ in several] == (refused if not inputs else [])


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [({"a": "x"}, ["a"]), ({"a": "x", "b": 1}, []), ({"a": "x", "b": UNKNOWN}, []), ({}, [])],
)
def test_company(inputs: dict[str, Any], refused: list[str]) -> None:
    assert [name for name, _ in refusals([Company("a", "b")], inputs, "name")] == refused


@pytest.fixture(scope="module")
def aws() -> Provider:
    servicer = StandIn(Sdk(package("pulumi_aws")), World(), Configuration())
    return Provider(servicer).configure(region="us-west-2")


ALIAS = [{"name": "a.elb.amazonaws.com", "zoneId": "Z1", "evaluateTargetHealth": True}]
NAMED = {"name": "app", "type": "A", "zoneId": "Z2"}
FAILOVER = {"failoverRoutingPolicies": [{"type": "PRIMARY"}], "setIdentifier": "east"}
TO_GATEWAY = {"routeTableId": "rtb-1", "gatewayId": "igw-1"}
IN_VPC = {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"}
POSTGRES: dict[str, Any] = {"engine": "aurora-postgresql"}


@pytest.mark.parametrize(
    ("token", "inputs", "refused"),
    [
        (
            GLOBAL,
            {"globalClusterIdentifier": "app", "sourceDbClusterIdentifier": "arn", **POSTGRES},
            {"engine"},
        ),
        (GLOBAL, {"globalClusterIdentifier": "app", "sourceDbClusterIdentifier": "arn"}, set()),
        (
            CLUSTER,
            {**POSTGRES, "masterPassword": Secret("x"), "manageMasterUserPassword": True},
            {"masterPassword", "manageMasterUserPassword"},
        ),
        (
            CLUSTER,
            {**POSTGRES, "masterPassword": Secret("x"), "manageMasterUserPassword": False},
            set(),
        ),
        (CLUSTER, {**POSTGRES, "clusterIdentifierPrefix": "app"}, set()),
        (RECORD, {**NAMED, "aliases": ALIAS}, set()),
        (RECORD, {**NAMED, "aliases": ALIAS, "ttl": 60}, {"aliases"}),
        (RECORD, {**NAMED, "records": ["192.0.2.1"], "ttl": 60, **FAILOVER}, set()),
        (RECORD, NAMED, {"aliases", "records"}),
        (
            RECORD,
            {**NAMED, "aliases": ALIAS, **FAILOVER, "weightedRoutingPolicies": [{"weight": 1}]},
            {"failoverRoutingPolicies", "weightedRoutingPolicies"},
        ),
        (ROUTE, {**TO_GATEWAY, "destinationCidrBlock": "0.0.0.0/0"}, set()),
        (ROUTE, {**TO_GATEWAY, "destinationCidrBlock": UNKNOWN}, set()),
        (
            ROUTE,
            TO_GATEWAY,
            {"destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"},
        ),
        (SUBNET, {**IN_VPC, "availabilityZone": "us-west-2a"}, set()),
        (
            SUBNET,
            {**IN_VPC, "availabilityZone": "us-west-2a", "availabilityZoneId": "usw2-az1"},
            {"availabilityZone", "availabilityZoneId"},
        ),
        (VPC, {"cidrBlock": "10.0.0.0/16", "assignGeneratedIpv6CidrBlock": True}, set()),
        (ALB, {"subnets": ["subnet-1", UNKNOWN]}, set()),
        (ALB, {}, {"subnets", "subnetMappings"}),
    ],
)
def test_what_the_provider_refuses(
    aws: Provider, token: str, inputs: dict[str, Any], refused: set[str]
) -> None:
    assert {failure.property for failure in aws.raw_check(token, **inputs).failures} == refused


def test_the_provider_s_words(aws: Provider) -> None:
    (failure,) = aws.raw_check(
        GLOBAL,
        **POSTGRES,
        globalClusterIdentifier="app",
        sourceDbClusterIdentifier="arn:aws:rds:us-east-1:111122223333:cluster:app",
    ).failures
    assert failure.reason == (
        'Conflicting configuration arguments. "engine": conflicts with '
        "source_db_cluster_identifier. Examine values at 'name.engine'."
    )
    failures = {f.property: f.reason for f in aws.raw_check(ALB).failures}
    assert failures["subnets"] == (
        'Invalid combination of arguments. "subnets": one of `subnet_mappings,subnets` must be '
        "specified. Examine values at 'name.subnets'."
    )


def test_aws_native_has_no_such_schema() -> None:
    config = Configuration(bridged=False)
    native = Provider(StandIn(Sdk(package("pulumi_aws_native")), World(), config))
    assert list(native.raw_check("aws-native:elasticloadbalancingv2:LoadBalancer").failures) == []
