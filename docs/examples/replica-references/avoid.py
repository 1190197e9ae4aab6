import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
primary = aws.kms.Key("primary", enable_key_rotation=True)
aws.kms.ReplicaKey(
    "replica", primary_key_arn=primary.arn, opts=pulumi.ResourceOptions(provider=west)
)
