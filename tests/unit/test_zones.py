"""Zones of another region than the resource's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from policies.model import data_files
from policies.model.places import is_region
from policies.model.regions.zones import REGIONS_FILE, region_of_zone, regions
from policies.model.values import Absent, Known, Unknown
from policies.regions import answers
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import DOUBT, first_verdicts, run, verdict, verdicts

ZONES = "zone-in-region"
REFERENCES = "region-local-references"
EAST, WEST = "us-east-1", "us-west-2"

Build = Callable[[Stack], Any]
SUBNET = "aws:ec2/subnet:Subnet"


def message(stack: Stack, policy: str = ZONES) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def subnet(stack: Stack, **inputs: Any) -> Made:
    """A subnet of a VPC outside the stack, in the stack's region us-east-1."""
    return stack.add(SUBNET, "subnet", {"vpcId": "vpc-0123456789abcdef0", **inputs})


# --- which region a zone is of -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("us-east-1a", "us-east-1"),
        ("us-west-2-lax-1a", "us-west-2"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1"),
        ("ap-southeast-1a", "ap-southeast-1"),
        ("us-gov-west-1b", "us-gov-west-1"),
        ("us-iso-east-1a", "us-iso-east-1"),
        ("eusc-de-east-1a", "eusc-de-east-1"),
        ("use1-az1", "us-east-1"),
        ("usw2-az4", "us-west-2"),
        ("usw2-lax1-az1", "us-west-2"),
        ("use1-wl1-bos-wlz1", "us-east-1"),
        ("usgw1-az2", "us-gov-west-1"),
        ("cnnw1-az3", "cn-northwest-1"),
    ],
)
def test_a_zone_is_of_one_region(zone: str, region: str) -> None:
    assert region_of_zone(zone) == Known(region)


@pytest.mark.parametrize("zone", ["xx-north-7a", "xxn7-az1", "us-east-11a"])
def test_a_zone_of_a_region_that_is_not_listed_is_not_judged(zone: str) -> None:
    assert isinstance(region_of_zone(zone), Unknown)


@pytest.mark.parametrize(
    "text", ["all", "a", "us-east-1", "us-east-1A", "us-east-1ab", "us-west-2-lax-1", "use1", ""]
)
def test_a_text_that_names_no_zone_has_no_region(text: str) -> None:
    assert region_of_zone(text) == Absent()


def test_the_data_are_regions_and_prefixes_that_follow_from_their_names() -> None:
    """AWS: a zone id begins with the first letters of the region's code and its number."""
    short = {"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}
    for region, prefix in regions().items():
        assert is_region(region)
        *words, number = region.split("-")
        begins = words[0] + "".join(short.get(each, each[0]) for each in words[1:]) + number
        assert prefix in (None, begins)
    assert {"us-east-1", "eu-south-2", "mx-central-1", "us-gov-east-1"} <= set(regions())


def test_the_data_say_where_they_come_from_and_of_which_day() -> None:
    for source in data_files.entries(data_files.read(REGIONS_FILE), "sources"):
        assert data_files.text(source, "url").startswith("https://")
        assert data_files.text(source, "date")


# --- one resource --------------------------------------------------------------------------------

WRONG: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "a subnet by name": (SUBNET, {"availabilityZone": "us-west-2a"}),
    "a subnet by id": (SUBNET, {"availabilityZoneId": "usw2-az1"}),
    "a subnet in a Local Zone": (SUBNET, {"availabilityZone": "us-west-2-lax-1a"}),
    "a subnet in a Wavelength Zone": (SUBNET, {"availabilityZone": "us-west-2-wl1-sea-wlz-1"}),
    "a default subnet": ("aws:ec2/defaultSubnet:DefaultSubnet", {"availabilityZone": "eu-west-1b"}),
    "an instance": ("aws:ec2/instance:Instance", {"availabilityZone": "us-east-2a"}),
    "a volume": ("aws:ebs/volume:Volume", {"availabilityZone": "us-west-2a", "size": 8}),
    "one of several zones of a cluster": (
        "aws:rds/cluster:Cluster",
        {"availabilityZones": ["us-east-1a", "us-east-1b", "us-west-2a"]},
    ),
    "a cluster instance": (
        "aws:rds/clusterInstance:ClusterInstance",
        {"availabilityZone": "us-west-2a"},
    ),
    "a DB instance": ("aws:rds/instance:Instance", {"availabilityZone": "us-west-2a"}),
    "a DocumentDB cluster": ("aws:docdb/cluster:Cluster", {"availabilityZones": ["us-west-2a"]}),
    "an Auto Scaling group": ("aws:autoscaling/group:Group", {"availabilityZones": ["us-west-2a"]}),
    "a classic load balancer": (
        "aws:elb/loadBalancer:LoadBalancer",
        {"availabilityZones": ["us-west-2a"]},
    ),
    "a file system": ("aws:efs/fileSystem:FileSystem", {"availabilityZoneName": "us-west-2a"}),
    "a target": (
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        {"availabilityZone": "us-west-2a", "targetId": "10.0.0.9"},
    ),
    "a block in a list": (
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {"nodeGroupConfigurations": [{"replicaAvailabilityZones": ["us-east-1a", "us-west-2a"]}]},
    ),
    "a block of a regional NAT gateway": (
        "aws:ec2/natGateway:NatGateway",
        {"availabilityZoneAddresses": [{"availabilityZoneId": "usw2-az1"}]},
    ),
    "a directory bucket": (
        "aws:s3/directoryBucket:DirectoryBucket",
        {"bucket": "b--usw2-az1--x-s3", "location": {"name": "usw2-az1"}},
    ),
    "a native subnet": ("aws-native:ec2:Subnet", {"availabilityZone": "us-west-2a"}),
    "a native volume": ("aws-native:ec2:Volume", {"availabilityZone": "us-west-2a"}),
    "a native group": (
        "aws-native:autoscaling:AutoScalingGroup",
        {"availabilityZones": ["us-west-2a"]},
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_zone_of_another_region_is_rejected(case: str) -> None:
    token, inputs = WRONG[case]
    stack = Stack()
    stack.add(token, "wrong", inputs)
    assert verdicts(stack, ZONES) == {"rejects wrong"}


RIGHT: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "no zone": (SUBNET, {}),
    "its own zone": (SUBNET, {"availabilityZone": "us-east-1f"}),
    "its own zone by id": (SUBNET, {"availabilityZoneId": "use1-az6"}),
    "a Local Zone of its region": (SUBNET, {"availabilityZone": "us-east-1-bos-1a"}),
    "a Wavelength Zone of its region": (SUBNET, {"availabilityZone": "us-east-1-wl1-bos-wlz-1"}),
    "a value that is not known yet": (SUBNET, {"availabilityZone": UNKNOWN}),
    "a text that names no zone": (SUBNET, {"availabilityZone": "us-west-2"}),
    "null for a list": ("aws:autoscaling/group:Group", {"availabilityZones": None}),
    "a number for a zone": (SUBNET, {"availabilityZone": 7}),
    "text for a block": (
        "aws:s3/directoryBucket:DirectoryBucket",
        {"location": "usw2-az1"},
    ),
    "a list of which a part is unknown": (
        "aws:autoscaling/group:Group",
        {"availabilityZones": ["us-east-1a", UNKNOWN]},
    ),
    "every zone of a VPC": (
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        {"availabilityZone": "all", "targetId": "10.1.0.9"},
    ),
    "the destination of a replication": (
        "aws:efs/replicationConfiguration:ReplicationConfiguration",
        {"destination": {"region": WEST, "availabilityZoneName": "us-west-2a"}},
    ),
    "a launch template, of which AWS checks no zone": (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {"placement": {"availabilityZone": "us-west-2a"}},
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_zone_of_its_region_and_what_names_none_pass(case: str) -> None:
    token, inputs = RIGHT[case]
    stack = Stack()
    stack.add(token, "fine", inputs)
    assert first_verdicts(stack, ZONES) == {"passes"}


def test_a_zone_in_a_list_of_which_a_part_is_unknown_is_rejected_all_the_same() -> None:
    stack = Stack()
    inputs = {"availabilityZones": ["us-west-2a", UNKNOWN]}
    stack.add("aws:autoscaling/group:Group", "wrong", inputs)
    assert first_verdicts(stack, ZONES) == {"rejects wrong"}


# --- the region ----------------------------------------------------------------------------------


def region_of_its_own(stack: Stack) -> None:
    """pulumi-aws 7: the region of the resource counts, not that of its provider."""
    stack.add(SUBNET, "subnet", {"availabilityZone": "us-east-1a", "region": WEST})


def lookup_without_the_provider(stack: Stack) -> None:
    """The resource has the provider of the second region, the lookup of its zones had none."""
    with aws.region(stack, WEST):
        home = aws.vpc(stack)
        stack.add(SUBNET, "subnet", {"vpcId": home.id, "availabilityZone": "us-east-1a"})


@pytest.mark.parametrize("build", [region_of_its_own, lookup_without_the_provider])
def test_the_region_is_that_which_the_resource_is_made_in(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"rejects subnet"}


def region_of_the_profile(stack: Stack) -> None:
    with aws.region(stack, None):
        subnet(stack, availabilityZone="us-west-2a")


def region_that_is_unknown_yet(stack: Stack) -> None:
    stack.add(SUBNET, "subnet", {"availabilityZone": "us-east-1a", "region": UNKNOWN})


def zone_of_a_region_that_is_not_listed(stack: Stack) -> None:
    subnet(stack, availabilityZone="xx-north-7a")


def zone_id_that_is_not_listed(stack: Stack) -> None:
    subnet(stack, availabilityZoneId="xxn7-az1")


def region_that_is_not_listed(stack: Stack) -> None:
    with aws.region(stack, "xx-north-7"):
        subnet(stack, availabilityZone="us-east-1a")


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (region_of_the_profile, "whether us-west-2a is a zone of its region, which is not known"),
        (region_that_is_unknown_yet, "whether us-east-1a is a zone of its region"),
        (zone_of_a_region_that_is_not_listed, "xx-north-7a is a zone of us-east-1: no region"),
        (zone_id_that_is_not_listed, "xxn7-az1 is a zone of us-east-1: no region has zone ids"),
        (region_that_is_not_listed, "whether us-east-1a is a zone of xx-north-7"),
    ],
)
def test_what_the_preview_or_the_data_do_not_tell_is_not_decided(build: Build, why: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, ZONES) == {"cannot tell subnet"}
    assert why in message(stack, DOUBT)
    assert verdict(stack, ZONES, deployed=True) == "passes"


def test_a_region_newer_than_the_data_has_its_zones() -> None:
    stack = Stack()
    with aws.region(stack, "xx-north-7"):
        subnet(stack, availabilityZone="xx-north-7a")
    assert verdicts(stack, ZONES) == {"passes"}


# --- what exists, and what others say ------------------------------------------------------------


def test_what_exists_is_not_asked_again() -> None:
    """Its zone may be ignored, or what a moved state says of it."""
    stack = Stack()
    made = subnet(stack, availabilityZone="us-west-2a")
    assert verdict(stack, ZONES, existing=[made]) == "passes"
    subnets = [made, stack.add(SUBNET, "new", {"availabilityZone": "us-west-2b"})]
    assert verdict(stack, ZONES, existing=subnets[:1]) == "rejects new"


def test_a_resource_of_the_wrong_region_is_told_once() -> None:
    """The provider was forgotten: its VPC is where its zone is."""
    stack = Stack()
    with aws.region(stack, WEST):
        home = aws.vpc(stack, "west")
    stack.add(SUBNET, "wrong", {"vpcId": home.id, "availabilityZone": "us-west-2a"})
    assert verdicts(stack, REFERENCES) == {"rejects wrong"}
    assert verdicts(stack, ZONES) == {"passes"}


def test_a_zone_of_a_third_region_is_told_beside_a_reference() -> None:
    stack = Stack()
    with aws.region(stack, WEST):
        home = aws.vpc(stack, "west")
    stack.add(SUBNET, "wrong", {"vpcId": home.id, "availabilityZone": "eu-west-1a"})
    assert verdicts(stack, REFERENCES) == {"rejects wrong"}
    assert verdicts(stack, ZONES) == {"rejects wrong"}


def test_who_names_a_subnet_of_the_wrong_region_is_not_told_for_it() -> None:
    """Nothing but its zone says that the subnet was meant for the other region."""
    stack = Stack()
    forgotten = subnet(stack, availabilityZone="us-west-2a")
    with aws.region(stack, WEST):
        aws.balancer(stack, "alb", [forgotten.id, "subnet-0123456789abcdef0"], internal=True)
    assert verdicts(stack, ZONES) == {"rejects subnet"}
    assert verdicts(stack, REFERENCES) == {"passes"}


def test_each_subnet_has_its_own_finding() -> None:
    stack = Stack()
    for zone in "ab":
        stack.add(SUBNET, zone, {"availabilityZone": f"us-west-2{zone}"})
    assert verdicts(stack, ZONES) == {"rejects a, b"}


# --- the message ---------------------------------------------------------------------------------


def test_the_message_names_zone_region_and_provider_and_says_both_cures() -> None:
    stack = Stack()
    subnet(stack, availabilityZone="us-west-2a")
    said = message(stack)
    assert (
        "Subnet subnet is in us-east-1 (the default provider), but names a zone of another region:"
    ) in said
    assert "subnet subnet -> availabilityZone -> us-west-2a of us-west-2" in said
    assert "Value (us-west-2a) for parameter availabilityZone is invalid." in said
    assert "look zones up with the provider" in said
    assert "give the resource the provider (or region) that it was meant to have" in said


def test_the_message_tells_a_provider_by_its_name() -> None:
    stack = Stack()
    stack.add(SUBNET, "s", {"availabilityZone": "us-west-2a"}, provider_name="primary")
    assert "is in us-east-1 (provider primary)" in message(stack)


@pytest.mark.parametrize(
    ("token", "inputs", "answer"),
    [
        (*WRONG["an instance"], "Invalid availability zone: [us-east-2a]"),
        (*WRONG["an Auto Scaling group"], "Invalid availability zone: [us-west-2a]"),
        (*WRONG["a DocumentDB cluster"], "is not supported by the DB Cluster"),
        (
            *WRONG["one of several zones of a cluster"],
            "'[us-west-2a]' is unavailable in this region",
        ),
        (*WRONG["a file system"], "Invalid Availability Zone Name provided."),
        (*WRONG["a volume"], "knows a zone in its own region only"),
    ],
)
def test_the_message_quotes_aws_for_the_type(
    token: str, inputs: Mapping[str, Any], answer: str
) -> None:
    stack = Stack()
    stack.add(token, "wrong", inputs)
    assert answer in message(stack)


def test_a_whole_list_of_another_region_is_named_zone_by_zone() -> None:
    stack = Stack()
    zones = Output(["us-west-2a", "us-west-2b"], ())
    inputs = {"availabilityZones": zones.value}
    stack.add("aws:autoscaling/group:Group", "wrong", inputs)
    said = message(stack)
    assert "availabilityZones -> us-west-2a of us-west-2" in said
    assert "availabilityZones -> us-west-2b of us-west-2" in said


def test_answers_about_references_are_one_line_each() -> None:
    said = answers.answer_of(EAST, list(answers.ANSWERS)[:5])
    assert said is not None
    assert said.startswith("looks in us-east-1 only")
    assert answers.answer_of(EAST, ["aws:sns/topic:Topic"]) is None
