import pulumi_aws as aws

aws.apigateway.Stage(
    "live",
    rest_api="abcdef1234",
    deployment="abc123",
    stage_name="live",
)
