import pulumi_aws as aws

sessions = aws.elasticache.ReplicationGroup(
    "sessions", description="Sessions", engine="redis", node_type="cache.r7g.large"
)
aws.elasticache.GlobalReplicationGroup(
    "sessions",
    global_replication_group_id_suffix="sessions",
    primary_replication_group_id=sessions.id,
)
