import pulumi
import pulumi_aws as aws

aws.rds.Instance(
    "orders",
    engine="postgres",
    engine_version="17",
    instance_class="db.m7g.large",
    allocated_storage=100,
    multi_az=True,
    username="orders",
    password=pulumi.Config().require_secret("masterPassword"),
    backup_retention_period=7,
    final_snapshot_identifier="orders-final",
)
