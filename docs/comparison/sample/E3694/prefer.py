import pulumi
import pulumi_aws as aws

aws.rds.Cluster(
    "orders",
    engine="mysql",
    db_cluster_instance_class="db.m6gd.large",
    allocated_storage=100,
    storage_type="io1",
    iops=1000,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
)
