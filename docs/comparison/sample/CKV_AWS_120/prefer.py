import pulumi_aws as aws

aws.apigateway.Stage(
    "live",
    rest_api="abcdef1234",
    deployment="abc123",
    stage_name="live",
    cache_cluster_enabled=True,
    cache_cluster_size="0.5",
)
