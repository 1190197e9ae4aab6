"""zone-in-region."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.regions.zones import region_of
from policies.testing import UNKNOWN, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "zone-in-region"
SUBNET = "aws:ec2/subnet:Subnet"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("us-east-1a", "us-east-1"),
        ("us-west-2-lax-1a", "us-west-2"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1"),
        ("ap-southeast-1b", "ap-southeast-1"),
        ("us-gov-west-1a", "us-gov-west-1"),
        ("use1-az1", "us-east-1"),
        ("apse2-az3", "ap-southeast-2"),
        ("xx1-az1", None),
        ("xx-north-9a", None),
        ("us-east-1", None),
        ("us-east-1ab", None),
        ("all", None),
        ("", None),
    ],
)
def test_a_zone_belongs_to_the_region_that_it_is_named_after(zone: str, region: str | None) -> None:
    assert region_of(zone) == region


def of(kind: str, region: str | None = "us-west-2", **inputs: Any) -> Stack:
    stack = Stack(region=region)
    stack.add(kind, "it", inputs)
    return stack


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (SUBNET, {"availabilityZone": "us-east-1a"}, "rejects it"),
        (SUBNET, {"availabilityZone": "us-west-2a"}, "passes"),
        (SUBNET, {"availabilityZone": "us-west-2-lax-1a"}, "passes"),
        (SUBNET, {"availabilityZone": "us-east-1-wl1-bos-wlz-1"}, "rejects it"),
        (SUBNET, {"availabilityZoneId": "use1-az1"}, "rejects it"),
        (SUBNET, {"availabilityZoneId": "usw2-az1"}, "passes"),
        (SUBNET, {"availabilityZoneId": "xx9-az1"}, "passes"),
        (SUBNET, {"availabilityZone": UNKNOWN}, "passes"),
        (SUBNET, {"availabilityZone": ""}, "passes"),
        (SUBNET, {}, "passes"),
        (
            "aws:autoscaling/group:Group",
            {"availabilityZones": ["us-west-2a", "us-east-1a"]},
            "rejects it",
        ),
        ("aws:autoscaling/group:Group", {"availabilityZones": UNKNOWN}, "passes"),
        ("aws:rds/cluster:Cluster", {"availabilityZones": ["us-east-1a"]}, "rejects it"),
        ("aws:ebs/volume:Volume", {"availabilityZone": "us-east-1a"}, "rejects it"),
        ("aws:efs/fileSystem:FileSystem", {"availabilityZoneName": "us-east-1a"}, "rejects it"),
        (
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"placement": {"availabilityZone": "us-east-1a"}},
            "passes",
        ),
    ],
)
def test_what_names_a_zone_of_another_region_is_rejected(
    kind: str, inputs: dict[str, Any], expected: str
) -> None:
    assert verdict(of(kind, **inputs), POLICY) == expected
    assert verdict(of(kind, **inputs), POLICY, deployed=True) == "passes"


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (
            "aws:ec2/natGateway:NatGateway",
            {
                "connectivityType": "private",
                "availabilityZoneAddresses": [{"availabilityZone": "us-east-1a"}],
            },
            "rejects it",
        ),
        ("aws:rds/instance:Instance", {"availabilityZone": "us-east-1a"}, "rejects it"),
        (ATTACHMENT, {"availabilityZone": "us-east-1a"}, "rejects it"),
        (ATTACHMENT, {"availabilityZone": "us-west-2a"}, "passes"),
        (ATTACHMENT, {"availabilityZone": "all"}, "passes"),
        (ATTACHMENT, {"availabilityZone": UNKNOWN}, "passes"),
    ],
)
def test_where_no_answer_was_seen_it_is_advice(
    kind: str, inputs: dict[str, Any], expected: str
) -> None:
    assert verdict(of(kind, **inputs), POLICY) == "passes"
    assert verdict(of(kind, **inputs), "documented-regions") == expected
    assert verdict(of(kind, **inputs), "documented-regions", deployed=True) == "passes"


def test_of_a_region_that_nothing_states_nothing_is_decided() -> None:
    stack = Stack(region=None)
    stack.add("aws:autoscaling/group:Group", "it", {"availabilityZones": ["us-east-1a"]})
    assert verdicts(stack, POLICY) == {"cannot tell it"}


def test_what_was_made_in_the_wrong_region_is_told_once() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    with aws.region(stack, "us-west-2"):
        aws.subnet(stack, "stray", home)  # In a zone, and a VPC, of us-east-1.
    assert verdict(stack, POLICY) == "passes"
    assert verdict(stack, "region-local-references") == "rejects stray"


def test_the_message_names_the_zone_the_region_and_who_says_it() -> None:
    (message,) = (
        each.message
        for each in run(of(SUBNET, availabilityZone="us-east-1a"))
        if each.policy == POLICY
    )
    assert "Subnet it is in us-west-2 (the default provider)" in message
    assert "subnet it -> availabilityZone -> us-east-1a -> a zone of us-east-1" in message
    assert "Value (us-east-1a) for parameter availabilityZone is invalid" in message
