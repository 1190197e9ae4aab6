import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
vpc = aws.ec2.Vpc("west", cidr_block="10.0.0.0/16", opts=west)
aws.ec2.SecurityGroup("west-web", vpc_id=vpc.id, opts=west)
