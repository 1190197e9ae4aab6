import pulumi_aws as aws

aws.neptune.Cluster(
    "orders",
    final_snapshot_identifier="orders-final",
    backup_retention_period=7,
)
