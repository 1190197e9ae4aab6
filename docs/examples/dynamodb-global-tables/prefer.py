import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
here = aws.kms.Key("here", enable_key_rotation=True)
there = aws.kms.Key("there", enable_key_rotation=True, opts=pulumi.ResourceOptions(provider=west))
aws.dynamodb.Table(
    "orders",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    server_side_encryption={"enabled": True, "kms_key_arn": here.arn},
    replicas=[{"region_name": "us-west-2", "kms_key_arn": there.arn}],
)
