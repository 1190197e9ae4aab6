import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
standby = aws.ec2.Vpc(
    "standby", cidr_block="10.1.0.0/16", opts=pulumi.ResourceOptions(provider=west)
)
aws.ec2.Subnet(
    "standby-a",
    vpc_id=standby.id,
    cidr_block="10.1.1.0/24",
    availability_zone="us-east-1a",
    opts=pulumi.ResourceOptions(provider=west),
)
