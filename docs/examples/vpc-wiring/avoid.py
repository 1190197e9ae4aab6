import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("app", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
for tier in ("app", "data"):
    table = aws.ec2.RouteTable(tier, vpc_id=vpc.id)
    aws.ec2.RouteTableAssociation(tier, subnet_id=subnet.id, route_table_id=table.id)
