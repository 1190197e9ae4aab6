import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
aws.ec2.Subnet("app", vpc_id=vpc.id, cidr_block="10.1.0.0/24", availability_zone="us-east-1a")
