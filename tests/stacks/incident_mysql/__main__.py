"""Two Aurora MySQL databases that can be rewound and are to become global ones.

AWS supports backtrack on Aurora MySQL, but on no cluster of a global database. The first database
is global from the start; the second is an existing cluster that a global cluster takes as source,
and nothing in that cluster itself says so.
"""

import pulumi
import pulumi_aws as aws

ENGINE = aws.rds.EngineType.AURORA_MYSQL
ENGINE_VERSION = "8.0.mysql_aurora.3.10.0"
BACKTRACK_72_HOURS = 259200

config = pulumi.Config()
suffix = config.get("environmentSuffix") or "dev"
password = config.require_secret("dbPassword")

provider = aws.Provider(f"provider-{suffix}", region="us-east-1")
opts = pulumi.ResourceOptions(provider=provider)

vpc = aws.ec2.Vpc(f"vpc-{suffix}", cidr_block="10.0.0.0/16", opts=opts)
subnets = [
    aws.ec2.Subnet(
        f"database-subnet-{letter}-{suffix}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{letter}",
        opts=opts,
    )
    for number, letter in enumerate("abc", start=1)
]
subnet_group = aws.rds.SubnetGroup(
    f"subnet-group-{suffix}", subnet_ids=[subnet.id for subnet in subnets], opts=opts
)

# Orders: global from the start, with backtrack on its primary cluster.
orders_global = aws.rds.GlobalCluster(
    f"orders-global-{suffix}",
    global_cluster_identifier=f"orders-global-{suffix}",
    engine=ENGINE,
    engine_version=ENGINE_VERSION,
    opts=opts,
)
orders = aws.rds.Cluster(
    f"orders-primary-cluster-{suffix}",
    cluster_identifier=f"orders-primary-{suffix}",
    global_cluster_identifier=orders_global.id,
    engine=ENGINE,
    engine_version=ENGINE_VERSION,
    master_username="dbadmin",
    master_password=password,
    db_subnet_group_name=subnet_group.name,
    backtrack_window=BACKTRACK_72_HOURS,
    skip_final_snapshot=True,
    opts=opts,
)
aws.rds.ClusterInstance(
    f"orders-primary-instance-{suffix}",
    cluster_identifier=orders.id,
    engine=ENGINE,
    instance_class="db.r6g.large",
    opts=opts,
)

# Catalog: a cluster with backtrack that becomes the primary of a global database.
catalog = aws.rds.Cluster(
    f"catalog-cluster-{suffix}",
    cluster_identifier=f"catalog-{suffix}",
    engine=ENGINE,
    engine_version=ENGINE_VERSION,
    master_username="dbadmin",
    master_password=password,
    db_subnet_group_name=subnet_group.name,
    backtrack_window=BACKTRACK_72_HOURS,
    skip_final_snapshot=True,
    opts=opts,
)
catalog_instance = aws.rds.ClusterInstance(
    f"catalog-instance-{suffix}",
    cluster_identifier=catalog.id,
    engine=ENGINE,
    instance_class="db.r6g.large",
    opts=opts,
)
aws.rds.GlobalCluster(
    f"catalog-global-{suffix}",
    global_cluster_identifier=f"catalog-global-{suffix}",
    source_db_cluster_identifier=catalog.arn,
    force_destroy=True,
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[catalog_instance]),
)
