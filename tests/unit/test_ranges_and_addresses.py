"""subnet-cidr of ranges that are added to a VPC, and of addresses that are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "subnet-cidr"
VPC_CIDR = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
INSTANCE = "aws:ec2/instance:Instance"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"


def add_range(stack: Stack, name: str, home: Made | Output, cidr: Any) -> None:
    vpc = home.id if isinstance(home, Made) else home
    stack.add(VPC_CIDR, name, {"vpcId": vpc, "cidrBlock": cidr})


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.0.128.0/17", "10.0.0.0/15"])
def test_a_range_over_the_first_one_is_rejected(cidr: str) -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack), cidr)
    assert verdicts(stack, POLICY) == {"rejects it"}


def test_the_later_of_two_ranges_that_overlap_is_rejected() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    add_range(stack, "first", home, "10.9.0.0/16")
    add_range(stack, "it", home, "10.9.1.0/24")
    assert verdicts(stack, POLICY) == {"rejects it"}
    (said,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "it -> 10.9.1.0/24 -> 10.9.0.0/16 of range of a VPC first" in said


def test_a_native_range_is_read_too() -> None:
    stack = Stack()
    home = aws.native_vpc(stack)
    inputs = {"vpcId": home.output("vpcId"), "cidrBlock": "10.0.0.0/17"}
    aws.native(stack, "ec2:VpcCidrBlock", "it", inputs, named_by="awsId")
    assert verdict(stack, POLICY) == "rejects it"


@pytest.mark.parametrize("cidr", ["10.1.0.0/16", "100.64.0.0/16", UNKNOWN, None, "ten", 7, {}])
def test_a_range_beside_the_others_or_one_that_is_not_known_passes(cidr: Any) -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack), cidr)
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_range_of_one_of_two_vpcs_passes() -> None:
    stack = Stack()
    blue, green = aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")
    add_range(stack, "it", Output.all(blue.id, green.id).element(0), "10.0.0.0/17")
    assert verdict(stack, POLICY) == "passes"


def asking(kind: str, address: Any, cidr: Any = "10.0.1.0/24") -> Stack:
    """An instance or an interface that asks for an address of its subnet."""
    stack = Stack()
    subnet = aws.subnet(stack, "app", aws.vpc(stack), cidrBlock=cidr)
    said = {"privateIps": [address]} if kind == INTERFACE else {"privateIp": address}
    stack.add(kind, "it", {"subnetId": subnet.id, **said})
    return stack


kinds = pytest.mark.parametrize("kind", [INSTANCE, INTERFACE])


@kinds
def test_an_address_outside_the_subnet_is_rejected(kind: str) -> None:
    stack = asking(kind, "10.0.2.10")
    assert verdicts(stack, POLICY) == {"rejects it"}
    (said,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "it -> 10.0.2.10 -> subnet app has 10.0.1.0/24" in said


@kinds
@pytest.mark.parametrize("address", ["10.0.1.10", UNKNOWN, None, "ten", 7, {}, "2001:db8::1"])
def test_an_address_of_the_subnet_or_one_that_is_not_known_passes(kind: str, address: Any) -> None:
    assert verdicts(asking(kind, address), POLICY) == {"passes"}


@kinds
def test_of_a_subnet_whose_range_is_not_known_nothing_is_said_of_its_addresses(kind: str) -> None:
    assert "it" not in verdict(asking(kind, "10.0.2.10", UNKNOWN), POLICY)


def test_an_address_that_aws_chose_is_not_asked_for() -> None:
    stack = Stack()
    subnet = aws.subnet(stack, "app", aws.vpc(stack), cidrBlock="10.0.1.0/24")
    computed = {"privateIp": "10.0.2.10"}
    made = stack.add(INSTANCE, "it", {"subnetId": subnet.id}, computed=computed)
    assert verdict(stack, POLICY, existing=[made]) == "passes"


def test_a_native_instance_is_read_too() -> None:
    stack = Stack()
    subnet = aws.native_subnet(
        stack, "app", aws.native_vpc(stack), cidrBlock="10.0.1.0/24", availabilityZone="us-east-1a"
    )
    inputs = {"subnetId": subnet.output("subnetId"), "privateIpAddress": "10.0.2.10"}
    aws.native(stack, "ec2:Instance", "it", inputs, named_by="instanceId")
    assert verdict(stack, POLICY) == "rejects it"
