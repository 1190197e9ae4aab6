import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
vpc = aws.ec2.Vpc("east", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
other = aws.ec2.Vpc("west", cidr_block="10.1.0.0/16", enable_dns_hostnames=True, opts=west)
zone = aws.route53.Zone(
    "inside",
    name="inside.acme-corp.net",
    vpcs=[
        {"vpc_id": vpc.id, "vpc_region": "us-east-1"},
        {"vpc_id": other.id, "vpc_region": "us-west-2"},
    ],
)
for place, role, opts in (("east", "PRIMARY", None), ("west", "SECONDARY", west)):
    balancer = aws.lb.LoadBalancer(
        place,
        load_balancer_type="network",
        internal=True,
        subnets=["subnet-0123456789abcdef0" if opts is None else "subnet-0fedcba9876543210"],
        opts=opts,
    )
    aws.route53.Record(
        place,
        zone_id=zone.zone_id,
        name="orders.inside.acme-corp.net",
        type="A",
        set_identifier=place,
        failover_routing_policies=[{"type": role}],
        aliases=[
            {
                "name": balancer.dns_name,
                "zone_id": balancer.zone_id,
                "evaluate_target_health": True,
            }
        ],
    )
