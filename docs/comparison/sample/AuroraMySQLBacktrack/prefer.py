import pulumi
import pulumi_aws as aws

aws.rds.Cluster(
    "orders",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    backtrack_window=86400,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
)
