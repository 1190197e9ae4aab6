import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
hub = aws.ec2.VpnGateway("hub", vpc_id=vpc.id)
table = aws.ec2.RouteTable("public", vpc_id=vpc.id)
aws.ec2.Route(
    "to-internet",
    route_table_id=table.id,
    destination_cidr_block="0.0.0.0/0",
    gateway_id=gateway.id,
)
aws.ec2.Route(
    "to-office",
    route_table_id=table.id,
    destination_cidr_block="192.168.0.0/16",
    gateway_id=hub.id,
)
