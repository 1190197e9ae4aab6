"""subnet-cidr and network-risks of ranges that are added to a VPC, and of addresses that are asked
for."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

POLICY = "subnet-cidr"
RISKS = "network-risks"
VPC_CIDR = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
INSTANCE = "aws:ec2/instance:Instance"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
MOUNT = "aws:efs/mountTarget:MountTarget"
RESOLVER = "aws:route53/resolverEndpoint:ResolverEndpoint"
NAT = "aws:ec2/natGateway:NatGateway"


def add_range(stack: Stack, name: str, home: Any, cidr: Any) -> None:
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


@pytest.mark.parametrize(
    ("homes", "second", "expected"),
    [
        (("vpc-1", "vpc-1"), "10.9.1.0/24", "rejects it"),
        (("vpc-1", "vpc-1"), "10.10.0.0/16", "passes"),
        (("vpc-1", "vpc-2"), "10.9.1.0/24", "passes"),
        (("vpc-1", UNKNOWN), "10.9.1.0/24", "passes"),
    ],
)
def test_ranges_that_are_added_to_a_vpc_of_another_stack(
    homes: tuple[Any, Any], second: str, expected: str
) -> None:
    stack = Stack()
    add_range(stack, "first", homes[0], "10.9.0.0/16")
    add_range(stack, "it", homes[1], second)
    assert verdicts(stack, POLICY) == {expected}


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


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (INSTANCE, {"secondaryPrivateIps": ["10.0.1.9", "10.0.2.10"]}),
        (INTERFACE, {"privateIpLists": ["10.0.2.10"], "privateIpListEnabled": True}),
    ],
)
def test_further_addresses_outside_the_subnet_are_rejected(kind: str, said: dict[str, Any]) -> None:
    stack = Stack()
    subnet = aws.subnet(stack, "app", aws.vpc(stack), cidrBlock="10.0.1.0/24")
    stack.add(kind, "it", {"subnetId": subnet.id, **said})
    assert verdicts(stack, POLICY) == {"rejects it"}


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


# --- as AWS documents it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "added"),
    [
        ("10.2.0.0/16", "192.168.0.0/16"),
        ("10.2.0.0/16", "172.20.0.0/16"),
        ("10.2.0.0/16", "198.19.0.0/16"),
        ("10.1.0.0/16", "10.0.0.0/20"),
        ("172.16.0.0/16", "172.31.4.0/24"),
        ("172.16.0.0/16", "10.2.0.0/16"),
        ("192.168.0.0/20", "172.20.0.0/16"),
        ("198.19.0.0/20", "10.2.0.0/16"),
        ("100.64.0.0/16", "10.2.0.0/16"),
        ("100.64.0.0/16", "198.19.0.0/16"),
        ("203.0.113.0/24", "192.168.0.0/24"),
    ],
)
def test_a_range_that_may_not_be_beside_the_first_one_is_told(first: str, added: str) -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack, cidr=first), added)
    assert verdicts(stack, RISKS) == {"rejects it"}
    assert findings(stack) == {(RISKS, "it")}


@pytest.mark.parametrize(
    ("first", "added"),
    [
        ("10.2.0.0/16", "10.0.0.0/16"),
        ("10.1.0.0/16", "10.2.0.0/16"),
        ("10.2.0.0/16", "100.64.0.0/16"),
        ("10.2.0.0/16", "198.18.0.0/16"),
        ("10.2.0.0/16", "203.0.113.0/24"),
        ("172.16.0.0/16", "172.20.0.0/16"),
        ("192.168.0.0/20", "192.168.16.0/20"),
        ("198.19.0.0/20", "198.19.16.0/20"),
        ("100.64.0.0/16", "203.0.113.0/24"),
        ("10.2.0.0/16", UNKNOWN),
        (UNKNOWN, "192.168.0.0/16"),
        ("10.2.0.0/16", None),
        ("10.2.0.0/16", "ten"),
        ("10.2.0.0/16", 7),
    ],
)
def test_a_range_that_may_be_beside_the_first_one_passes(first: Any, added: Any) -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack, cidr=first), added)
    assert verdicts(stack, RISKS) == {"passes"}


def test_a_range_over_another_one_is_told_once() -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack), "10.0.128.0/17")
    assert findings(stack) == {(POLICY, "it")}


def test_a_range_that_may_be_of_either_vpc_is_not_told() -> None:
    stack = Stack()
    blue, green = aws.vpc(stack, "blue", "10.2.0.0/16"), aws.vpc(stack, "green", "192.168.0.0/20")
    add_range(stack, "it", Output.all(blue.id, green.id).element(0), "192.168.16.0/20")
    assert verdict(stack, RISKS) == "passes"


def test_the_message_says_beside_which_range_it_may_not_be() -> None:
    stack = Stack()
    add_range(stack, "it", aws.vpc(stack, cidr="10.2.0.0/16"), "192.168.4.0/24")
    (said,) = [each.message for each in run(stack) if each.policy == RISKS]
    assert "it -> 192.168.4.0/24 -> in 192.168.0.0/16 -> VPC main has 10.2.0.0/16" in said


def documented(kind: str, address: Any, cidr: Any = "10.0.1.0/24", subnet: Any = None) -> Stack:
    """A load balancer or a mount target that asks for an address of its subnet."""
    stack = Stack()
    made = aws.subnet(stack, "app", aws.vpc(stack), cidrBlock=cidr)
    where = made.id if subnet is None else subnet
    if kind == BALANCER:
        said = {"subnetId": where, "privateIpv4Address": address}
        given = {"internal": True, "loadBalancerType": "network", "subnetMappings": [said]}
        stack.add(kind, "it", given)
    elif kind == RESOLVER:
        ends = [{"subnetId": where, "ip": address}, {"subnetId": "subnet-2"}]
        stack.add(kind, "it", {"direction": "INBOUND", "ipAddresses": ends})
    elif kind == NAT:
        stack.add(
            kind, "it", {"connectivityType": "private", "subnetId": where, "privateIp": address}
        )
    else:
        stack.add(kind, "it", {"fileSystemId": "fs-1", "subnetId": where, "ipAddress": address})
    return stack


documented_kinds = pytest.mark.parametrize("kind", [BALANCER, MOUNT, RESOLVER, NAT])


@documented_kinds
def test_an_address_outside_the_subnet_is_told(kind: str) -> None:
    stack = documented(kind, "10.0.2.10")
    assert verdicts(stack, RISKS) == {"rejects it"}
    (said,) = [each.message for each in run(stack) if each.policy == RISKS]
    assert "it -> 10.0.2.10 -> subnet app has 10.0.1.0/24" in said


@documented_kinds
@pytest.mark.parametrize("address", ["10.0.1.10", UNKNOWN, None, "ten", 7, {}, "2001:db8::1"])
def test_an_address_of_the_subnet_or_one_not_known_is_not_told(kind: str, address: Any) -> None:
    assert verdicts(documented(kind, address), RISKS) == {"passes"}


@documented_kinds
@pytest.mark.parametrize("subnet", ["subnet-1", UNKNOWN, None, 7])
def test_of_a_subnet_that_is_not_known_no_address_is_told(kind: str, subnet: Any) -> None:
    stack = documented(kind, "10.0.2.10", subnet="subnet-1" if subnet is None else subnet)
    assert verdict(stack, RISKS) == "passes"
    assert verdict(documented(kind, "10.0.2.10", UNKNOWN), RISKS) == "passes"


def mapped(*addresses: str) -> Stack:
    """A load balancer in subnets 10.0.0.0/24, 10.0.1.0/24 ..., with an address for each."""
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [
        aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, zone in zip(range(len(addresses)), "abc", strict=False)
    ]
    said = [
        {"subnetId": each.id, "privateIpv4Address": address}
        for each, address in zip(subnets, addresses, strict=True)
    ]
    given = {"internal": True, "loadBalancerType": "network", "subnetMappings": said}
    stack.add(BALANCER, "it", given)
    return stack


def test_which_of_several_subnets_an_address_is_for_need_not_be_known() -> None:
    assert verdict(mapped("10.0.0.9", "10.0.1.9"), RISKS) == "passes"
    # Swapped: a first preview does not tell which of the two subnets is which.
    swapped = mapped("10.0.1.9", "10.0.0.9")
    assert verdict(swapped, RISKS) == "passes"
    there = [each for each in swapped.resources if each.name != "it"]
    assert verdict(swapped, RISKS, existing=there) == "rejects it"
    assert verdict(mapped("10.0.0.9", "10.0.7.9"), RISKS) == "rejects it"


@kinds
def test_one_of_two_subnets_of_which_one_is_not_known_may_have_the_address(kind: str) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    ranges = {"a": UNKNOWN, "b": "10.0.1.0/24"}
    subnets = [aws.subnet(stack, z, home, z, cidrBlock=said) for z, said in ranges.items()]
    either = Output.all(*aws.ids(*subnets)).element(0)
    asked = {"privateIps": ["10.0.2.10"]} if kind == INTERFACE else {"privateIp": "10.0.2.10"}
    stack.add(kind, "it", {"subnetId": either, **asked})
    assert "it" not in verdict(stack, POLICY)


@kinds
def test_one_of_two_subnets_without_the_address_is_rejected_whichever_it_is(kind: str) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [
        aws.subnet(stack, zone, home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, zone in enumerate("ab")
    ]
    either = Output.all(*aws.ids(*subnets)).element(0)
    for last, expected in ((9, "rejects it"), (1, "passes")):
        address = f"10.0.{last}.10"
        asked = {"privateIps": [address]} if kind == INTERFACE else {"privateIp": address}
        stack.add(kind, "it", {"subnetId": either, **asked})
        assert verdict(stack, POLICY) == expected
        stack.resources.pop()


@pytest.mark.parametrize("mappings", [None, "", 7, [None], {"x": None}, UNKNOWN, [UNKNOWN]])
def test_malformed_mappings_are_not_told(mappings: Any) -> None:
    stack = Stack()
    given = {"internal": True, "loadBalancerType": "network", "subnetMappings": mappings}
    stack.add(BALANCER, "it", given)
    assert verdict(stack, RISKS) == "passes"
