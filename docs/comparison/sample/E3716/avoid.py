import pulumi_aws as aws

LAYER = "layer" * 34
aws.lambda_.Function(
    "app",
    handler="index.handler",
    runtime="python3.13",
    role="arn:aws:iam::123456789012:role/app",
    s3_bucket="acme-code",
    s3_key="app.zip",
    layers=[f"arn:aws:lambda:us-east-1:123456789012:layer:{LAYER}:1"],
)
