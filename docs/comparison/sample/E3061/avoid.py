import pulumi_aws as aws

content = aws.s3.Bucket("content")
aws.s3.BucketIntelligentTieringConfiguration(
    "content",
    bucket=content.id,
    name="all",
    status="Enabled",
    tierings=[{"access_tier": "ARCHIVE_ACCESS", "days": 30}],
)
