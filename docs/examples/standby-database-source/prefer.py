import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
password = pulumi.Config().require_secret("masterPassword")
orders = aws.rds.Instance(
    "orders",
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    backup_retention_period=7,
    username="orders",
    password=password,
    final_snapshot_identifier="orders-final",
)
aws.rds.Instance(
    "orders-dr",
    replicate_source_db=orders.arn,
    db_subnet_group_name="orders-dr",
    instance_class="db.m7g.large",
    skip_final_snapshot=True,
    opts=west,
)
