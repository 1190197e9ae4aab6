import pulumi_aws as aws

key = aws.kms.Key("logs")
aws.cloudwatch.LogGroup("app", name="/app", kms_key_id=key.arn)
