import pulumi_aws as aws

aws.s3.Bucket("web", bucket="acme-web-content")
