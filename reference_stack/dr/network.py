"""The VPC of one region: a public, an application and a database tier in every zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from dr.location import Location

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class NetworkArgs:
    """What a region's network is built from."""

    location: Location


class Network(pulumi.ComponentResource):
    """Three tiers over the zones of a region, each with its own route tables.

    Public subnets route to the internet gateway. Application subnets leave through the NAT gateway
    of their own zone, so that the loss of a zone takes no other zone's way out with it. Database
    subnets have no way to or from the internet.

    Every subnet has an explicit route table: the VPC's main table stays empty and unused, and a
    subnet that somebody adds later is isolated until given a table on purpose.
    """

    vpc: aws.ec2.Vpc
    internet_gateway: aws.ec2.InternetGateway
    public_subnets: Mapping[str, aws.ec2.Subnet]
    application_subnets: Mapping[str, aws.ec2.Subnet]
    application_route_tables: Mapping[str, aws.ec2.RouteTable]
    application_egress: Sequence[pulumi.Resource]
    """What an application instance needs before it can reach the internet."""
    database_subnets: Mapping[str, aws.ec2.Subnet]
    database_route_table: aws.ec2.RouteTable

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Network", name, None, opts)
        self._prefix = name
        self._location = args.location
        self._child = pulumi.ResourceOptions(parent=self)

        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.location.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": f"{name}-vpc"},
            opts=self._child,
        )
        self.internet_gateway = aws.ec2.InternetGateway(
            f"{name}-internet-gateway",
            vpc_id=self.vpc.id,
            tags={"Name": f"{name}-internet-gateway"},
            opts=self._child,
        )
        self._build_public_tier()
        self._build_application_tier()
        self._build_database_tier()
        self.register_outputs({"vpcId": self.vpc.id})

    def _build_public_tier(self) -> None:
        table = self._route_table("public")
        self._internet_route = aws.ec2.Route(
            f"{self._prefix}-public-to-internet",
            route_table_id=table.id,
            destination_cidr_block=_ANYWHERE,
            gateway_id=self.internet_gateway.id,
            opts=self._child,
        )
        self.public_subnets = self._subnets("public", self._location.public_cidr)
        for zone, subnet in self.public_subnets.items():
            self._associate("public", zone, subnet, table)

    def _build_application_tier(self) -> None:
        self.application_subnets = self._subnets("app", self._location.application_cidr)
        tables: dict[str, aws.ec2.RouteTable] = {}
        egress: list[pulumi.Resource] = []
        for zone, subnet in self.application_subnets.items():
            letter = _letter(zone)
            table = tables[zone] = self._route_table(f"app-{letter}")
            route = aws.ec2.Route(
                f"{self._prefix}-app-{letter}-to-internet",
                route_table_id=table.id,
                destination_cidr_block=_ANYWHERE,
                nat_gateway_id=self._nat_gateway(zone).id,
                opts=self._child,
            )
            egress += [route, self._associate("app", zone, subnet, table)]
        self.application_route_tables = tables
        self.application_egress = egress

    def _build_database_tier(self) -> None:
        self.database_route_table = self._route_table("db")
        self.database_subnets = self._subnets("db", self._location.database_cidr)
        for zone, subnet in self.database_subnets.items():
            self._associate("db", zone, subnet, self.database_route_table)

    def _subnets(self, tier: str, cidr: IPv4Network) -> dict[str, aws.ec2.Subnet]:
        subnets = {}
        for zone, zone_cidr in self._location.by_zone(cidr).items():
            label = f"{self._prefix}-{tier}-{_letter(zone)}"
            subnets[zone] = aws.ec2.Subnet(
                label,
                vpc_id=self.vpc.id,
                cidr_block=zone_cidr,
                availability_zone=zone,
                tags={"Name": label},
                opts=self._child,
            )
        return subnets

    def _route_table(self, suffix: str) -> aws.ec2.RouteTable:
        label = f"{self._prefix}-{suffix}-routes"
        return aws.ec2.RouteTable(label, vpc_id=self.vpc.id, tags={"Name": label}, opts=self._child)

    def _associate(
        self, tier: str, zone: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            f"{self._prefix}-{tier}-{_letter(zone)}",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self._child,
        )

    def _nat_gateway(self, zone: str) -> aws.ec2.NatGateway:
        label = f"{self._prefix}-nat-{_letter(zone)}"
        address = aws.ec2.Eip(label, domain="vpc", tags={"Name": label}, opts=self._child)
        return aws.ec2.NatGateway(
            label,
            subnet_id=self.public_subnets[zone].id,
            allocation_id=address.id,
            connectivity_type="public",
            tags={"Name": label},
            # No property of a NAT gateway leads to the internet gateway, and AWS fails the former
            # with Gateway.NotAttached when it is made first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._internet_route]),
        )


def _letter(zone: str) -> str:
    return zone[-1]
