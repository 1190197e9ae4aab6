import pulumi_aws as aws

aws.rds.ClusterParameterGroup(
    "app",
    family="aurora-postgresql16",
    parameters=[
        {"name": "rds.logical_replication", "value": "1"},
        {"name": "rds.force_ssl", "value": "1"},
    ],
)
