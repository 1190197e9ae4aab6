import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
PLACES = {"east": ("us-east-1", "10.0", None), "west": ("us-west-2", "10.1", west)}
vpcs = {}
for place, (region, net, provider) in PLACES.items():
    here = pulumi.ResourceOptions(provider=provider)
    vpc = vpcs[place] = aws.ec2.Vpc(place, cidr_block=f"{net}.0.0/16", opts=here)
    igw = aws.ec2.InternetGateway(place, vpc_id=vpc.id, opts=here)
    after_igw = pulumi.ResourceOptions(provider=provider, depends_on=[igw])
    public, app = (
        aws.ec2.Subnet(
            f"{place}-{tier}",
            vpc_id=vpc.id,
            cidr_block=f"{net}.{number}.0/24",
            availability_zone=f"{region}a",
            opts=here,
        )
        for number, tier in enumerate(("public", "app"))
    )
    address = aws.ec2.Eip(place, domain="vpc", opts=after_igw)
    nat = aws.ec2.NatGateway(place, subnet_id=public.id, allocation_id=address.id, opts=after_igw)
    for subnet, target in ((public, {"gateway_id": igw.id}), (app, {"nat_gateway_id": nat.id})):
        name = subnet._name
        table = aws.ec2.RouteTable(name, vpc_id=vpc.id, opts=here)
        aws.ec2.Route(
            name,
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            **target,
            opts=here,
        )
        aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=here)
        other = "10.1.0.0/16" if place == "east" else "10.0.0.0/16"
        vpcs[name] = (table, other, here)

peering = aws.ec2.VpcPeeringConnection(
    "east-west",
    vpc_id=vpcs["east"].id,
    peer_vpc_id=vpcs["west"].id,
    peer_region="us-west-2",
)
accepter = aws.ec2.VpcPeeringConnectionAccepter(
    "west-accepts",
    vpc_peering_connection_id=peering.id,
    auto_accept=True,
    opts=pulumi.ResourceOptions(provider=west),
)
for name in ("east-app", "west-app"):
    table, other, here = vpcs[name]
    aws.ec2.Route(
        f"{name}-peer",
        route_table_id=table.id,
        destination_cidr_block=other,
        vpc_peering_connection_id=accepter.id,
        opts=here,
    )
