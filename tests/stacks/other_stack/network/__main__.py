"""Two public subnets and two without a way out, a global database and a secret, exported."""

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("shared", cidr_block="10.0.0.0/16")
igw = aws.ec2.InternetGateway("shared", vpc_id=vpc.id)
public = aws.ec2.RouteTable(
    "public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
)
closed = aws.ec2.RouteTable("closed", vpc_id=vpc.id)


def subnets(tier: str, table: aws.ec2.RouteTable, first: int) -> list[pulumi.Output[str]]:
    """A subnet in each of two zones, with the tier's route table."""
    made = []
    for number, zone in enumerate("ab", start=first):
        subnet = aws.ec2.Subnet(
            f"{tier}-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"us-east-1{zone}",
        )
        aws.ec2.RouteTableAssociation(
            f"{tier}-{zone}", subnet_id=subnet.id, route_table_id=table.id
        )
        made.append(subnet.id)
    return made


pulumi.export("publicSubnets", subnets("public", public, 0))
pulumi.export("closedSubnets", subnets("closed", closed, 2))
pulumi.export("vpc", vpc.id)

world = aws.rds.GlobalCluster(
    "world",
    global_cluster_identifier="world",
    engine="aurora-postgresql",
    engine_version="16.8",
)
aws.rds.Cluster(
    "first",
    global_cluster_identifier=world.id,
    engine="aurora-postgresql",
    engine_version="16.8",
    master_username="app",
    master_password=pulumi.Output.secret("correct horse battery staple"),
    skip_final_snapshot=True,
)
pulumi.export("world", world.id)

login = aws.secretsmanager.Secret("login", name="login")
pulumi.export("login", login.arn)
