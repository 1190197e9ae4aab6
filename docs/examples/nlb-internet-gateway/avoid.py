import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet(
    "edge", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a"
)
aws.lb.LoadBalancer("edge", load_balancer_type="network", subnets=[subnet.id])
