import json

import pulumi
import pulumi_aws as aws

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
for region in ("us-east-1", "us-west-2"):
    here = aws.Provider(region, region=region)
    aws.iam.Role(
        f"app-{region}",
        name=f"app-{region}",
        assume_role_policy=json.dumps(trust),
        opts=pulumi.ResourceOptions(provider=here),
    )
