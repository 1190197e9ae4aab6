import pulumi_aws as aws

key = aws.kms.Key("sessions", enable_key_rotation=True)
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="redis",
    node_type="cache.r7g.large",
    at_rest_encryption_enabled=True,
    kms_key_id=key.arn,
)
