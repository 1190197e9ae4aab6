import pulumi_aws as aws

aws.lambda_.Function(
    "failover",
    package_type="Image",
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/failover:1",
    role="arn:aws:iam::123456789012:role/failover",
    environment={"variables": {"PRIMARY_REGION": "us-east-1"}},
)
