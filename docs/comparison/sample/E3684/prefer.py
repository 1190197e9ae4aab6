import pulumi_aws as aws

aws.lb.TargetGroup(
    "web",
    port=443,
    protocol="TCP",
    target_type="ip",
    vpc_id="vpc-0123456789abcdef0",
    health_check={"protocol": "HTTP", "matcher": "200"},
)
