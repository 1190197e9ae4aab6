import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
aws.lb.TargetGroup(
    "app",
    port=8080,
    protocol="HTTP",
    vpc_id=vpc.id,
    health_check={"path": "/health", "interval": 10, "timeout": 10},
)
