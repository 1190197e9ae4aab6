"""vpc-local-references of routes, of their own and inside tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "vpc-local-references"
VPN = "aws:ec2/vpnGateway:VpnGateway"
VPN_ATTACHMENT = "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
MakeGateway = Callable[[Stack, Made], dict[str, Any]]
"""Makes a gateway in a VPC, and gives the target of a route to it."""


def internet(stack: Stack, home: Made) -> dict[str, Any]:
    return {"gatewayId": aws.gateway(stack, "gateway", home).id}


def attached(stack: Stack, home: Made) -> dict[str, Any]:
    gateway = aws.gateway(stack, "gateway", None)
    aws.attachment(stack, "attachment", gateway, home)
    return {"gatewayId": gateway.id}


def vpn(stack: Stack, home: Made) -> dict[str, Any]:
    return {"gatewayId": stack.add(VPN, "vpn", {"vpcId": home.id}).id}


def attached_vpn(stack: Stack, home: Made) -> dict[str, Any]:
    gateway = stack.add(VPN, "vpn", {})
    stack.add(VPN_ATTACHMENT, "attachment", {"vpnGatewayId": gateway.id, "vpcId": home.id})
    return {"gatewayId": gateway.id}


def nat(stack: Stack, home: Made) -> dict[str, Any]:
    return {"natGatewayId": aws.nat(stack, "nat", aws.subnet(stack, "public", home)).id}


def appliance(stack: Stack, home: Made) -> dict[str, Any]:
    inputs = {"subnetId": aws.subnet(stack, "appliances", home).id}
    return {"networkInterfaceId": stack.add(INTERFACE, "appliance", inputs).id}


def nat_instance(stack: Stack, home: Made) -> dict[str, Any]:
    inputs = {"subnetId": aws.subnet(stack, "appliances", home).id, "sourceDestCheck": False}
    computed = {"primaryNetworkInterfaceId": "eni-0a1b2c3d"}
    made = stack.add("aws:ec2/instance:Instance", "nat", inputs, computed=computed)
    return {"networkInterfaceId": made.output("primaryNetworkInterfaceId")}


def of_its_own(stack: Stack, home: Made, target: dict[str, Any]) -> None:
    aws.route(stack, "it", aws.table(stack, "table", home), **target)


def of_the_main_table(stack: Stack, home: Made, target: dict[str, Any]) -> None:
    aws.route(stack, "it", home.output("mainRouteTableId"), **target)


def inside_a_table(stack: Stack, home: Made, target: dict[str, Any]) -> None:
    aws.table(stack, "it", home, [{"cidrBlock": "0.0.0.0/0", **target}])


def inside_a_default_table(stack: Stack, home: Made, target: dict[str, Any]) -> None:
    kind = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    routes = [{"cidrBlock": "0.0.0.0/0", **target}]
    stack.add(
        kind, "it", {"defaultRouteTableId": home.output("defaultRouteTableId"), "routes": routes}
    )


Write = Callable[[Stack, Made, dict[str, Any]], None]
everywhere = pytest.mark.parametrize(
    "write", [of_its_own, of_the_main_table, inside_a_table, inside_a_default_table]
)
gateways = pytest.mark.parametrize(
    "gateway", [internet, attached, vpn, attached_vpn, nat, appliance, nat_instance]
)


def two_homes() -> tuple[Stack, Made, Made]:
    stack = Stack()
    return stack, aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")


@everywhere
@gateways
def test_a_route_to_a_gateway_of_another_vpc_is_rejected(
    write: Write, gateway: MakeGateway
) -> None:
    stack, blue, green = two_homes()
    write(stack, blue, gateway(stack, green))
    assert verdicts(stack, POLICY) == {"rejects it"}


@everywhere
@gateways
def test_a_route_to_a_gateway_of_its_own_vpc_passes(write: Write, gateway: MakeGateway) -> None:
    stack, blue, _ = two_homes()
    write(stack, blue, gateway(stack, blue))
    assert verdicts(stack, POLICY) == {"passes"}


@everywhere
@pytest.mark.parametrize("name", ["gatewayId", "natGatewayId", "networkInterfaceId"])
@pytest.mark.parametrize("value", [UNKNOWN, "local", "igw-1", "", None, 7, [None]])
def test_a_gateway_that_the_stack_does_not_show_passes(write: Write, name: str, value: Any) -> None:
    stack, blue, _ = two_homes()
    write(stack, blue, {name: value})
    assert verdict(stack, POLICY) == "passes"


def test_one_of_several_tables_of_one_vpc_is_of_that() -> None:
    for second, expected in (("blue", "rejects it"), ("green", "passes")):
        stack, blue, green = two_homes()
        homes = {"blue": blue, "green": green}
        tables = [aws.table(stack, "a", blue).id, aws.table(stack, "b", homes[second]).id]
        aws.route(stack, "it", Output.all(*tables).element(0), **internet(stack, green))
        assert verdict(stack, POLICY) == expected


@everywhere
def test_a_gateway_that_may_be_another_one_passes(write: Write) -> None:
    stack, blue, green = two_homes()
    made = [aws.gateway(stack, vpc.name, vpc).id for vpc in (blue, green)]
    write(stack, blue, {"gatewayId": Output.all(*made).element(0)})
    assert verdict(stack, POLICY) == "passes"


@everywhere
def test_one_of_several_gateways_of_other_vpcs_is_rejected(write: Write) -> None:
    stack, blue, green = two_homes()
    red = aws.vpc(stack, "red", "10.2.0.0/16")
    made = [aws.gateway(stack, vpc.name, vpc).id for vpc in (red, green)]
    write(stack, blue, {"gatewayId": Output.all(*made).element(0)})
    assert verdict(stack, POLICY) == "rejects it"


@everywhere
def test_a_gateway_of_an_unknown_vpc_or_of_none_passes(write: Write) -> None:
    for said in ({"vpcId": UNKNOWN}, {}):
        stack, blue, _ = two_homes()
        gateway = stack.add("aws:ec2/internetGateway:InternetGateway", "gateway", said)
        write(stack, blue, {"gatewayId": gateway.id})
        assert verdict(stack, POLICY) == "passes"


def test_a_copy_of_the_routes_in_the_state_is_no_new_route() -> None:
    """After a refresh, a table shows the routes that are resources of their own."""
    stack, blue, _ = two_homes()
    target = internet(stack, blue)
    table = aws.table(stack, "table", blue)
    table.outputs["routes"] = [{"cidrBlock": "0.0.0.0/0", **target}]
    aws.route(stack, "it", table, **target)
    assert verdicts(stack, POLICY) == {"passes"}


@everywhere
def test_the_message_leads_to_the_gateway_and_its_vpc(write: Write) -> None:
    stack, blue, green = two_homes()
    write(stack, blue, internet(stack, green))
    (said,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "it -> gatewayId -> internet gateway gateway -> in VPC green" in said
    assert "network gateway igw-... belong to different networks." in said
