"""A sound network, load balancer, database and zone behind a provider with an unknown region."""

import pulumi
import pulumi_aws as aws

key = aws.kms.Key("key")
region = key.arn.apply(lambda arn: arn.split(":")[3])
late = pulumi.ResourceOptions(provider=aws.Provider("late", region=region))

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=late)
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id, opts=late)
table = aws.ec2.RouteTable(
    "table",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
    opts=late,
)
subnets = [
    aws.ec2.Subnet(
        f"subnet-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=region.apply(lambda name, zone=zone: f"{name}{zone}"),
        opts=late,
    )
    for number, zone in enumerate("ab")
]
for subnet in subnets:
    aws.ec2.RouteTableAssociation(
        f"{subnet._name}-table", subnet_id=subnet.id, route_table_id=table.id, opts=late
    )
aws.lb.LoadBalancer(
    "alb",
    subnets=[subnet.id for subnet in subnets],
    opts=pulumi.ResourceOptions.merge(late, pulumi.ResourceOptions(depends_on=[igw])),
)
global_cluster = aws.rds.GlobalCluster(
    "global",
    global_cluster_identifier="orders",
    engine="aurora-postgresql",
    engine_version="17.7",
    opts=late,
)
cluster = aws.rds.Cluster(
    "cluster",
    engine="aurora-postgresql",
    engine_version="17.7",
    global_cluster_identifier=global_cluster.id,
    master_username="orders",
    master_password=pulumi.Output.secret("not-a-real-one"),
    opts=late,
)
aws.rds.ClusterInstance(
    "writer",
    cluster_identifier=cluster.id,
    engine="aurora-postgresql",
    instance_class="db.r6g.large",
    opts=late,
)
aws.route53.Zone("zone", name="orders.dr-preflight.net", opts=late)
