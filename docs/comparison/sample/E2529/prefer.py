import pulumi_aws as aws

app = aws.cloudwatch.LogGroup("app")
for number in range(1):
    aws.cloudwatch.LogSubscriptionFilter(
        f"filter-{number}",
        log_group=app.name,
        filter_pattern="",
        destination_arn=f"arn:aws:lambda:us-east-1:123456789012:function:ship{number}",
    )
