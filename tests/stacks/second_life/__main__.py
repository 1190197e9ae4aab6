"""One scene of a stack's second life. `SCENE` in the environment names it, `LATER` says that the
program has been edited since its first deployment. What exists beside the stack is described in
existing.py and tests/engine/test_second_life.py."""

import os
from typing import Any

import pulumi
import pulumi_aws as aws

SCENE = os.environ["SCENE"]
LATER = bool(os.environ.get("LATER"))
ENGINE = {"engine": "aurora-postgresql", "engine_version": "17.7"}


def imported(identity: str, **more: Any) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=identity, **more)


def subnet_pair(vpc: pulumi.Input[str], ids: tuple[str, ...] = ()) -> list[aws.ec2.Subnet]:
    return [
        aws.ec2.Subnet(
            f"web-{zone}",
            vpc_id=vpc,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"us-east-1{zone}",
            opts=imported(ids[number]) if ids else None,
        )
        for number, zone in enumerate("ab")
    ]


def load_balancer(subnets: list[aws.ec2.Subnet]) -> None:
    aws.lb.LoadBalancer("web", subnets=[subnet.id for subnet in subnets])


def removed_route() -> None:
    """The route to the gateway is a resource of its own, and is removed later."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
    table = aws.ec2.RouteTable("public", vpc_id=vpc.id)
    if not LATER:
        aws.ec2.Route(
            "out",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
        )
    subnets = subnet_pair(vpc.id)
    for zone, subnet in zip("ab", subnets, strict=True):
        aws.ec2.RouteTableAssociation(f"web-{zone}", subnet_id=subnet.id, route_table_id=table.id)
    if LATER:
        load_balancer(subnets)


def imported_vpc() -> None:
    """A VPC and its subnets are imported; their gateway and table are in other hands."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=imported("vpc-1"))
    subnets = subnet_pair(vpc.id, ("subnet-a", "subnet-b"))
    if LATER:
        load_balancer(subnets)


def imported_main_table() -> None:
    """The main table is imported too, as a route table with its route inline."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=imported("vpc-1"))
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=imported("igw-1"))
    aws.ec2.RouteTable(
        "main",
        vpc_id=vpc.id,
        routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}],
        opts=imported("rtb-1"),
    )
    subnets = subnet_pair(vpc.id, ("subnet-a", "subnet-b"))
    if LATER:
        load_balancer(subnets)


def global_database() -> None:
    """East writes at first. Later the credentials move to west, if the scene says so."""
    moved = LATER and SCENE == "switchover"
    credentials = {"master_username": "orders", "master_password": pulumi.Output.secret("hidden")}
    west_provider = aws.Provider("west", region="us-west-2")
    group = aws.rds.GlobalCluster("orders", global_cluster_identifier="orders", **ENGINE)

    def member(
        name: str, has_credentials: bool, **options: Any
    ) -> tuple[aws.rds.Cluster, aws.rds.ClusterInstance]:
        cluster = aws.rds.Cluster(
            name,
            cluster_identifier=f"orders-{name}",
            global_cluster_identifier=group.id,
            **ENGINE,
            **(credentials if has_credentials else {}),
            opts=pulumi.ResourceOptions(**options),
        )
        instance = aws.rds.ClusterInstance(
            f"{name}-a",
            identifier=f"orders-{name}-a",
            cluster_identifier=cluster.id,
            instance_class="db.r6g.large",
            engine="aurora-postgresql",
            opts=pulumi.ResourceOptions(
                **{key: value for key, value in options.items() if key == "provider"}
            ),
        )
        return cluster, instance

    _, writer = member("east", not moved)
    member("west", moved, provider=west_provider, depends_on=[writer])


SCENES = {
    "removed route": removed_route,
    "imported VPC": imported_vpc,
    "imported main table": imported_main_table,
    "switchover": global_database,
    "rebuild": global_database,
}
SCENES[SCENE]()
