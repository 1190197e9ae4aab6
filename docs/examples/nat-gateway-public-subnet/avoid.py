import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id)
private = aws.ec2.Subnet(
    "private", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="us-east-1a"
)
address = aws.ec2.Eip("nat", domain="vpc")
aws.ec2.NatGateway(
    "nat",
    subnet_id=private.id,
    allocation_id=address.id,
    opts=pulumi.ResourceOptions(depends_on=[igw]),
)
