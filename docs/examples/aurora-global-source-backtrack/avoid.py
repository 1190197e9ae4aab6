import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster(
    "orders",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    backtrack_window=86400,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
orders = aws.rds.GlobalCluster(
    "orders-global",
    global_cluster_identifier="orders",
    source_db_cluster_identifier=cluster.arn,
    force_destroy=True,
)
writer = aws.rds.ClusterInstance(
    "orders-writer",
    cluster_identifier=cluster.id,
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
