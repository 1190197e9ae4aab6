"""Two public subnets, exported."""

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("shared", cidr_block="10.0.0.0/16")
igw = aws.ec2.InternetGateway("shared", vpc_id=vpc.id)
table = aws.ec2.RouteTable(
    "public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}]
)
subnets = []
for number, zone in enumerate("ab"):
    subnet = aws.ec2.Subnet(
        f"public-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
    )
    aws.ec2.RouteTableAssociation(f"public-{zone}", subnet_id=subnet.id, route_table_id=table.id)
    subnets.append(subnet)

pulumi.export("publicSubnets", [subnet.id for subnet in subnets])
pulumi.export("vpc", vpc.id)
