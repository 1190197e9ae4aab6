"""nat-gateway-public-subnet, for zonal, regional and private NAT gateways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "nat-gateway-public-subnet"
Build = Callable[[Stack], None]


def public_subnet(stack: Stack, name: str = "main") -> Made:
    """In a VPC with a gateway, and a route to it in the subnet's own table."""
    home = aws.vpc(stack, name)
    table = aws.table(stack, f"{name}-public", home)
    aws.route(stack, f"{name}-out", table, gatewayId=aws.gateway(stack, f"{name}-igw", home).id)
    subnet = aws.subnet(stack, f"{name}-subnet", home)
    aws.associate(stack, f"{name}-table", subnet, table)
    return subnet


def isolated_subnet(stack: Stack, name: str = "main") -> Made:
    return aws.subnet(stack, f"{name}-subnet", aws.vpc(stack, name))


def private_subnet(stack: Stack) -> Made:
    """Beside a gateway, with a table that does not lead to it."""
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, aws.table(stack, "app", home, []))
    return subnet


def nat_in(place: Callable[[Stack], Made], **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        aws.nat(stack, "nat", place(stack), **inputs)

    return build


def regional(place: Callable[[Stack], Made | Output | str], **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        home = place(stack)
        vpc_id = home.id if isinstance(home, Made) else home
        given = {"availabilityMode": "regional", "vpcId": vpc_id, **inputs}
        aws.nat(stack, "nat", None, **given)

    return build


def vpc_with_gateway(stack: Stack) -> Made:
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    return home


def vpc_with_attachment(stack: Stack) -> Made:
    home = aws.vpc(stack)
    aws.attachment(stack, "attached", aws.gateway(stack, "igw", None), home)
    return home


def vpc_of_a_literal_gateway(stack: Stack) -> Made:
    """Somebody else attached it: AWS takes no route to one that is not."""
    home = aws.vpc(stack)
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId="igw-0a")
    return home


def default_vpc(stack: Stack) -> Made:
    return stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {"tags": {}})


def subnet_of_the_default_vpc(stack: Stack) -> Made:
    return aws.subnet(stack, "app", default_vpc(stack))


def native(stack: Stack, *, attached: bool, **inputs: Any) -> None:
    """A VPC of aws-native, with or without a gateway that its main table leads to."""
    home = aws.native_vpc(stack)
    vpc_id = home.output("vpcId")
    subnet = aws.native_subnet(stack, "app", home)
    table = aws.native(stack, "ec2:RouteTable", "out", {"vpcId": vpc_id}, named_by="routeTableId")
    table_id = table.output("routeTableId")
    stack.add(
        "aws-native:ec2:SubnetRouteTableAssociation",
        "app-out",
        {"subnetId": subnet.output("subnetId"), "routeTableId": table_id},
    )
    if attached:
        gateway = aws.native(
            stack, "ec2:InternetGateway", "igw", {"tags": []}, named_by="internetGatewayId"
        ).output("internetGatewayId")
        stack.add(
            "aws-native:ec2:VpcGatewayAttachment",
            "attached",
            {"vpcId": vpc_id, "internetGatewayId": gateway},
        )
        stack.add(
            "aws-native:ec2:Route",
            "out",
            {
                "routeTableId": table_id,
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": gateway,
            },
        )
    given = inputs or {"subnetId": subnet.output("subnetId"), "connectivityType": "public"}
    if "availabilityMode" in given:
        given["vpcId"] = vpc_id
    aws.native(stack, "ec2:NatGateway", "nat", given, named_by="natGatewayId")


def component(stack: Stack) -> None:
    """The first of several subnet ids that come out of one apply; all lead out."""
    subnets = Output.all(public_subnet(stack, "east").id, public_subnet(stack, "west").id)
    aws.nat(stack, "nat", subnets.element(0))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(nat_in(public_subnet), id="zonal in a public subnet"),
        pytest.param(nat_in(public_subnet, availabilityMode="zonal"), id="zonal by word"),
        pytest.param(nat_in(public_subnet, connectivityType=None), id="public by default"),
        pytest.param(nat_in(subnet_of_the_default_vpc), id="default VPC"),
        pytest.param(nat_in(isolated_subnet, connectivityType="private"), id="private NAT"),
        pytest.param(nat_in(private_subnet, connectivityType="private"), id="private, no route"),
        pytest.param(nat_in(public_subnet, connectivityType=UNKNOWN), id="fine either way"),
        pytest.param(regional(vpc_with_gateway), id="regional without any subnet"),
        pytest.param(regional(vpc_with_attachment), id="regional, gateway attached apart"),
        pytest.param(regional(vpc_of_a_literal_gateway), id="regional, a gateway of others"),
        pytest.param(regional(default_vpc), id="regional in the default VPC"),
        pytest.param(lambda stack: native(stack, attached=True), id="aws-native"),
        pytest.param(
            lambda stack: native(stack, attached=True, availabilityMode="regional"),
            id="aws-native regional",
        ),
        pytest.param(
            lambda stack: native(stack, attached=False, connectivityType="private"),
            id="aws-native private",
        ),
        component,
    ],
)
def test_a_nat_gateway_that_can_reach_the_internet_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"passes"}


def ipv6_only(stack: Stack) -> Made:
    """A table that leads out for IPv6 alone is no use to a NAT gateway."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    routes = [{"ipv6CidrBlock": "::/0", "gatewayId": igw.id}]
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, aws.table(stack, "app", home, routes))
    return subnet


def behind_another_nat(stack: Stack) -> Made:
    """The slip that looks complete: the NAT gateway stands in the tier that it serves."""
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    other = aws.nat(stack, "other", None, connectivityType="private")
    routes = [{"cidrBlock": "0.0.0.0/0", "natGatewayId": other.id}]
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, aws.table(stack, "app", home, routes))
    return subnet


def leaving_by_transit_gateway(stack: Stack) -> Made:
    """The VPC has no gateway, so AWS fails the NAT gateway wherever the table leads."""
    home = aws.vpc(stack)
    routes = [{"cidrBlock": "0.0.0.0/0", "transitGatewayId": "tgw-0a"}]
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, aws.table(stack, "app", home, routes))
    return subnet


def either_of_two_isolated(stack: Stack) -> None:
    subnets = tuple(isolated_subnet(stack, name) for name in ("east", "west"))
    aws.nat(stack, "nat", Output(subnets[0].outputs["id"], subnets))


def regional_in_either_of_two(stack: Stack) -> None:
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    regional(lambda _: Output(vpcs[0].outputs["id"], vpcs))(stack)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(nat_in(isolated_subnet), id="VPC without a gateway"),
        pytest.param(nat_in(private_subnet), id="no route beside a gateway"),
        pytest.param(nat_in(private_subnet, connectivityType=None), id="public by default"),
        pytest.param(nat_in(private_subnet, connectivityType=""), id="empty text is unset"),
        pytest.param(nat_in(ipv6_only), id="IPv6 route only"),
        pytest.param(nat_in(behind_another_nat), id="behind another NAT gateway"),
        pytest.param(nat_in(leaving_by_transit_gateway), id="transit gateway, no gateway"),
        pytest.param(regional(aws.vpc), id="regional, VPC without a gateway"),
        pytest.param(lambda stack: native(stack, attached=False), id="aws-native"),
        pytest.param(
            lambda stack: native(stack, attached=False, availabilityMode="regional"),
            id="aws-native regional",
        ),
        either_of_two_isolated,
        regional_in_either_of_two,
    ],
)
def test_a_public_nat_gateway_without_a_way_out_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {"rejects nat"}


def behind_a_firewall(stack: Stack) -> Made:
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    routes = [{"cidrBlock": "0.0.0.0/0", "vpcEndpointId": "vpce-0a"}]
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, aws.table(stack, "app", home, routes))
    return subnet


def on_an_outpost(stack: Stack) -> Made:
    return aws.subnet(stack, "rack", aws.vpc(stack), outpostArn="arn:aws:outposts:us-east-1:1:o/1")


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(nat_in(behind_a_firewall), id="firewall endpoint"),
        pytest.param(nat_in(on_an_outpost), id="Outpost"),
        pytest.param(lambda stack: void(aws.nat(stack, "nat", "subnet-0a")), id="foreign subnet"),
        pytest.param(lambda stack: void(aws.nat(stack, "nat", UNKNOWN)), id="unknown subnet"),
        pytest.param(nat_in(lambda stack: aws.subnet(stack, "app", "vpc-0a")), id="foreign VPC"),
        pytest.param(regional(lambda _: "vpc-0a"), id="regional in a foreign VPC"),
        pytest.param(regional(lambda _: UNKNOWN), id="regional in an unknown VPC"),
    ],
)
def test_what_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"cannot tell nat"}


def void(_: object) -> None:
    """Builders return nothing."""


def either_of_two(stack: Stack) -> None:
    subnets = (isolated_subnet(stack, "east"), public_subnet(stack, "west"))
    aws.nat(stack, "nat", Output(subnets[1].outputs["id"], subnets))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(nat_in(isolated_subnet, connectivityType=UNKNOWN), id="connectivity"),
        pytest.param(nat_in(isolated_subnet, availabilityMode=UNKNOWN), id="mode"),
        either_of_two,
    ],
)
def test_what_is_known_later_only_is_not_decided_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == "cannot tell nat"
    assert verdict(stack, POLICY, shows_inputs=False) == "cannot tell nat"


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"subnetId": None, "vpcId": None},
        {"subnetId": {}, "connectivityType": []},
        {"subnetId": 1, "availabilityMode": 2},
        {"availabilityMode": "regional"},
        {"availabilityMode": "regional", "vpcId": []},
    ],
)
def test_malformed_properties_are_left_to_the_provider(inputs: dict[str, Any]) -> None:
    stack = Stack()
    stack.add("aws:ec2/natGateway:NatGateway", "nat", inputs)
    for said in verdicts(stack, POLICY):
        assert not said.startswith("rejects")


def test_subnets_that_the_platform_team_vouches_for_count_as_public() -> None:
    stack = Stack()
    aws.nat(stack, "nat", "subnet-0a")
    config = {POLICY: {"knownPublicIds": ["subnet-0a"]}}
    assert verdict(stack, POLICY, config=config) == "passes"


def message(build: Build) -> str:
    stack = Stack()
    build(stack)
    return next(each.message for each in run(stack) if each.policy == POLICY)


def test_the_message_tells_a_missing_gateway_from_a_missing_route() -> None:
    missing_gateway = message(nat_in(isolated_subnet))
    assert "NAT gateway nat is public, and its subnet does not lead to an internet" in (
        missing_gateway
    )
    assert (
        "NAT gateway nat -> subnet main-subnet -> main route table of VPC main -> "
        "no IPv4 route to an internet gateway -> VPC main has no internet gateway"
    ) in missing_gateway
    assert "Gateway.NotAttached" in missing_gateway
    missing_route = message(nat_in(private_subnet))
    assert "NAT gateway nat -> subnet app -> route table app -> no IPv4 route" in missing_route
    assert "Gateway.NotAttached" not in missing_route
    assert "inside an apply" in missing_route


def test_one_of_two_candidates_without_a_gateway_is_enough_for_the_harder_message() -> None:
    stack = Stack()
    candidates = (isolated_subnet(stack, "east"), private_subnet(stack))
    aws.nat(stack, "nat", Output("subnet-app", candidates))
    text = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "Gateway.NotAttached" in text


def test_the_message_about_a_regional_one_names_the_vpc() -> None:
    text = message(regional(aws.vpc))
    assert "nat is a regional NAT gateway, and its VPC has no internet gateway:" in text
    assert "NAT gateway nat -> VPC main -> no internet gateway attached" in text
    assert "Gateway.NotAttached" in text


def test_one_defect_is_one_finding() -> None:
    stack = Stack()
    nat_in(private_subnet)(stack)
    *others, nat = stack.resources
    nat.depends_on = tuple(others)
    assert findings(stack) == {(POLICY, "nat")}
