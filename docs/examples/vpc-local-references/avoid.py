import pulumi_aws as aws

blue = aws.ec2.Vpc("blue", cidr_block="10.0.0.0/16")
green = aws.ec2.Vpc("green", cidr_block="10.1.0.0/16")
subnets = [
    aws.ec2.Subnet(
        f"app-{zone}",
        vpc_id=blue.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
    )
    for number, zone in enumerate("ab")
]
group = aws.ec2.SecurityGroup("app", vpc_id=green.id)  # not the VPC of the subnets
aws.lb.LoadBalancer(
    "app", internal=True, subnets=[subnet.id for subnet in subnets], security_groups=[group.id]
)
