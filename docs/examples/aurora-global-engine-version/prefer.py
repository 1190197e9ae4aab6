import pulumi_aws as aws

aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine="aurora-postgresql",
    engine_version="17.7",  # long-term support
)
