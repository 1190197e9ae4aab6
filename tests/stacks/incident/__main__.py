"""A two-region disaster-recovery stack, as it stood when its deployment failed.

Two VPCs of private subnets, joined by a peering; in each an application load balancer; an Aurora
global database; a failover record in Route 53. AWS refuses four things in it.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
suffix = config.get("environmentSuffix") or "dev"


@dataclass(frozen=True)
class Site:
    """One region of the stack."""

    role: str
    region: str
    provider: aws.Provider
    vpc: aws.ec2.Vpc
    private_subnets: list[aws.ec2.Subnet]

    @property
    def opts(self) -> pulumi.ResourceOptions:
        """Create a resource in this region."""
        return pulumi.ResourceOptions(provider=self.provider)

    def label(self, what: str) -> str:
        """Name a resource of this region."""
        return f"{self.role}-{what}-{suffix}"


@dataclass(frozen=True)
class DatabaseSurroundings:
    """What a cluster needs around it."""

    key: aws.kms.Key
    subnet_group: aws.rds.SubnetGroup
    security_group: aws.ec2.SecurityGroup


def create_network(role: str, region: str, network: str) -> Site:
    """Create a VPC with a private subnet in each of three zones."""
    provider = aws.Provider(
        f"{role}-provider-{suffix}",
        region=region,
        default_tags={"tags": {"Environment": suffix}},
    )
    opts = pulumi.ResourceOptions(provider=provider)
    vpc = aws.ec2.Vpc(
        f"{role}-vpc-{suffix}",
        cidr_block=f"{network}.0.0/16",
        enable_dns_hostnames=True,
        enable_dns_support=True,
        opts=opts,
    )
    private_subnets = [
        aws.ec2.Subnet(
            f"{role}-private-subnet-{letter}-{suffix}",
            vpc_id=vpc.id,
            cidr_block=f"{network}.{number}.0/24",
            availability_zone=f"{region}{letter}",
            opts=opts,
        )
        for number, letter in enumerate("abc", start=1)
    ]
    return Site(role, region, provider, vpc, private_subnets)


def create_load_balancer(site: Site) -> aws.lb.LoadBalancer:
    """Create the load balancer that clients of a region talk to."""
    security_group = aws.ec2.SecurityGroup(
        site.label("alb-sg"),
        description="HTTP from anywhere",
        vpc_id=site.vpc.id,
        ingress=[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]}],
        egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
        opts=site.opts,
    )
    load_balancer = aws.lb.LoadBalancer(
        site.label("alb"),
        load_balancer_type="application",
        subnets=[subnet.id for subnet in site.private_subnets],
        security_groups=[security_group.id],
        opts=site.opts,
    )
    target_group = aws.lb.TargetGroup(
        site.label("tg"),
        vpc_id=site.vpc.id,
        port=80,
        protocol="HTTP",
        target_type="ip",
        health_check={"path": "/health"},
        opts=site.opts,
    )
    aws.lb.Listener(
        site.label("listener"),
        load_balancer_arn=load_balancer.arn,
        port=80,
        protocol="HTTP",
        default_actions=[{"type": "forward", "target_group_arn": target_group.arn}],
        opts=site.opts,
    )
    return load_balancer


def create_database_surroundings(site: Site) -> DatabaseSurroundings:
    """Create the key, the subnet group and the security group of a region's cluster."""
    key = aws.kms.Key(
        site.label("db-key"),
        description=f"Database storage in {site.region}",
        enable_key_rotation=True,
        opts=site.opts,
    )
    subnet_group = aws.rds.SubnetGroup(
        site.label("db-subnet-group"),
        subnet_ids=[subnet.id for subnet in site.private_subnets],
        opts=site.opts,
    )
    security_group = aws.ec2.SecurityGroup(
        site.label("db-sg"),
        description="PostgreSQL from both VPCs",
        vpc_id=site.vpc.id,
        ingress=[
            {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "cidr_blocks": ["10.0.0.0/15"]}
        ],
        opts=site.opts,
    )
    return DatabaseSurroundings(key, subnet_group, security_group)


primary = create_network("primary", "us-east-1", "10.0")
secondary = create_network("secondary", "us-west-2", "10.1")

# Network: the two VPCs see each other.
peering = aws.ec2.VpcPeeringConnection(
    f"vpc-peering-{suffix}",
    vpc_id=primary.vpc.id,
    peer_vpc_id=secondary.vpc.id,
    peer_region=secondary.region,
    opts=primary.opts,
)
aws.ec2.VpcPeeringConnectionAccepter(
    f"vpc-peering-accepter-{suffix}",
    vpc_peering_connection_id=peering.id,
    auto_accept=True,
    opts=secondary.opts,
)

# Compute: a load balancer in each region.
primary_alb = create_load_balancer(primary)
secondary_alb = create_load_balancer(secondary)

# Database: an Aurora global database whose primary can be rewound by 72 hours.
global_cluster = aws.rds.GlobalCluster(
    f"global-cluster-{suffix}",
    global_cluster_identifier=f"global-cluster-{suffix}",
    engine="aurora-postgresql",
    engine_version="15.4",
    database_name="appdb",
    storage_encrypted=True,
    opts=primary.opts,
)
primary_database = create_database_surroundings(primary)
primary_cluster = aws.rds.Cluster(
    f"primary-cluster-{suffix}",
    cluster_identifier=f"primary-cluster-{suffix}",
    global_cluster_identifier=global_cluster.id,
    engine="aurora-postgresql",
    engine_version="15.4",
    database_name="appdb",
    master_username="dbadmin",
    master_password=config.require_secret("dbPassword"),
    db_subnet_group_name=primary_database.subnet_group.name,
    vpc_security_group_ids=[primary_database.security_group.id],
    storage_encrypted=True,
    kms_key_id=primary_database.key.arn,
    backup_retention_period=7,
    backtrack_window=259200,
    skip_final_snapshot=True,
    opts=primary.opts,
)
primary_instance = aws.rds.ClusterInstance(
    f"primary-instance-{suffix}",
    identifier=f"primary-instance-{suffix}",
    cluster_identifier=primary_cluster.id,
    engine=aws.rds.EngineType.AURORA_POSTGRESQL,
    instance_class="db.r6g.large",
    opts=primary.opts,
)
secondary_database = create_database_surroundings(secondary)
secondary_cluster = aws.rds.Cluster(
    f"secondary-cluster-{suffix}",
    cluster_identifier=f"secondary-cluster-{suffix}",
    global_cluster_identifier=global_cluster.id,
    engine="aurora-postgresql",
    engine_version="15.4",
    db_subnet_group_name=secondary_database.subnet_group.name,
    vpc_security_group_ids=[secondary_database.security_group.id],
    storage_encrypted=True,
    kms_key_id=secondary_database.key.arn,
    backup_retention_period=7,
    skip_final_snapshot=True,
    opts=pulumi.ResourceOptions(
        provider=secondary.provider,
        depends_on=[primary_instance],
        ignore_changes=["replicationSourceIdentifier"],
    ),
)
aws.rds.ClusterInstance(
    f"secondary-instance-{suffix}",
    identifier=f"secondary-instance-{suffix}",
    cluster_identifier=secondary_cluster.id,
    engine=aws.rds.EngineType.AURORA_POSTGRESQL,
    instance_class="db.r6g.large",
    opts=secondary.opts,
)

# Failover: clients follow the record to the secondary load balancer when the primary fails.
hosted_zone = aws.route53.Zone(
    f"failover-zone-{suffix}",
    name=f"dr-failover-{suffix}.example.com",
    opts=primary.opts,
)
health_check = aws.route53.HealthCheck(
    f"primary-health-check-{suffix}",
    type="HTTP",
    fqdn=primary_alb.dns_name,
    port=80,
    resource_path="/health",
    failure_threshold=3,
    request_interval=30,
    opts=primary.opts,
)
for site, load_balancer, health_check_id in (
    (primary, primary_alb, health_check.id),
    (secondary, secondary_alb, None),
):
    aws.route53.Record(
        site.label("failover-record"),
        zone_id=hosted_zone.zone_id,
        name=f"app.dr-failover-{suffix}.example.com",
        type=aws.route53.RecordType.A,
        set_identifier=site.role,
        failover_routing_policies=[{"type": site.role.upper()}],
        aliases=[
            {
                "name": load_balancer.dns_name,
                "zone_id": load_balancer.zone_id,
                "evaluate_target_health": True,
            }
        ],
        health_check_id=health_check_id,
        opts=primary.opts,
    )

pulumi.export("primaryEndpoint", primary_alb.dns_name)
pulumi.export("secondaryEndpoint", secondary_alb.dns_name)
pulumi.export("nameServers", hosted_zone.name_servers)
