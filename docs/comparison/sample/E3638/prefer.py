import pulumi_aws as aws

aws.dynamodb.Table(
    "orders",
    billing_mode="PROVISIONED",
    read_capacity=5,
    write_capacity=5,
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
)
