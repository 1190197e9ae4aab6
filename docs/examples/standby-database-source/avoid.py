import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
password = pulumi.Config().require_secret("masterPassword")
aws.rds.Instance(
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
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    backup_retention_period=7,
    username="orders",
    password=password,
    final_snapshot_identifier="orders-dr-final",
    opts=west,
)
