"""The ticket shop of Larkspur, a company that is made up: two regions, and a plan that fails.

us-east-1 sells. us-west-2 was built beside it within a week, most of it by a loop over both: a load
balancer in front of a function, an Aurora global database, a replica of the baskets, copies of the
receipts. AWS takes all of it, and it works until the day for which it was made.

What nobody has noticed: the shop in us-west-2 is told the database's address in us-east-1; the
password is in us-east-1 only; what fails the database over runs in us-east-1 too, and is lost with
what it is to save; the health checks ask for HTTPS, which the load balancers do not speak; and the
policy for the baskets names the table of us-east-1.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

DOMAIN = "tickets.larkspur-music.net"
ENGINE = aws.rds.EngineType.AURORA_POSTGRESQL
CODE = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): ...")})


@dataclass(frozen=True)
class Site:
    """One region of the shop."""

    role: str
    region: str
    range: str

    @property
    def provider(self) -> aws.Provider:
        return PROVIDERS[self.role]


SITES = {
    "primary": Site("primary", "us-east-1", "10.40"),
    "standby": Site("standby", "us-west-2", "10.50"),
}
PROVIDERS = {role: aws.Provider(role, region=site.region) for role, site in SITES.items()}


def trusting(service: str) -> str:
    """The policy by which a service may take a role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allowing(actions: list[str], resource: pulumi.Input[str]) -> pulumi.Output[str]:
    """A policy of one statement."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})


class Network(pulumi.ComponentResource):
    """A VPC with a public and a private subnet in each of two zones."""

    def __init__(self, site: Site) -> None:
        super().__init__("larkspur:index:Network", f"{site.role}-network")
        self.own = pulumi.ResourceOptions(parent=self, provider=site.provider)
        role = site.role
        self.vpc = aws.ec2.Vpc(
            role, cidr_block=f"{site.range}.0.0/16", enable_dns_hostnames=True, opts=self.own
        )
        self.gateway = aws.ec2.InternetGateway(role, vpc_id=self.vpc.id, opts=self.own)
        public = self._table(f"{role}-public", gateway_id=self.gateway.id)
        self.public = [
            self._subnet(site, f"{role}-public-{zone}", zone, number, public)
            for number, zone in enumerate("ab")
        ]
        address = aws.ec2.Eip(role, domain="vpc", opts=self.own)
        nat = aws.ec2.NatGateway(
            role,
            subnet_id=self.public[0].id,
            allocation_id=address.allocation_id,
            opts=pulumi.ResourceOptions.merge(
                self.own, pulumi.ResourceOptions(depends_on=[self.gateway])
            ),
        )
        private = self._table(f"{role}-private", nat_gateway_id=nat.id)
        self.private = [
            self._subnet(site, f"{role}-private-{zone}", zone, number + 10, private)
            for number, zone in enumerate("ab")
        ]
        self.group = aws.ec2.SecurityGroup(
            role,
            vpc_id=self.vpc.id,
            description="Everything of the shop",
            ingress=[
                {
                    "protocol": "tcp",
                    "from_port": 80,
                    "to_port": 80,
                    "cidr_blocks": ["0.0.0.0/0"],
                },
                {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "self": True},
            ],
            egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
            opts=self.own,
        )

    def _table(self, name: str, **way_out: pulumi.Input[str]) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(name, vpc_id=self.vpc.id, opts=self.own)
        aws.ec2.Route(
            name,
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            **way_out,
            opts=self.own,
        )
        return table

    def _subnet(
        self, site: Site, name: str, zone: str, number: int, table: aws.ec2.RouteTable
    ) -> aws.ec2.Subnet:
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc.id,
            cidr_block=f"{site.range}.{number}.0/24",
            availability_zone=f"{site.region}{zone}",
            opts=self.own,
        )
        aws.ec2.RouteTableAssociation(
            name, subnet_id=subnet.id, route_table_id=table.id, opts=self.own
        )
        return subnet


networks = {role: Network(site) for role, site in SITES.items()}
in_primary = pulumi.ResourceOptions(provider=PROVIDERS["primary"])

# The database: a global one, with a member in each region.
password = aws.secretsmanager.Secret("orders-password", name="orders-password", opts=in_primary)
version = aws.secretsmanager.SecretVersion(
    "orders-password",
    secret_id=password.id,
    secret_string=pulumi.Output.secret("Larkspur-previews-only-1"),
    opts=in_primary,
)
orders = aws.rds.GlobalCluster(
    "orders",
    global_cluster_identifier="orders",
    engine=ENGINE,
    engine_version="17.7",
    storage_encrypted=True,
    opts=in_primary,
)
clusters: dict[str, aws.rds.Cluster] = {}
instances: list[aws.rds.ClusterInstance] = []
for role, site in SITES.items():
    here = pulumi.ResourceOptions(provider=site.provider)
    key = aws.kms.Key(f"orders-{role}", enable_key_rotation=True, opts=here)
    subnets = aws.rds.SubnetGroup(
        f"orders-{role}", subnet_ids=[each.id for each in networks[role].private], opts=here
    )
    is_primary = role == "primary"
    clusters[role] = aws.rds.Cluster(
        f"orders-{role}",
        cluster_identifier=f"orders-{role}",
        global_cluster_identifier=orders.id,
        engine=ENGINE,
        engine_version="17.7",
        database_name="orders" if is_primary else None,
        master_username="larkspur" if is_primary else None,
        master_password=version.secret_string if is_primary else None,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[networks[role].group.id],
        final_snapshot_identifier=f"orders-{role}-final",
        opts=pulumi.ResourceOptions(
            provider=site.provider,
            depends_on=list(instances),
            ignore_changes=["replicationSourceIdentifier", "globalClusterIdentifier"],
        ),
    )
    instances.append(
        aws.rds.ClusterInstance(
            f"orders-{role}",
            cluster_identifier=clusters[role].id,
            engine=ENGINE,
            instance_class="db.r6g.large",
            opts=here,
        )
    )

# What people have in their baskets, and the receipts of what they bought.
baskets = aws.dynamodb.Table(
    "baskets",
    name="baskets",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    replicas=[{"region_name": SITES["standby"].region}],
    opts=in_primary,
)
receipts: dict[str, aws.s3.Bucket] = {}
versionings: list[aws.s3.BucketVersioning] = []
for role, site in SITES.items():
    here = pulumi.ResourceOptions(provider=site.provider)
    receipts[role] = aws.s3.Bucket(f"receipts-{role}", opts=here)
    versionings.append(
        aws.s3.BucketVersioning(
            f"receipts-{role}",
            bucket=receipts[role].id,
            versioning_configuration={"status": "Enabled"},
            opts=here,
        )
    )
replicator = aws.iam.Role(
    "receipts", assume_role_policy=trusting("s3.amazonaws.com"), opts=in_primary
)
aws.iam.RolePolicy(
    "receipts",
    role=replicator.id,
    policy=allowing(["s3:*"], pulumi.Output.concat(receipts["standby"].arn, "/*")),
    opts=in_primary,
)
aws.s3.BucketReplicationConfig(
    "receipts",
    bucket=receipts["primary"].id,
    role=replicator.arn,
    rules=[
        {
            "id": "to-standby",
            "status": "Enabled",
            "filter": {},
            "delete_marker_replication": {"status": "Enabled"},
            "destination": {"bucket": receipts["standby"].arn},
        }
    ],
    opts=pulumi.ResourceOptions(provider=PROVIDERS["primary"], depends_on=versionings),
)

# The shop: a function behind a load balancer, in each region.
shopkeeper = aws.iam.Role(
    "shop", assume_role_policy=trusting("lambda.amazonaws.com"), opts=in_primary
)
aws.iam.RolePolicyAttachment(
    "shop",
    role=shopkeeper.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    opts=in_primary,
)
aws.iam.RolePolicy(
    "shop-baskets",
    role=shopkeeper.id,
    policy=allowing(["dynamodb:GetItem", "dynamodb:PutItem"], baskets.arn),
    opts=in_primary,
)
balancers: dict[str, aws.lb.LoadBalancer] = {}
for role, site in SITES.items():
    here = pulumi.ResourceOptions(provider=site.provider)
    network = networks[role]
    shop = aws.lambda_.Function(
        f"shop-{role}",
        runtime="python3.13",
        handler="index.handler",
        role=shopkeeper.arn,
        code=CODE,
        environment={
            "variables": {
                "ORDERS_HOST": clusters["primary"].endpoint,
                "ORDERS_PASSWORD": "orders-password",
                "BASKETS": baskets.name,
            }
        },
        vpc_config={
            "subnet_ids": [each.id for each in network.private],
            "security_group_ids": [network.group.id],
        },
        opts=here,
    )
    balancers[role] = aws.lb.LoadBalancer(
        f"shop-{role}",
        load_balancer_type="application",
        subnets=[each.id for each in network.public],
        security_groups=[network.group.id],
        opts=pulumi.ResourceOptions(provider=site.provider, depends_on=[network.gateway]),
    )
    targets = aws.lb.TargetGroup(f"shop-{role}", target_type="lambda", opts=here)
    aws.lb.Listener(
        f"shop-{role}",
        load_balancer_arn=balancers[role].arn,
        port=80,
        protocol="HTTP",
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
        opts=here,
    )
    permission = aws.lambda_.Permission(
        f"shop-{role}",
        action="lambda:InvokeFunction",
        function=shop.name,
        principal="elasticloadbalancing.amazonaws.com",
        source_arn=targets.arn,
        opts=here,
    )
    aws.lb.TargetGroupAttachment(
        f"shop-{role}",
        target_group_arn=targets.arn,
        target_id=shop.arn,
        opts=pulumi.ResourceOptions(provider=site.provider, depends_on=[permission]),
    )

# Where clients are led.
zone = aws.route53.Zone("tickets", name=DOMAIN, opts=in_primary)
for role, balancer in balancers.items():
    check = aws.route53.HealthCheck(
        f"shop-{role}",
        fqdn=balancer.dns_name,
        type="HTTPS",
        port=443,
        resource_path="/health",
        request_interval=30,
        failure_threshold=3,
        opts=in_primary,
    )
    aws.route53.Record(
        f"shop-{role}",
        zone_id=zone.zone_id,
        name=DOMAIN,
        type=aws.route53.RecordType.A,
        set_identifier=role,
        failover_routing_policies=[{"type": "PRIMARY" if role == "primary" else "SECONDARY"}],
        aliases=[
            {
                "name": balancer.dns_name,
                "zone_id": balancer.zone_id,
                "evaluate_target_health": True,
            }
        ],
        health_check_id=check.id,
        opts=in_primary,
    )

# What fails the database over when nobody is awake.
conductor = aws.iam.Role(
    "failover-conductor", assume_role_policy=trusting("lambda.amazonaws.com"), opts=in_primary
)
aws.iam.RolePolicy(
    "failover-conductor",
    role=conductor.id,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["rds:FailoverGlobalCluster", "rds:DescribeGlobalClusters"],
                    "Resource": "*",
                }
            ],
        }
    ),
    opts=in_primary,
)
failover = aws.lambda_.Function(
    "failover-conductor",
    runtime="python3.13",
    handler="index.handler",
    role=conductor.arn,
    code=CODE,
    opts=in_primary,
)
calls = aws.sns.Topic("shop-is-down", opts=in_primary)
aws.sns.TopicSubscription(
    "shop-is-down", topic=calls.arn, protocol="lambda", endpoint=failover.arn, opts=in_primary
)
aws.lambda_.Permission(
    "shop-is-down",
    action="lambda:InvokeFunction",
    function=failover.name,
    principal="sns.amazonaws.com",
    source_arn=calls.arn,
    opts=in_primary,
)
aws.cloudwatch.MetricAlarm(
    "shop-is-down",
    namespace="AWS/ApplicationELB",
    metric_name="HTTPCode_ELB_5XX_Count",
    dimensions={"LoadBalancer": balancers["primary"].arn_suffix},
    statistic="Sum",
    period=60,
    evaluation_periods=3,
    threshold=50,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[calls.arn],
    opts=in_primary,
)

pulumi.export("shop", f"http://{DOMAIN}")
