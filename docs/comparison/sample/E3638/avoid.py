import pulumi_aws as aws

aws.dynamodb.Table(
    "orders",
    billing_mode="PAY_PER_REQUEST",
    read_capacity=5,
    write_capacity=5,
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
)
