import json

import pulumi_aws as aws

account = "111122223333"
uses = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
principals = [
    ({"AWS": f"arn:aws:iam::{account}:root"}, "kms:*"),
    ({"Service": "logs.us-east-1.amazonaws.com"}, uses),
]
policy = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
        for principal, actions in principals
    ],
}
key = aws.kms.Key("logs", policy=json.dumps(policy))
aws.cloudwatch.LogGroup("app", name="/app", kms_key_id=key.arn)
