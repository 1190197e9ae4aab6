"""A function in each region that writes to the sessions: what the other region reads of it tells
how far replication is behind."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.trust import trust

_CODE = """
import os
import time

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["SESSIONS_TABLE"])


def handler(event, context):
    region = os.environ["AWS_REGION"]
    now = int(time.time())
    TABLE.put_item(Item={"id": f"heartbeat-{region}", "at": now, "expires": now + 86400})
"""


@dataclass(frozen=True)
class HeartbeatArgs:
    """What the function writes to: the table, which has the same name in every region."""

    function_name: str
    region: str
    table: aws.dynamodb.Table


class Heartbeat(pulumi.ComponentResource):
    """A function that runs once a minute in its region and writes there."""

    def __init__(
        self, name: str, args: HeartbeatArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Heartbeat", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            assume_role_policy=trust("lambda.amazonaws.com"),
            tags={"Name": name},
            opts=child,
        )
        log_group = aws.cloudwatch.LogGroup(
            name,
            name=f"/aws/lambda/{args.function_name}",
            retention_in_days=30,
            tags={"Name": name},
            opts=child,
        )
        # By names that the program chooses, so that a preview shows what the function may do.
        aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["dynamodb:PutItem"],
                            # The replica of the region, by its own ARN.
                            "Resource": pulumi.Output.concat(
                                f"arn:aws:dynamodb:{args.region}:*:table/", args.table.name
                            ),
                        },
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                            "Resource": f"arn:aws:logs:{args.region}:*:log-group:"
                            f"/aws/lambda/{args.function_name}:*",
                        },
                    ],
                }
            ),
            opts=child,
        )
        function = aws.lambda_.Function(
            name,
            name=args.function_name,
            runtime="python3.13",
            handler="index.handler",
            role=role.arn,
            timeout=10,
            code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(_CODE)}),
            environment={"variables": {"SESSIONS_TABLE": args.table.name}},
            tags={"Name": name},
            opts=pulumi.ResourceOptions.merge(
                child, pulumi.ResourceOptions(depends_on=[log_group])
            ),
        )
        rule = aws.cloudwatch.EventRule(
            name, schedule_expression="rate(1 minute)", tags={"Name": name}, opts=child
        )
        aws.cloudwatch.EventTarget(name, rule=rule.name, arn=function.arn, opts=child)
        aws.lambda_.Permission(
            name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=child,
        )
        self.register_outputs({"functionName": function.name})
