import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster(
    "orders",
    engine="aurora-mysql",
    engine_version="8.0.mysql_aurora.3.10.1",
    serverlessv2_scaling_configuration={"min_capacity": 0.5, "max_capacity": 16},
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
aws.rds.ClusterInstance(
    "writer",
    cluster_identifier=cluster.id,
    engine="aurora-mysql",
    instance_class="db.serverless",
)
