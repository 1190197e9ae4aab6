import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
orders = aws.rds.Instance(
    "orders",
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    storage_encrypted=True,
    backup_retention_period=7,
    username="orders",
    password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
)
aws.rds.Instance(
    "orders-west",
    replicate_source_db=orders.arn,
    db_subnet_group_name="orders-west",
    instance_class="db.m7g.large",
    storage_encrypted=True,
    skip_final_snapshot=True,
    opts=west,
)
