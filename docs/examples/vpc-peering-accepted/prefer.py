import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
east_vpc = aws.ec2.Vpc("east", cidr_block="10.0.0.0/16")
west_vpc = aws.ec2.Vpc("west", cidr_block="10.1.0.0/16", opts=west)
peering = aws.ec2.VpcPeeringConnection(
    "east-west", vpc_id=east_vpc.id, peer_vpc_id=west_vpc.id, peer_region="us-west-2"
)
accepter = aws.ec2.VpcPeeringConnectionAccepter(
    "west-accepts", vpc_peering_connection_id=peering.id, auto_accept=True, opts=west
)
aws.ec2.Route(
    "east-to-west",
    route_table_id=east_vpc.main_route_table_id,
    destination_cidr_block="10.1.0.0/16",
    vpc_peering_connection_id=accepter.id,
)
aws.ec2.Route(
    "west-to-east",
    route_table_id=west_vpc.main_route_table_id,
    destination_cidr_block="10.0.0.0/16",
    vpc_peering_connection_id=accepter.id,
    opts=west,
)
