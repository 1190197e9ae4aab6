import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(
        f"app-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
    )
    for number, zone in enumerate("ab")
]
for color in ("blue", "green"):
    app = aws.lb.TargetGroup(color, port=8080, protocol="HTTP", vpc_id=vpc.id)
    balancer = aws.lb.LoadBalancer(color, internal=True, subnets=[each.id for each in subnets])
    aws.lb.Listener(
        color,
        load_balancer_arn=balancer.arn,
        port=80,
        default_actions=[{"type": "forward", "target_group_arn": app.arn}],
    )
