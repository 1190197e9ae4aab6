import pulumi
import pulumi_aws as aws

VERSION = "17.7"
orders = aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine="aurora-postgresql",
    engine_version=VERSION,
)
aws.rds.Cluster(
    "primary",
    engine="aurora-postgresql",
    engine_version=VERSION,
    global_cluster_identifier=orders.id,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
