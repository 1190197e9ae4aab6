import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
rule = aws.cloudwatch.EventRule("orders", event_pattern='{"source": ["orders"]}')
queue = aws.sqs.Queue("orders-west", opts=west)
aws.cloudwatch.EventTarget("orders-west", rule=rule.name, arn=queue.arn)
