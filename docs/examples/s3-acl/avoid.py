import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketAcl("logs", bucket=logs.id, acl="private")
