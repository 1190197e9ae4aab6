"""A stack that exists and could not be made again: of two roles with one name, the second was
imported from another account once. It reads what it does not make."""

import json

import pulumi
import pulumi_aws as aws

assumed = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
)
for name in ("east", "west"):
    aws.iam.Role(
        name,
        name="app",
        assume_role_policy=assumed,
        opts=pulumi.ResourceOptions(retain_on_delete=True),
    )

shared = aws.ec2.Vpc.get("shared", "vpc-1")
aws.ec2.Subnet("app", vpc_id=shared.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
