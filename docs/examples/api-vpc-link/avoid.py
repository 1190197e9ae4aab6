import pulumi_aws as aws

api = aws.apigatewayv2.Api("orders", protocol_type="HTTP")
link = aws.apigatewayv2.VpcLink(
    "orders", subnet_ids=["subnet-0a", "subnet-0b"], security_group_ids=[]
)
arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333"
aws.apigatewayv2.Integration(
    "orders",
    api_id=api.id,
    integration_type="HTTP_PROXY",
    integration_method="ANY",
    integration_uri=f"{arn}:loadbalancer/app/orders/50dc6c495c0c9188",
    connection_type="VPC_LINK",
    connection_id=link.id,
)
