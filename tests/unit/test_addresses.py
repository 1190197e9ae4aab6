"""The ranges of a VPC: its own, secondary ones, and what is not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from policies.model.network.addresses import Ranges, vpc_ranges
from policies.model.resource import Resource
from policies.model.stack import Stack
from policies.model.values import UNKNOWN, Tree
from policies.model.vocabulary import VPC, VPC_CIDR

Properties = Mapping[str, Tree]


def ranges(own: Properties, *added: Properties, token: str = VPC_CIDR) -> Ranges:
    """The ranges of VPC main, to which resources of the token add others."""
    vpc = made(VPC, "main", own, id="vpc-main")
    associations = [made(token, f"added-{number}", said) for number, said in enumerate(added)]
    return vpc_ranges(Stack([vpc, *associations]), vpc)


def made(token: str, name: str, said: Properties, **computed: Tree) -> Resource:
    return Resource(
        urn=f"urn:{name}", type=token, name=name, actual={**computed, **said}, declared=said
    )


def texts(found: Ranges) -> list[str]:
    return [str(each.network) for each in found.known]


MINE = {"vpcId": "vpc-main"}


def test_a_vpc_has_its_own_and_its_secondary_ranges() -> None:
    found = ranges({"cidrBlock": "10.0.0.0/16"}, {**MINE, "cidrBlock": "100.64.0.0/16"})
    assert texts(found) == ["10.0.0.0/16", "100.64.0.0/16"]
    assert [each.owner.name for each in found.known] == ["main", "added-0"]
    assert found.doubt is None


def test_a_range_of_another_vpc_is_not_this_ones() -> None:
    stranger: Properties = {"vpcId": "vpc-other", "cidrBlock": "100.64.0.0/16"}
    found = ranges({"cidrBlock": "10.0.0.0/16"}, stranger)
    assert texts(found) == ["10.0.0.0/16"]
    assert found.doubt is None


def test_bits_after_the_prefix_do_not_count() -> None:
    assert texts(ranges({"cidrBlock": "10.0.7.1/16"})) == ["10.0.0.0/16"]


@pytest.mark.parametrize(
    ("own", "doubt"),
    [
        ({"cidrBlock": UNKNOWN}, "the range of VPC main is not known before the deployment"),
        ({"ipv4IpamPoolId": "ipam-1"}, "the range of VPC main is chosen by AWS"),
        ({"cidrBlock": "ten"}, "the range of VPC main is not an IPv4 range"),
        ({"cidrBlock": "fd00::/48"}, "the range of VPC main is not an IPv4 range"),
        ({"cidrBlock": 10}, "the range of VPC main is not text"),
    ],
)
def test_a_range_that_cannot_be_read_is_a_doubt(own: Properties, doubt: str) -> None:
    assert ranges(own) == Ranges(doubt=doubt)


@pytest.mark.parametrize(
    ("added", "doubt"),
    [
        ({"vpcId": UNKNOWN, "cidrBlock": "100.64.0.0/16"}, "the VPC of .* added-0 is not known"),
        ({**MINE, "cidrBlock": UNKNOWN}, "the range of .* added-0 is not known"),
        ({**MINE, "ipv4IpamPoolId": "ipam-1"}, "the range of .* added-0 is chosen by AWS"),
    ],
)
def test_an_added_range_that_cannot_be_read_leaves_the_others(
    added: Properties, doubt: str
) -> None:
    found = ranges({"cidrBlock": "10.0.0.0/16"}, added)
    assert texts(found) == ["10.0.0.0/16"]
    assert found.doubt is not None
    assert re.match(doubt, found.doubt)


def test_an_added_ipv6_range_is_none_of_ipv4() -> None:
    for said in ({"amazonProvidedIpv6CidrBlock": True}, {"ipv6CidrBlock": "2600::/56"}):
        found = ranges(
            {"cidrBlock": "10.0.0.0/16"}, {**MINE, **said}, token="aws-native:ec2:VpcCidrBlock"
        )
        assert texts(found) == ["10.0.0.0/16"]
        assert found.doubt is None
