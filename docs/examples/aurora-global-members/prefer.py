import pulumi
import pulumi_aws as aws

VERSION = "17.7"
orders = aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine="aurora-postgresql",
    engine_version=VERSION,
)
primary = aws.rds.Cluster(
    "primary",
    engine="aurora-postgresql",
    engine_version=VERSION,
    global_cluster_identifier=orders.id,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
writer = aws.rds.ClusterInstance(
    "primary-writer",
    cluster_identifier=primary.id,
    engine="aurora-postgresql",
    instance_class="db.r6g.large",
)
aws.rds.Cluster(
    "secondary",
    engine="aurora-postgresql",
    engine_version="17.7",
    global_cluster_identifier=orders.id,
    opts=pulumi.ResourceOptions(
        provider=aws.Provider("west", region="us-west-2"), depends_on=[writer]
    ),
)
