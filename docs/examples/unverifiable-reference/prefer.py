import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id)
public = aws.ec2.RouteTable(
    "public",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
)
subnets = [
    aws.ec2.Subnet(
        f"web-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
    )
    for number, zone in enumerate("ab")
]
for zone, subnet in zip("ab", subnets, strict=True):
    aws.ec2.RouteTableAssociation(f"web-{zone}", subnet_id=subnet.id, route_table_id=public.id)
aws.lb.LoadBalancer(
    "web",
    subnets=[subnet.id for subnet in subnets],
    opts=pulumi.ResourceOptions(depends_on=[igw]),
)
