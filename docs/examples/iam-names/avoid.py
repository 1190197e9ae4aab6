import json

import pulumi_aws as aws

role = aws.iam.Role(
    "backup",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "backup.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "backup",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForBackup",
)
