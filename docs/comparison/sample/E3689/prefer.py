import pulumi
import pulumi_aws as aws

aws.rds.Cluster(
    "orders",
    engine="aurora-postgresql",
    engine_version="17.7",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
    monitoring_interval=60,
    monitoring_role_arn="arn:aws:iam::123456789012:role/monitoring",
)
