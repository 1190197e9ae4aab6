import json

import pulumi_aws as aws

role = aws.iam.Role(
    "worker",
    name="worker",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ec2.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
profile = aws.iam.InstanceProfile("worker", name="worker", role=role.name)
aws.ec2.LaunchTemplate(
    "worker",
    instance_type="t3.micro",
    iam_instance_profile={"name": profile.name},
)
