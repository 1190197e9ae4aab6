import json

import pulumi
import pulumi_aws as aws

TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}
MOVE = {"Effect": "Allow", "Action": "rds:FailoverGlobalCluster", "Resource": "*"}


def policy(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
aws.sqs.Queue("orders")
aws.sqs.Queue("orders-standby", opts=west)

role = aws.iam.Role("failover", assume_role_policy=policy(TRUST))
aws.iam.RolePolicy("failover", role=role.name, policy=policy(MOVE))
aws.lambda_.Function(
    "failover",
    runtime="python3.13",
    handler="index.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")}),
)
