import pulumi
import pulumi_aws as aws

orders = aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine="aurora-postgresql",
    engine_version="17.7",
)
aws.rds.Cluster(
    "primary",
    engine="aurora-postgresql",
    engine_version="16.8",  # not the global cluster's
    global_cluster_identifier=orders.id,
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
