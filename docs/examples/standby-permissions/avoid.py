import json

import pulumi
import pulumi_aws as aws

TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}
READ = {
    "Effect": "Allow",
    "Action": "dynamodb:GetItem",
    "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/sessions",
}


def policy(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
sessions = aws.dynamodb.Table(
    "sessions",
    name="sessions",
    attributes=[{"name": "id", "type": "S"}],
    hash_key="id",
    billing_mode="PAY_PER_REQUEST",
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    replicas=[{"region_name": "us-west-2"}],
)

role = aws.iam.Role("shop", assume_role_policy=policy(TRUST))
aws.iam.RolePolicy("shop", role=role.name, policy=policy(READ))
for place, opts in (("east", None), ("west", west)):
    aws.lambda_.Function(
        f"shop-{place}",
        runtime="python3.13",
        handler="index.handler",
        role=role.arn,
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")}),
        environment={"variables": {"SESSIONS_TABLE": sessions.name}},
        opts=opts,
    )
