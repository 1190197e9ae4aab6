import pulumi_aws as aws

aws.dynamodb.Table(
    "orders",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    replicas=[{"region_name": "us-west-2", "consistency_mode": "STRONG"}],
    global_table_witness={"region_name": "us-east-2"},
)
