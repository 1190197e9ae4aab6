import pulumi
import pulumi_aws as aws

aws.rds.Instance(
    "orders",
    engine="mariadb",
    instance_class="db.m7g.large",
    allocated_storage=100,
    username="orders",
    password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
    backup_retention_period=0,
)
