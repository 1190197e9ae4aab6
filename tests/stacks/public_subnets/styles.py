"""Styles of public subnets as real programs write them, each with the verdict it must get.

Every style makes a network of its own with a load balancer that has the style's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

PASSES = "passes"
REJECTED = "rejected"
CANNOT_TELL = "cannot tell"
ZONES = ("us-east-1a", "us-east-1b")


@dataclass(frozen=True)
class Names:
    """Names of one style's resources."""

    style: str

    def __call__(self, what: str) -> str:
        return f"{self.style}-{what}"


@dataclass(frozen=True)
class Style:
    """`verdict` is that of a first preview, `afterwards` that on what exists."""

    name: str
    verdict: str
    afterwards: str
    build: Callable[[Names], None]


ALL: list[Style] = []


def style(
    verdict: str, afterwards: str | None = None
) -> Callable[[Callable[[Names], None]], Callable[[Names], None]]:
    """Doubts are about what is new; all else is said of what exists too, without `afterwards`."""
    later = afterwards or (PASSES if verdict == CANNOT_TELL else verdict)

    def add(build: Callable[[Names], None]) -> Callable[[Names], None]:
        ALL.append(Style(build.__name__.replace("_", "-"), verdict, later, build))
        return build

    return add


def make_vpc(names: Names, **extra: Any) -> aws.ec2.Vpc:
    return aws.ec2.Vpc(names("vpc"), cidr_block="10.0.0.0/16", **extra)


def make_gateway(names: Names, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway:
    return aws.ec2.InternetGateway(names("igw"), vpc_id=vpc.id)


def make_subnets(names: Names, vpc_id: pulumi.Input[str]) -> list[aws.ec2.Subnet]:
    return [
        aws.ec2.Subnet(
            names(f"subnet-{zone[-1]}"),
            vpc_id=vpc_id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=zone,
        )
        for number, zone in enumerate(ZONES)
    ]


def associate(
    names: Names, subnets: list[aws.ec2.Subnet], table_id: pulumi.Input[str]
) -> list[aws.ec2.RouteTableAssociation]:
    return [
        aws.ec2.RouteTableAssociation(
            names(f"association-{number}"), subnet_id=subnet.id, route_table_id=table_id
        )
        for number, subnet in enumerate(subnets)
    ]


def make_balancer(names: Names, subnets: Any, **extra: Any) -> None:
    aws.lb.LoadBalancer(names.style, subnets=subnets, load_balancer_type="application", **extra)


def ids(subnets: list[aws.ec2.Subnet]) -> list[pulumi.Input[str]]:
    return [subnet.id for subnet in subnets]


# --- public -------------------------------------------------------------------------------------


@style(PASSES)
def inline_routes(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def route_resource(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(names("table"), vpc_id=vpc.id)
    aws.ec2.Route(
        names("route"),
        route_table_id=table.id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=igw.id,
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def main_table_association(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    aws.ec2.MainRouteTableAssociation(names("main"), vpc_id=vpc.id, route_table_id=table.id)
    make_balancer(names, ids(make_subnets(names, vpc.id)))


@style(PASSES)
def adopted_default_table(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    aws.ec2.DefaultRouteTable(
        names("default"),
        default_route_table_id=vpc.default_route_table_id,
        routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
    )
    make_balancer(names, ids(make_subnets(names, vpc.id)))


@style(PASSES)
def route_on_the_main_table(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    aws.ec2.Route(
        names("route"),
        route_table_id=vpc.main_route_table_id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=igw.id,
    )
    make_balancer(names, ids(make_subnets(names, vpc.id)))


@style(PASSES)
def association_with_the_main_table(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    aws.ec2.Route(
        names("route"),
        route_table_id=vpc.default_route_table_id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=igw.id,
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, vpc.main_route_table_id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def gateway_attachment(names: Names) -> None:
    vpc = make_vpc(names)
    igw = aws.ec2.InternetGateway(names("igw"))
    attachment = aws.ec2.InternetGatewayAttachment(
        names("attachment"), internet_gateway_id=igw.id, vpc_id=vpc.id
    )
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=vpc.id,
        routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": attachment.internet_gateway_id}],
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def subnet_mappings(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    aws.lb.LoadBalancer(names.style, subnet_mappings=[{"subnet_id": each.id} for each in subnets])


@style(PASSES)
def alb_token(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    aws.alb.LoadBalancer(names.style, subnets=ids(subnets))


@style(PASSES)
def split_default_route(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=vpc.id,
        routes=[
            {"cidr_block": "0.0.0.0/1", "gateway_id": igw.id},
            {"cidr_block": "128.0.0.0/1", "gateway_id": igw.id},
        ],
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def ipv6_only(names: Names) -> None:
    vpc = make_vpc(names, assign_generated_ipv6_cidr_block=True)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"ipv6_cidr_block": "::/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets), ip_address_type="dualstack-without-public-ipv4")


@style(PASSES)
def gateway_among_other_targets(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    vpn = aws.ec2.VpnGateway(names("vpn"), vpc_id=vpc.id)
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=vpc.id,
        routes=[
            {"cidr_block": "0.0.0.0/0", "gateway_id": igw.id},
            {"cidr_block": "172.16.0.0/12", "gateway_id": vpn.id},
        ],
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


class Network(pulumi.ComponentResource):
    """Passes lists of ids through its outputs, as most in-house components do."""

    def __init__(self, name: str) -> None:
        super().__init__("styles:index:Network", name)
        child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=child)
        igw = aws.ec2.InternetGateway(f"{name}-igw", vpc_id=vpc.id, opts=child)
        table = aws.ec2.RouteTable(f"{name}-table", vpc_id=vpc.id, opts=child)
        aws.ec2.Route(
            f"{name}-route",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=igw.id,
            opts=child,
        )
        subnets = [
            aws.ec2.Subnet(
                f"{name}-subnet-{zone[-1]}",
                vpc_id=vpc.id,
                cidr_block=f"10.0.{number}.0/24",
                availability_zone=zone,
                opts=child,
            )
            for number, zone in enumerate(ZONES)
        ]
        self.subnet_ids = pulumi.Output.all(*[subnet.id for subnet in subnets]).apply(list)
        for number in range(len(subnets)):
            aws.ec2.RouteTableAssociation(
                f"{name}-association-{number}",
                subnet_id=self.subnet_ids[number],
                route_table_id=table.id,
                opts=child,
            )
        self.register_outputs({"subnetIds": self.subnet_ids})


@style(PASSES)
def through_a_component(names: Names) -> None:
    make_balancer(names, Network(names("network")).subnet_ids)


@style(PASSES)
def vpc_id_of_the_gateway(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=igw.vpc_id,
        routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
    )
    subnets = make_subnets(names, igw.vpc_id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(PASSES)
def subnet_id_of_the_association(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    associations = associate(names, make_subnets(names, vpc.id), table.id)
    make_balancer(names, [each.subnet_id for each in associations])


@style(PASSES)
def default_vpc(names: Names) -> None:
    vpc = aws.ec2.DefaultVpc(names("vpc"))
    make_balancer(names, ids(make_subnets(names, vpc.id)))


@style(PASSES)
def default_subnets(names: Names) -> None:
    subnets = [
        aws.ec2.DefaultSubnet(names(f"subnet-{zone[-1]}"), availability_zone=zone) for zone in ZONES
    ]
    make_balancer(names, [subnet.id for subnet in subnets])


@style(PASSES)
def internal_in_private_subnets(names: Names) -> None:
    make_balancer(names, ids(make_subnets(names, make_vpc(names).id)), internal=True)


# --- not public ---------------------------------------------------------------------------------


# Its VPC exists afterwards, and the stack shows nothing of its routing: others may do that.
@style(REJECTED, afterwards=PASSES)
def no_gateway(names: Names) -> None:
    make_balancer(names, ids(make_subnets(names, make_vpc(names).id)))


@style(REJECTED)
def forgotten_route(names: Names) -> None:
    vpc = make_vpc(names)
    make_gateway(names, vpc)
    table = aws.ec2.RouteTable(names("table"), vpc_id=vpc.id)
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(REJECTED)
def forgotten_association(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    make_balancer(names, ids(make_subnets(names, vpc.id)))


@style(REJECTED)
def one_private_subnet(names: Names) -> None:
    vpc = make_vpc(names)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets[:1], table.id)
    make_balancer(names, ids(subnets))


@style(REJECTED)
def vpn_gateway_in_gateway_id(names: Names) -> None:
    vpc = make_vpc(names)
    make_gateway(names, vpc)
    vpn = aws.ec2.VpnGateway(names("vpn"), vpc_id=vpc.id)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": vpn.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(REJECTED)
def ipv6_route_for_ipv4(names: Names) -> None:
    vpc = make_vpc(names, assign_generated_ipv6_cidr_block=True)
    igw = make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"), vpc_id=vpc.id, routes=[{"ipv6_cidr_block": "::/0", "gateway_id": igw.id}]
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets), ip_address_type="ipv4")


@style(REJECTED)
def egress_only_gateway(names: Names) -> None:
    vpc = make_vpc(names, assign_generated_ipv6_cidr_block=True)
    make_gateway(names, vpc)
    out = aws.ec2.EgressOnlyInternetGateway(names("out"), vpc_id=vpc.id)
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=vpc.id,
        routes=[{"ipv6_cidr_block": "::/0", "egress_only_gateway_id": out.id}],
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets), ip_address_type="dualstack-without-public-ipv4")


# --- not told by the stack ----------------------------------------------------------------------


@style(CANNOT_TELL)
def subnets_by_lookup(names: Names) -> None:
    vpc = aws.ec2.get_vpc(default=True)
    found = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [vpc.id]}])
    make_balancer(names, found.ids)


@style(CANNOT_TELL)
def subnets_by_literal(names: Names) -> None:
    make_balancer(names, ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])


@style(CANNOT_TELL)
def vpc_by_literal(names: Names) -> None:
    make_balancer(names, ids(make_subnets(names, "vpc-0123456789abcdef0")))


@style(CANNOT_TELL)
def table_by_literal(names: Names) -> None:
    vpc = make_vpc(names)
    make_gateway(names, vpc)
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, "rtb-0123456789abcdef0")
    make_balancer(names, ids(subnets))


@style(CANNOT_TELL)
def firewall_endpoint(names: Names) -> None:
    vpc = make_vpc(names)
    make_gateway(names, vpc)
    table = aws.ec2.RouteTable(
        names("table"),
        vpc_id=vpc.id,
        routes=[{"cidr_block": "0.0.0.0/0", "vpc_endpoint_id": "vpce-0123456789abcdef0"}],
    )
    subnets = make_subnets(names, vpc.id)
    associate(names, subnets, table.id)
    make_balancer(names, ids(subnets))


@style(CANNOT_TELL)
def subnets_that_were_read(names: Names) -> None:
    subnets = [
        aws.ec2.Subnet.get(names(f"subnet-{zone[-1]}"), f"subnet-0123456789abcde{zone[-1]}0")
        for zone in ZONES
    ]
    make_balancer(names, ids(subnets))
