import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
rule = aws.cloudwatch.EventRule("orders", event_pattern='{"source": ["orders"]}')
bus = aws.cloudwatch.EventBus("orders-west", opts=west)
aws.cloudwatch.EventTarget(
    "orders-west",
    rule=rule.name,
    arn=bus.arn,
    role_arn="arn:aws:iam::111122223333:role/events",
)
