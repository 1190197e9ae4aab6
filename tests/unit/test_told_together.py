"""Advice that differs in names alone is given once; what blocks is told of each resource."""

from __future__ import annotations

from typing import Any

from policies.testing import Diagnostic, Stack
from tests import aws
from tests.support import run
from tests.unit.test_network_tiers import network, nothing

ADVICE = "network-tiers"


def two_regions_without_a_way_out() -> Stack:
    stack = Stack()
    network(stack, "east", nothing)
    network(stack, "west", nothing)
    return stack


def advice(stack: Stack, **options: Any) -> list[Diagnostic]:
    return [each for each in run(stack, **options) if each.policy == ADVICE]


def test_the_fault_of_both_regions_is_told_once_with_both_chains() -> None:
    [finding] = advice(two_regions_without_a_way_out())
    assert finding.resource == "east"
    for name in ("east", "west"):
        assert f"VPC {name} lacks a way out for what runs in its private tier:" in finding.message
        assert f"VPC {name} -> subnet {name}-app" in finding.message
    assert finding.message.count("AWS: ") == 1
    assert finding.message.count("Fix: ") == 1


def test_an_exemption_of_one_leaves_the_other() -> None:
    exemptions = [{"resource": "east", "reason": "stands alone"}]
    config = {ADVICE: {"exemptions": exemptions}}
    [finding] = advice(two_regions_without_a_way_out(), config=config)
    assert finding.resource == "west"
    assert "VPC east lacks" not in finding.message


def test_other_faults_are_told_apart() -> None:
    stack = Stack()
    network(stack, "east", nothing)
    network(stack, "west", nothing, public=False)
    assert sorted(each.resource for each in advice(stack)) == ["east", "west"]


def test_many_are_cut_and_counted() -> None:
    stack = Stack()
    given = {"type": "CALCULATED", "childHealthThreshold": 2, "childHealthchecks": ["one"]}
    for number in range(9):
        stack.add("aws:route53/healthCheck:HealthCheck", f"check{number}", given)
    [finding] = [each for each in run(stack) if each.policy == "health-check-target"]
    assert "check4" in finding.message
    assert "check5" not in finding.message
    assert "And 4 more like these." in finding.message


def test_what_blocks_is_told_of_each() -> None:
    stack = Stack()
    for name in ("one", "two"):
        aws.zone(stack, name, "example.com")
    found = [each for each in run(stack) if each.policy == "hosted-zone-reserved-name"]
    assert [each.resource for each in found] == ["one", "two"]


def test_what_the_provider_refuses_is_not_said_of_aws() -> None:
    stack = Stack()
    routes = [{"gatewayId": "igw-1"}]
    stack.add("aws:ec2/routeTable:RouteTable", "main", {"vpcId": "vpc-1", "routes": routes})
    (message,) = [each.message for each in run(stack) if each.policy == "network-declaration"]
    assert "\nProvider: answers: creating route: one of `cidr_block" in message
    assert "AWS: " not in message
