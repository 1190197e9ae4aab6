import pulumi_aws as aws

aws.apigateway.RestApi("orders", name="orders", description="orders")
