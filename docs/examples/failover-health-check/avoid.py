import pulumi_aws as aws

api = aws.apigateway.RestApi("orders")
path = aws.apigateway.Resource(
    "health", rest_api=api.id, parent_id=api.root_resource_id, path_part="health"
)
method = aws.apigateway.Method(
    "health", rest_api=api.id, resource_id=path.id, http_method="GET", authorization="NONE"
)
deployment = aws.apigateway.Deployment("orders", rest_api=api.id)
stage = aws.apigateway.Stage("orders", rest_api=api.id, deployment=deployment.id, stage_name="live")
aws.route53.HealthCheck(
    "orders",
    type="HTTPS",
    fqdn=api.id.apply(lambda api_id: f"{api_id}.execute-api.us-east-1.amazonaws.com"),
    port=443,
    resource_path="/health",  # The stage is missing.
    request_interval=30,
    failure_threshold=3,
)
