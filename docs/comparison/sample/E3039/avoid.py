import pulumi_aws as aws

aws.dynamodb.Table(
    "orders",
    billing_mode="PAY_PER_REQUEST",
    hash_key="order",
    attributes=[{"name": "id", "type": "S"}],
)
