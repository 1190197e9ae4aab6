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
writer = aws.rds.ClusterInstance(
    "primary-writer",
    cluster_identifier=primary.id,
    engine="aurora-mysql",
    instance_class="db.r6g.large",
)
aws.rds.Cluster(
    "secondary",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    global_cluster_identifier=orders.id,
    opts=pulumi.ResourceOptions(
        provider=aws.Provider("west", region="us-west-2"), depends_on=[writer]
    ),
)
