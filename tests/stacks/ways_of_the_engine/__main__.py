"""Components, aliases, ignored changes, imports, lookups, secrets, references, two providers."""

import os

import pulumi
import pulumi_aws as aws

EDITED = bool(os.environ.get("EDITED"))


class Network(pulumi.ComponentResource):
    """A VPC with subnets in two zones, one output each."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Network", name, None, opts)
        mine = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block="10.0.0.0/16",
            tags={"Name": name, "Edited": str(EDITED)},
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["tags.Edited"]),
        )
        subnets = [
            aws.ec2.Subnet(
                f"{name}-{zone}",
                vpc_id=self.vpc.id,
                cidr_block=f"10.0.{number}.0/24",
                availability_zone=zone,
                map_public_ip_on_launch=EDITED,
                opts=mine,
            )
            for number, zone in enumerate(("us-east-1a", "us-east-1b"))
        ]
        self.subnet_ids = pulumi.Output.all(*(each.id for each in subnets))
        self.register_outputs({"vpcId": self.vpc.id, "subnetIds": self.subnet_ids})


west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"Side": "west"}})
aliases = [pulumi.Alias(name="network")] if EDITED else []
network = Network("net" if EDITED else "network", pulumi.ResourceOptions(aliases=aliases))
gateway = aws.ec2.InternetGateway(
    "gateway", vpc_id=network.vpc.id, opts=pulumi.ResourceOptions(protect=True)
)
found = aws.ec2.get_vpc_output(filters=[{"name": "tag:Name", "values": ["shared"]}])
group = aws.ec2.SecurityGroup(
    "group",
    vpc_id=found.id,
    ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}],
)
known = aws.ec2.Vpc.get("known", "vpc-0123456789abcdef0")
aws.ec2.Subnet("in-known", vpc_id=known.id, cidr_block="10.9.0.0/24", region="us-east-2")
imported = aws.ec2.Vpc(
    "imported",
    cidr_block="10.0.0.0/16",
    opts=pulumi.ResourceOptions(import_="vpc-0fedcba9876543210", provider=west),
)
aws.lb.LoadBalancer(
    "web",
    subnets=network.subnet_ids,
    security_groups=[group.id],
    idle_timeout=120 if EDITED else None,
    opts=pulumi.ResourceOptions(depends_on=[network, gateway]),
)
cluster = aws.rds.Cluster(
    "cluster",
    engine="aurora-postgresql",
    engine_version="16.9" if EDITED else "16.4",
    master_username="admin_of_it",
    master_password=pulumi.Output.secret("hunter2hunter2"),
    skip_final_snapshot=True,
    opts=pulumi.ResourceOptions(
        ignore_changes=["engineVersion"], additional_secret_outputs=["arn"]
    ),
)
if EDITED:
    aws.rds.ClusterInstance(
        "instance",
        cluster_identifier=cluster.id,
        engine=cluster.engine,
        instance_class="db.r6g.large",
    )
else:
    aws.s3.Bucket("removed", bucket_prefix="gone-", opts=pulumi.ResourceOptions(provider=west))
table = aws.ec2.RouteTable("table", vpc_id=network.vpc.id)
aws.ec2.Route(
    "route",
    route_table_id=table.id,
    destination_cidr_block="0.0.0.0/0",
    gateway_id=gateway.id,
    opts=pulumi.ResourceOptions(parent=table, delete_before_replace=True),
)
aws.ec2.Eip("moved", region="us-east-2" if EDITED else "us-east-1")
pulumi.export("secret", pulumi.Output.secret(cluster.endpoint))
pulumi.export("subnets", network.subnet_ids)
