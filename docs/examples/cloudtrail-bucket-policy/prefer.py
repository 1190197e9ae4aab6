import pulumi
import pulumi_aws as aws

logs = aws.s3.Bucket("audit-logs")
cloudtrail = [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}]
policy = aws.iam.get_policy_document_output(
    statements=[
        {"principals": cloudtrail, "actions": ["s3:GetBucketAcl"], "resources": [logs.arn]},
        {
            "principals": cloudtrail,
            "actions": ["s3:PutObject"],
            "resources": [pulumi.Output.concat(logs.arn, "/AWSLogs/*")],
        },
    ]
)
access = aws.s3.BucketPolicy("audit-logs", bucket=logs.id, policy=policy.json)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name=logs.id, opts=pulumi.ResourceOptions(depends_on=[access])
)
