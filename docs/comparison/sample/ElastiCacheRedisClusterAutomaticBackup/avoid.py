import pulumi_aws as aws

aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="redis",
    node_type="cache.r7g.large",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    snapshot_retention_limit=1,
)
