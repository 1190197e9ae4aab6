import pulumi
import pulumi_aws as aws

orders = aws.rds.Cluster(
    "orders",
    engine="aurora-postgresql",
    engine_version="17.7",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    final_snapshot_identifier="orders-final",
)
aws.rds.ClusterInstance(
    "writer",
    cluster_identifier=orders.id,
    engine="aurora-postgresql",
    instance_class="db.r6g.large",
)
