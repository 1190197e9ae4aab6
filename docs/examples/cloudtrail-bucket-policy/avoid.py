import pulumi_aws as aws

logs = aws.s3.Bucket("audit-logs")
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.id)
