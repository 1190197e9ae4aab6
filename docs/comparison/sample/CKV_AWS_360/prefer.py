import pulumi
import pulumi_aws as aws

aws.docdb.Cluster(
    "orders",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
    backup_retention_period=7,
)
