"""The corners of "does this subnet lead to an internet gateway?": literals, and what is unclear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import verdict, verdicts

POLICY = "alb-public-subnets"
Build = Callable[[Stack, Made, Made], Any]


def network(stack: Stack, build: Build, **balancer: Any) -> None:
    """A VPC with a gateway and an ALB in two subnets, whose table `build` makes."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    table = build(stack, home, igw)
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    for each in subnets:
        if table is not None:
            aws.associate(stack, f"{each.name}-table", each, table)
    aws.balancer(stack, "alb", aws.ids(*subnets), **balancer)


def one_route(**route: Any) -> Build:
    """A table with one inline route."""

    def build(stack: Stack, home: Made, igw: Made) -> Made:
        return aws.table(stack, "table", home, [{"cidrBlock": "0.0.0.0/0", **route}])

    return build


def blank_targets(stack: Stack, home: Made, igw: Made) -> Made:
    """After a deployment the provider writes "" for every target that a route does not have."""
    blank = dict.fromkeys(("natGatewayId", "vpcEndpointId", "networkInterfaceId"), "")
    return aws.table(
        stack, "table", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id, **blank}]
    )


def narrow_endpoint_beside_gateway(stack: Stack, home: Made, igw: Made) -> Made:
    return aws.table(
        stack,
        "table",
        home,
        [
            {"cidrBlock": "10.9.0.0/16", "vpcEndpointId": "vpce-1"},
            {"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id},
        ],
    )


def two_gateways_in_two_blocks(stack: Stack, home: Made, igw: Made) -> Made:
    """Both are used, whichever block takes which."""
    vpn = stack.add("aws:ec2/vpnGateway:VpnGateway", "vpn", {"vpcId": home.id})
    return aws.table(
        stack,
        "table",
        home,
        [
            {"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id},
            {"cidrBlock": "172.16.0.0/12", "gatewayId": vpn.id},
        ],
    )


def one_route_in_each_of_two_tables(stack: Stack, home: Made, igw: Made) -> None:
    """Tables out of a list: a table takes a destination once, so each has one of the routes."""
    tables = [aws.table(stack, f"table-{number}", home) for number in range(2)]
    listed = Output.all(*aws.ids(*tables))
    for number in range(2):
        aws.route(stack, f"route-{number}", listed.element(number), gatewayId=igw.id)
    stack.add(
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "main",
        {"vpcId": home.id, "routeTableId": tables[0].id},
    )


def prefix_list(stack: Stack, home: Made, igw: Made) -> Made:
    return aws.table(
        stack, "table", home, [{"destinationPrefixListId": "pl-1", "gatewayId": igw.id}]
    )


def narrow_route_to_the_gateway(stack: Stack, home: Made, igw: Made) -> Made:
    return aws.table(stack, "table", home, [{"cidrBlock": "203.0.113.0/24", "gatewayId": igw.id}])


def edge_association_beside(stack: Stack, home: Made, igw: Made) -> Made:
    edge = aws.table(stack, "edge", home, [])
    stack.add(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "edge",
        {"gatewayId": igw.id, "routeTableId": edge.id},
    )
    return aws.table(stack, "table", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}])


@pytest.mark.parametrize(
    "build",
    [
        one_route(gatewayId="igw-0a"),
        blank_targets,
        narrow_endpoint_beside_gateway,
        two_gateways_in_two_blocks,
        one_route_in_each_of_two_tables,
        prefix_list,
        narrow_route_to_the_gateway,
        edge_association_beside,
    ],
)
def test_it_passes(build: Build) -> None:
    stack = Stack()
    network(stack, build)
    assert verdicts(stack, POLICY) == {"passes"}


def table_of_no_vpc_gateway(stack: Stack, home: Made, igw: Made) -> Made:
    """The gateway of the route is attached to nothing."""
    loose = aws.gateway(stack, "loose", None)
    return aws.table(stack, "table", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": loose.id}])


def main_association_with_a_private_table(stack: Stack, home: Made, igw: Made) -> None:
    """The VPC's own table is public, and no longer the main one."""
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=igw.id)
    private = aws.table(stack, "private", home, [])
    stack.add(
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "main",
        {"vpcId": home.id, "routeTableId": private.id},
    )


@pytest.mark.parametrize(
    "build",
    [
        one_route(gatewayId="local"),
        one_route(gatewayId="vgw-0a"),
        one_route(vpcPeeringConnectionId="pcx-0a"),
        one_route(natGatewayId="nat-0a"),
        one_route(cidrBlock="10.9.0.0/16", vpcEndpointId="vpce-0a"),
        one_route(cidrBlock="10.9.0.0/16", transitGatewayId="tgw-0a"),
        table_of_no_vpc_gateway,
        main_association_with_a_private_table,
    ],
)
def test_it_is_rejected(build: Build) -> None:
    stack = Stack()
    network(stack, build)
    assert verdicts(stack, POLICY) == {"rejects alb"}


@pytest.mark.parametrize(
    "target",
    [
        "vpcEndpointId",
        "networkInterfaceId",
        "instanceId",
        "transitGatewayId",
        "coreNetworkArn",
        "localGatewayId",
        "carrierGatewayId",
    ],
)
def test_a_default_route_to_what_may_forward_is_not_decided(target: str) -> None:
    stack = Stack()
    network(stack, one_route(**{target: "x-0a"}))
    assert verdicts(stack, POLICY) == {"cannot tell alb"}


def test_without_a_gateway_on_the_vpc_even_a_forwarder_leads_nowhere() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    table = aws.table(stack, "table", home, [{"cidrBlock": "0.0.0.0/0", "vpcEndpointId": "vpce-1"}])
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, table)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdicts(stack, POLICY) == {"rejects alb"}


def unknown_gateway(stack: Stack, home: Made, igw: Made) -> Made:
    return aws.table(stack, "table", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}])


def unknown_routes(stack: Stack, home: Made, igw: Made) -> Made:
    return stack.add(
        "aws:ec2/routeTable:RouteTable", "table", {"vpcId": home.id, "routes": UNKNOWN}
    )


def route_of_an_unknown_table(stack: Stack, home: Made, igw: Made) -> Made:
    aws.route(stack, "default", UNKNOWN, gatewayId=igw.id)
    return aws.table(stack, "table", home, [])


def one_route_for_one_of_two_tables(stack: Stack, home: Made, igw: Made) -> Made:
    tables = [aws.table(stack, f"table-{number}", home) for number in range(2)]
    aws.route(stack, "route", Output.all(*aws.ids(*tables)).element(0), gatewayId=igw.id)
    return tables[1]


def association_of_an_unknown_subnet(stack: Stack, home: Made, igw: Made) -> None:
    public = aws.table(stack, "public", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}])
    aws.associate(stack, "association", UNKNOWN, public)


def main_association_of_an_unknown_vpc(stack: Stack, home: Made, igw: Made) -> None:
    public = aws.table(stack, "public", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}])
    stack.add(
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "main",
        {"vpcId": UNKNOWN, "routeTableId": public.id},
    )


@pytest.mark.parametrize(
    "build",
    [
        unknown_gateway,
        unknown_routes,
        route_of_an_unknown_table,
        one_route_for_one_of_two_tables,
        association_of_an_unknown_subnet,
        main_association_of_an_unknown_vpc,
    ],
)
def test_what_a_first_preview_leaves_open_is_not_decided(build: Build) -> None:
    stack = Stack()
    network(stack, build)
    for shows_inputs in (True, False):
        assert verdict(stack, POLICY, shows_inputs=shows_inputs) == "cannot tell alb"


def gateway_with_an_unknown_vpc(stack: Stack, home: Made) -> None:
    stack.add("aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": UNKNOWN})


def attachment_of_an_unknown_gateway(stack: Stack, home: Made) -> None:
    stack.add(
        "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
        "attached",
        {"internetGatewayId": UNKNOWN, "vpcId": home.id},
    )
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=UNKNOWN)


@pytest.mark.parametrize("attach", [gateway_with_an_unknown_vpc, attachment_of_an_unknown_gateway])
def test_a_gateway_that_may_be_the_vpcs_is_not_called_missing(
    attach: Callable[[Stack, Made], None],
) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    attach(stack, home)
    igw = next((each for each in stack.resources if each.name == "igw"), None)
    if igw is not None:
        aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=igw.id)
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, POLICY) == "cannot tell alb"


def test_a_stray_route_to_the_gateway_of_another_vpc_raises_no_doubt() -> None:
    stack = Stack()
    other = aws.vpc(stack, "other", "10.9.0.0/16")
    aws.route(stack, "stray", UNKNOWN, gatewayId=aws.gateway(stack, "other-igw", other).id)
    network(stack, lambda stack, home, igw: aws.table(stack, "table", home, []))
    assert verdict(stack, POLICY) == "rejects alb"


@pytest.mark.parametrize(
    ("property_name", "value", "expected"),
    [
        ("internal", True, "passes"),
        ("internal", "true", "passes"),
        ("internal", UNKNOWN, "cannot tell alb"),
        ("internal", None, "rejects alb"),
        ("loadBalancerType", "network", "passes"),
        ("loadBalancerType", "gateway", "passes"),
        ("loadBalancerType", UNKNOWN, "cannot tell alb"),
        ("ipAddressType", "dualstack", "rejects alb"),
        ("ipAddressType", UNKNOWN, "rejects alb"),
        ("subnets", [], "cannot tell alb"),
        ("subnets", "subnet-0a", "cannot tell alb"),
        ("subnets", {}, "cannot tell alb"),
    ],
)
def test_what_the_load_balancer_says_of_itself(
    property_name: str, value: Any, expected: str
) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    given: dict[str, Any] = {"subnets": aws.ids(*subnets), property_name: value}
    aws.balancer(stack, "alb", given.pop("subnets"), **given)
    assert verdict(stack, POLICY) == expected


def test_a_dual_stack_load_balancer_has_clients_of_either_family() -> None:
    for cidr, destination, expected in (
        ("cidrBlock", "0.0.0.0/0", "passes"),
        ("ipv6CidrBlock", "::/0", "rejects alb"),
    ):
        stack = Stack()
        network(
            stack,
            lambda stack, home, igw, cidr=cidr, to=destination: aws.table(  # type: ignore[misc]
                stack, "table", home, [{cidr: to, "gatewayId": igw.id}]
            ),
            ipAddressType="dualstack",
        )
        assert verdicts(stack, POLICY) == {expected}


def test_an_outpost_subnet_is_not_decided() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone, outpostArn="arn") for zone in "ab"]
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdicts(stack, POLICY) == {"cannot tell alb"}
