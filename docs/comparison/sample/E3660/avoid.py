import pulumi_aws as aws

aws.apigateway.RestApi("orders", description="orders")
