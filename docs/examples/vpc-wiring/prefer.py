import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
for tier, cidr_block in (("app", "10.0.0.0/24"), ("data", "10.0.1.0/24")):
    subnet = aws.ec2.Subnet(tier, vpc_id=vpc.id, cidr_block=cidr_block)
    table = aws.ec2.RouteTable(tier, vpc_id=vpc.id)
    aws.ec2.RouteTableAssociation(tier, subnet_id=subnet.id, route_table_id=table.id)
