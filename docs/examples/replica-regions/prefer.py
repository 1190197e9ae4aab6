import pulumi_aws as aws

aws.secretsmanager.Secret("database", replicas=[{"region": "us-west-2"}])
