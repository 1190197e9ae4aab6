import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster(
    "app",
    engine="aurora-postgresql",
    engine_version="17.7",
    master_username="app",
    master_password=pulumi.Config().require_secret("masterPassword"),
    storage_encrypted=True,
    final_snapshot_identifier="app-final",
)
aws.rds.ClusterInstance(
    "app-writer",
    cluster_identifier=cluster.id,
    engine="aurora-postgresql",
    instance_class="db.serverless",
)
