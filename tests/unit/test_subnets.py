"""db-subnet-group-zones and subnet-cidr."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

ZONES = "db-subnet-group-zones"
CIDR = "subnet-cidr"
Build = Callable[[Stack], None]


# --- db-subnet-group-zones ------------------------------------------------------------------------


def group(stack: Stack, where: Any) -> None:
    stack.add("aws:rds/subnetGroup:SubnetGroup", "db", {"subnetIds": where, "name": "db"})


def in_zones(zones: str) -> Build:
    """A subnet for each letter; the same letter, the same zone."""

    def build(stack: Stack) -> None:
        group(stack, aws.ids(*subnets(stack, zones)))

    return build


def subnets(stack: Stack, zones: str) -> list[Made]:
    home = aws.vpc(stack)
    return [aws.subnet(stack, f"db-{place}", home, zone) for place, zone in enumerate(zones)]


def in_zone_ids(*zones: str) -> Build:
    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        made = [
            aws.unplaced(stack, f"db-{place}", home, availabilityZoneId=zone)
            for place, zone in enumerate(zones)
        ]
        group(stack, aws.ids(*made))

    return build


def native_group(*zones: str) -> Build:
    def build(stack: Stack) -> None:
        home = aws.native_vpc(stack)
        made = [
            aws.native_subnet(stack, f"db-{place}", home, availabilityZone=zone)
            for place, zone in enumerate(zones)
        ]
        given = {"subnetIds": [each.output("subnetId") for each in made]}
        aws.native(stack, "rds:DbSubnetGroup", "db", given, named_by="dbSubnetGroupArn")

    return build


def in_a_local_zone(stack: Stack) -> None:
    home = aws.vpc(stack)
    given = {"vpcId": home.id, "availabilityZone": "us-west-2-lax-1a"}
    group(stack, aws.ids(stack.add("aws:ec2/subnet:Subnet", "los-angeles", given)))


def on_an_outpost(stack: Stack) -> None:
    made = aws.subnet(stack, "rack", aws.vpc(stack), outpostArn="arn:aws:outposts:us-east-1:1:o/1")
    group(stack, aws.ids(made))


def foreign_beside_two_zones(stack: Stack) -> None:
    group(stack, [*aws.ids(*subnets(stack, "ab")), "subnet-0a"])


def component_in_three_zones(stack: Stack) -> None:
    group(stack, Output.all(*aws.ids(*subnets(stack, "abc"))))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("ab"), id="two zones"),
        pytest.param(in_zones("aab"), id="three subnets in two zones"),
        pytest.param(in_zone_ids("use1-az1", "use1-az2"), id="two zone ids"),
        pytest.param(native_group("us-east-1a", "us-east-1b"), id="aws-native"),
        in_a_local_zone,
        on_an_outpost,
        foreign_beside_two_zones,
        component_in_three_zones,
    ],
)
def test_a_group_in_two_zones_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"passes"}


def component_in_one_zone(stack: Stack) -> None:
    group(stack, Output.all(*aws.ids(*subnets(stack, "aa"))))


def in_a_zone_that_aws_chooses(stack: Stack) -> None:
    group(stack, aws.ids(aws.unplaced(stack, "db", aws.vpc(stack))))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("a"), id="one subnet"),
        pytest.param(in_zones("aaa"), id="three subnets in one zone"),
        pytest.param(in_zones(""), id="no subnet"),
        pytest.param(in_zone_ids("use1-az1"), id="one zone id"),
        pytest.param(native_group("us-east-1a", "us-east-1a"), id="aws-native"),
        component_in_one_zone,
        in_a_zone_that_aws_chooses,
    ],
)
def test_a_group_in_fewer_zones_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"rejects db"}


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(["subnet-0a", "subnet-0b"], id="foreign subnets"),
        pytest.param(["subnet-0a"], id="one foreign subnet, perhaps in a Local Zone"),
    ],
)
def test_of_subnets_that_are_looked_up_nothing_is_said(where: Any) -> None:
    stack = Stack()
    group(stack, where)
    assert verdicts(stack, ZONES) == {"passes"}


def test_subnets_that_the_stack_does_not_show_are_not_decided() -> None:
    stack = Stack()
    group(stack, UNKNOWN)
    assert verdicts(stack, ZONES) == {"cannot tell db"}


def two_zones_that_aws_chooses(stack: Stack) -> None:
    home = aws.vpc(stack)
    group(stack, aws.ids(*(aws.unplaced(stack, name, home) for name in ("one", "other"))))


def zone_from_elsewhere(stack: Stack) -> None:
    home = aws.vpc(stack)
    made = aws.unplaced(stack, "one", home, availabilityZone=UNKNOWN)
    group(stack, aws.ids(made, aws.subnet(stack, "other", home)))


def only_zone_from_elsewhere(stack: Stack) -> None:
    group(stack, aws.ids(aws.unplaced(stack, "one", aws.vpc(stack), availabilityZone=UNKNOWN)))


def name_beside_id(stack: Stack) -> None:
    """Which id us-east-1b has differs between accounts."""
    home = aws.vpc(stack)
    other = aws.unplaced(stack, "other", home, availabilityZoneId="use1-az2")
    group(stack, aws.ids(aws.subnet(stack, "one", home, "b"), other))


def some_of_a_component(stack: Stack) -> None:
    group(stack, Output.all(*aws.ids(*subnets(stack, "aab"))))


@pytest.mark.parametrize(
    "build",
    [
        two_zones_that_aws_chooses,
        zone_from_elsewhere,
        only_zone_from_elsewhere,
        name_beside_id,
        some_of_a_component,
    ],
)
def test_zones_that_are_known_later_only_are_not_decided_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, ZONES) == "cannot tell db"
    assert verdict(stack, ZONES, shows_inputs=False) == "cannot tell db"


@pytest.mark.parametrize("where", [None, {}, [None], [""], "subnet-0a", 3, [3], [{}]])
def test_malformed_groups_are_left_to_the_provider(where: Any) -> None:
    stack = Stack()
    group(stack, where)
    for said in verdicts(stack, ZONES):
        assert not said.startswith("rejects")


def message(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def test_the_message_names_the_zone_and_what_aws_answers() -> None:
    stack = Stack()
    in_zones("aa")(stack)
    text = message(stack, ZONES)
    assert "db covers only one zone:" in text
    assert "DB subnet group db -> subnet db-0 -> us-east-1a" in text
    assert "DB subnet group db -> subnet db-1 -> us-east-1a" in text
    assert "DBSubnetGroupDoesNotCoverEnoughAZs" in text
    assert "Current AZ coverage: us-east-1a." in text


# --- subnet-cidr ----------------------------------------------------------------------------------


def subnet(stack: Stack, name: str, home: Made | Output | str, cidr: Any, **inputs: Any) -> Made:
    given = {"cidrBlock": cidr, **inputs}
    given = {key: value for key, value in given.items() if value is not None}
    return aws.subnet(stack, name, home, **given)


def in_vpc(*cidrs: Any, of: str = "10.0.0.0/16", **inputs: Any) -> Build:
    """Subnets a, b, c... in one VPC."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack, cidr=of)
        for name, cidr in zip("abcdef", cidrs, strict=False):
            subnet(stack, name, home, cidr, **inputs)

    return build


def secondary(stack: Stack, home: Made, cidr: Any, **inputs: Any) -> None:
    given = {"vpcId": home.id, **({} if cidr is None else {"cidrBlock": cidr}), **inputs}
    stack.add("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "more", given)


def in_a_secondary_range(stack: Stack) -> None:
    home = aws.vpc(stack)
    secondary(stack, home, "100.64.0.0/16")
    subnet(stack, "a", home, "100.64.1.0/24")


def same_ranges_in_two_vpcs(stack: Stack) -> None:
    for name in ("east", "west"):
        subnet(stack, f"{name}-a", aws.vpc(stack, name), "10.0.1.0/24")


def same_ranges_in_two_foreign_vpcs(stack: Stack) -> None:
    for name in ("east", "west"):
        subnet(stack, f"{name}-a", f"vpc-{name}", "10.0.1.0/24")


def ipv6_only(stack: Stack) -> None:
    subnet(stack, "a", aws.vpc(stack), None, ipv6Native=True, ipv6CidrBlock="2001:db8::/64")


def default_subnet(stack: Stack) -> None:
    stack.add(
        "aws:ec2/defaultSubnet:DefaultSubnet",
        "a",
        {"availabilityZone": "us-east-1a"},
        computed={"cidrBlock": "172.31.0.0/20", "vpcId": "vpc-default"},
    )


def native_subnets(*cidrs: str, added: str | None = None) -> Build:
    def build(stack: Stack) -> None:
        home = aws.native_vpc(stack)
        if added:
            given = {"vpcId": home.output("vpcId"), "cidrBlock": added}
            aws.native(stack, "ec2:VpcCidrBlock", "more", given, named_by="awsId")
        for name, cidr in zip("abcdef", cidrs, strict=False):
            aws.native_subnet(stack, name, home, cidrBlock=cidr)

    return build


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_vpc("10.0.1.0/24", "10.0.2.0/24"), id="two apart"),
        pytest.param(in_vpc("10.0.0.0/17", "10.0.128.0/17"), id="two that fill the VPC"),
        pytest.param(in_vpc("10.0.0.0/16"), id="one as large as the VPC"),
        pytest.param(in_vpc("10.0.1.9/24", "10.0.2.0/24"), id="bits after the prefix"),
        pytest.param(
            in_vpc(None, None, ipv4IpamPoolId="ipam-pool-0a", ipv4NetmaskLength=24),
            id="ranges from IPAM",
        ),
        pytest.param(native_subnets("10.0.1.0/24", "10.0.2.0/24"), id="aws-native"),
        pytest.param(native_subnets("100.64.1.0/24", added="100.64.0.0/16"), id="native secondary"),
        in_a_secondary_range,
        same_ranges_in_two_vpcs,
        ipv6_only,
        default_subnet,
    ],
)
def test_subnets_inside_their_vpc_and_apart_pass(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, CIDR) == {"passes"}


def outside_of_all_ranges(stack: Stack) -> None:
    home = aws.vpc(stack)
    secondary(stack, home, "100.64.0.0/16")
    subnet(stack, "a", home, "10.1.1.0/24")


def in_the_range_of_the_other_vpc(stack: Stack) -> None:
    """The slip of a stack that was copied for its second region."""
    aws.vpc(stack, "east", "10.0.0.0/16")
    subnet(stack, "a", aws.vpc(stack, "west", "10.1.0.0/16"), "10.0.1.0/24")


def in_neither_of_two_vpcs(stack: Stack) -> None:
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    subnet(stack, "a", Output("vpc-east", vpcs), "10.9.1.0/24")


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_vpc("10.1.1.0/24"), id="outside"),
        pytest.param(in_vpc("10.0.0.0/16", of="10.0.0.0/17"), id="larger than the VPC"),
        pytest.param(native_subnets("10.1.1.0/24"), id="aws-native"),
        pytest.param(native_subnets("10.1.1.0/24", added="10.2.0.0/16"), id="native secondary"),
        outside_of_all_ranges,
        in_the_range_of_the_other_vpc,
        in_neither_of_two_vpcs,
    ],
)
def test_a_subnet_outside_its_vpc_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, CIDR) == {"rejects a"}


def test_a_subnet_that_no_vpc_can_hold_is_told_once() -> None:
    stack = Stack()
    in_vpc("10.0.0.0/15")(stack)
    assert findings(stack) == {("network-declaration", "a")}


def in_a_foreign_vpc(stack: Stack) -> None:
    for name in "ab":
        subnet(stack, name, "vpc-0a", "10.0.1.0/24")


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_vpc("10.0.1.0/24", "10.0.1.0/24"), id="equal"),
        pytest.param(in_vpc("10.0.0.0/20", "10.0.1.0/24"), id="the later one inside"),
        pytest.param(in_vpc("10.0.1.0/24", "10.0.0.0/20"), id="the earlier one inside"),
        pytest.param(in_vpc("10.0.1.0/24", "10.0.1.128/24"), id="bits after the prefix"),
        pytest.param(native_subnets("10.0.1.0/24", "10.0.1.0/25"), id="aws-native"),
        in_a_foreign_vpc,
    ],
)
def test_the_later_of_two_overlapping_subnets_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, CIDR) == {"rejects b"}


def test_two_subnets_outside_the_vpc_do_not_overlap_as_well() -> None:
    stack = Stack()
    in_vpc("10.1.1.0/24", "10.1.1.0/24")(stack)
    texts = [each.message for each in run(stack) if each.policy == CIDR]
    assert len(texts) == 2
    assert all("InvalidSubnet.Range" in text for text in texts)


def foreign_vpc(stack: Stack) -> None:
    subnet(stack, "a", "vpc-0a", "10.0.1.0/24")


def test_of_a_vpc_that_is_looked_up_nothing_is_said() -> None:
    stack = Stack()
    foreign_vpc(stack)
    assert verdicts(stack, CIDR) == {"passes"}


def test_a_vpc_that_the_stack_does_not_show_is_not_decided() -> None:
    stack = Stack()
    subnet(stack, "a", UNKNOWN, "10.0.1.0/24")
    assert verdicts(stack, CIDR) == {"cannot tell a"}


def vpc_from_ipam(stack: Stack) -> None:
    home = stack.add(
        "aws:ec2/vpc:Vpc",
        "main",
        {"ipv4IpamPoolId": "ipam-pool-0a", "ipv4NetmaskLength": 16},
        computed={"cidrBlock": "10.0.0.0/16"},
    )
    subnet(stack, "a", home, "10.0.1.0/24")


def default_vpc(stack: Stack) -> None:
    home = stack.add(
        "aws:ec2/defaultVpc:DefaultVpc", "main", {"tags": {}}, computed={"cidrBlock": "10.0.0.0/16"}
    )
    subnet(stack, "a", home, "10.0.1.0/24")


def secondary_from_ipam(stack: Stack) -> None:
    home = aws.vpc(stack, cidr="10.9.0.0/16")
    secondary(stack, home, None, ipv4IpamPoolId="ipam-pool-0a")
    subnet(stack, "a", home, "10.0.1.0/24")


def in_one_of_two_vpcs(stack: Stack) -> None:
    vpcs = (aws.vpc(stack, "east"), aws.vpc(stack, "west", "10.1.0.0/16"))
    subnet(stack, "a", Output("vpc-east", vpcs), "10.0.1.0/24")


def range_from_elsewhere(stack: Stack) -> None:
    subnet(stack, "a", aws.vpc(stack), UNKNOWN)


@pytest.mark.parametrize(
    "build",
    [vpc_from_ipam, default_vpc, secondary_from_ipam, in_one_of_two_vpcs, range_from_elsewhere],
)
def test_ranges_that_are_known_later_only_are_not_decided_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, CIDR) == "cannot tell a"
    assert verdict(stack, CIDR, shows_inputs=False) == "cannot tell a"


def test_a_range_inside_a_known_one_passes_whatever_ipam_adds() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    secondary(stack, home, None, ipv4IpamPoolId="ipam-pool-0a")
    subnet(stack, "a", home, "10.0.1.0/24")
    assert verdict(stack, CIDR) == "passes"


def test_equal_ranges_in_vpcs_that_may_be_one_are_not_decided() -> None:
    """Each subnet's VPC is one of two, and nothing tells which."""
    stack = Stack()
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    for name, place in (("a", "vpc-east"), ("b", "vpc-west")):
        subnet(stack, name, Output(place, vpcs), "10.0.1.0/24")
    assert verdict(stack, CIDR) == "cannot tell b"
    assert verdict(stack, CIDR, deployed=True) == "passes"


def test_a_subnet_of_one_of_two_vpcs_does_not_overlap_those_of_a_third() -> None:
    stack = Stack()
    subnet(stack, "a", aws.vpc(stack, "north"), "10.0.1.0/24")
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    subnet(stack, "b", Output("vpc-east", vpcs), "10.0.1.0/24")
    assert verdict(stack, CIDR) == "passes"


def test_equal_ranges_in_two_regions_are_in_two_vpcs() -> None:
    stack = Stack()
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    subnet(stack, "a", Output("vpc-east", vpcs), "10.0.1.0/24")
    with aws.region(stack, "us-west-2"):
        subnet(stack, "b", Output("vpc-west", vpcs), "10.0.1.0/24")
    assert verdict(stack, CIDR) == "passes"


def test_two_foreign_vpcs_may_have_equal_ranges() -> None:
    """Whether the ranges are inside those VPCs is another question."""
    stack = Stack()
    same_ranges_in_two_foreign_vpcs(stack)
    assert verdicts(stack, CIDR) == {"passes"}


@pytest.mark.parametrize("cidr", ["", "ten", "10.0.0.0/99", "2001:db8::/64", {}, [], 10])
def test_malformed_ranges_are_left_to_the_provider(cidr: Any) -> None:
    stack = Stack()
    in_vpc(cidr, cidr)(stack)
    for said in verdicts(stack, CIDR):
        assert not said.startswith("rejects")


@pytest.mark.parametrize("inputs", [{}, {"vpcId": None}, {"vpcId": {}}, {"cidrBlock": None}])
def test_malformed_subnets_are_left_to_the_provider(inputs: dict[str, Any]) -> None:
    stack = Stack()
    for name in "ab":
        stack.add("aws:ec2/subnet:Subnet", name, {"cidrBlock": "10.0.1.0/24", **inputs})
    for said in verdicts(stack, CIDR):
        assert not said.startswith("rejects")


def test_the_message_names_the_ranges_of_the_vpc() -> None:
    stack = Stack()
    outside_of_all_ranges(stack)
    text = message(stack, CIDR)
    assert "a has the range 10.1.1.0/24, which is in no range of its VPC:" in text
    assert "subnet a -> VPC main -> 10.0.0.0/16, 100.64.0.0/16" in text
    assert "InvalidSubnet.Range: The CIDR '10.1.1.0/24' is invalid." in text


def test_the_message_names_the_subnets_that_overlap() -> None:
    stack = Stack()
    in_vpc("10.0.0.0/20", "10.0.16.0/20", "10.0.1.0/24")(stack)
    text = message(stack, CIDR)
    assert "c has the range 10.0.1.0/24, which overlaps another subnet of its VPC:" in text
    assert "subnet c -> 10.0.1.0/24 -> 10.0.0.0/20 of subnet a" in text
    assert "subnet b" not in text
    assert "InvalidSubnet.Conflict: The CIDR '10.0.1.0/24' conflicts with another subnet." in text


def test_one_defect_is_one_finding_and_good_neighbours_give_none() -> None:
    stack = Stack()
    in_vpc("10.0.1.0/24", "10.0.1.0/24", "10.0.3.0/24")(stack)
    assert findings(stack) == {(CIDR, "b")}
    stack = Stack()
    in_zones("a")(stack)
    assert findings(stack) == {(ZONES, "db")}
    stack = Stack()
    home = aws.vpc(stack)
    made = [subnet(stack, name, home, f"10.0.{n}.0/24", zone=name) for n, name in enumerate("ab")]
    group(stack, aws.ids(*made))
    assert run(stack) == []
