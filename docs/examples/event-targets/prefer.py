import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
there = aws.cloudwatch.EventBus("there", opts=pulumi.ResourceOptions(provider=west))
orders = aws.cloudwatch.EventRule("orders", event_pattern='{"source": ["orders"]}')
aws.cloudwatch.EventTarget(
    "there",
    rule=orders.name,
    arn=there.arn,
    role_arn="arn:aws:iam::123456789012:role/forward-events",
)
