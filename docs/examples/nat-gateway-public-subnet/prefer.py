import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id)
public = aws.ec2.Subnet(
    "public", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a"
)
table = aws.ec2.RouteTable(
    "public",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
)
aws.ec2.RouteTableAssociation("public", subnet_id=public.id, route_table_id=table.id)
address = aws.ec2.Eip("nat", domain="vpc")
aws.ec2.NatGateway(
    "nat",
    subnet_id=public.id,
    allocation_id=address.id,
    opts=pulumi.ResourceOptions(depends_on=[igw]),
)
