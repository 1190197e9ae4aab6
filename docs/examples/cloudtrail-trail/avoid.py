import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="acme-audit-logs",
    event_selectors=[
        {"data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::*/*"]}]},
    ],
)
