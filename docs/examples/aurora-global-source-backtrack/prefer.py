import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster(
    "orders",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
aws.rds.GlobalCluster(
    "orders-global",
    global_cluster_identifier="orders",
    source_db_cluster_identifier=cluster.arn,
    force_destroy=True,
)
