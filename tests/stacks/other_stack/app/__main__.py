"""Load balancers in another stack's subnets, one of them out of a map that has this stack's own as
well, a member of the other stack's global database, and a standby that is given the ARN of a secret
of the other stack."""

import pulumi
import pulumi_aws as aws

network = pulumi.StackReference("organization/shared-network/offline")

vpc = aws.ec2.Vpc("isolated", cidr_block="10.1.0.0/16")
isolated = [
    aws.ec2.Subnet(
        f"isolated-{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.1.{number}.0/24",
        availability_zone="us-east-1a",
    )
    for number in range(2)
]

places = pulumi.Output.all(
    isolated=[subnet.id for subnet in isolated], public=network.require_output("publicSubnets")
)
aws.lb.LoadBalancer("web", subnets=places.apply(lambda found: found["public"]))
vpcs = pulumi.Output.all(isolated=vpc.id, shared=network.require_output("vpc"))
aws.ec2.VpcPeeringConnection(
    "link", vpc_id=vpc.id, peer_vpc_id=vpcs.apply(lambda found: found["shared"]), auto_accept=True
)

aws.lb.LoadBalancer("open", subnets=network.require_output("publicSubnets"))
aws.lb.LoadBalancer("shut", subnets=network.require_output("closedSubnets"))

west = aws.Provider("west", region="us-west-2")
aws.rds.Cluster(
    "second",
    global_cluster_identifier=network.require_output("world"),
    engine="aurora-postgresql",
    engine_version="17.7",
    skip_final_snapshot=True,
    opts=pulumi.ResourceOptions(provider=west),
)
aws.lambda_.Function(
    "reader",
    runtime="python3.13",
    handler="index.handler",
    role="arn:aws:iam::123456789012:role/reader",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")}),
    environment={"variables": {"LOGIN": network.require_output("login")}},
    opts=pulumi.ResourceOptions(provider=west),
)
