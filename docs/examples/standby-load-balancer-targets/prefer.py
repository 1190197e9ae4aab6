import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
for place, vpc, subnet, opts in (
    ("east", "vpc-0123456789abcdef0", "subnet-0123456789abcdef0", None),
    ("west", "vpc-0fedcba9876543210", "subnet-0fedcba9876543210", west),
):
    balancer = aws.lb.LoadBalancer(
        f"{place}-orders",
        load_balancer_type="network",
        internal=True,
        subnets=[subnet],
        opts=opts,
    )
    group = aws.lb.TargetGroup(
        f"{place}-orders", protocol="TCP", port=80, target_type="ip", vpc_id=vpc, opts=opts
    )
    aws.lb.Listener(
        f"{place}-orders",
        load_balancer_arn=balancer.arn,
        protocol="TCP",
        port=80,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
        opts=opts,
    )
    aws.lb.TargetGroupAttachment(
        f"{place}-orders", target_group_arn=group.arn, target_id="10.0.0.10", opts=opts
    )
