import pulumi
import pulumi_aws as aws

orders = aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
)
primary = aws.rds.Cluster(
    "primary",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    global_cluster_identifier=orders.id,
    backtrack_window=259200,  # 72 hours: for a cluster that stands alone
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
