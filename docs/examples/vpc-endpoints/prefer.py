import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
subnet = aws.ec2.Subnet("app", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
aws.ec2.VpcEndpoint(
    "secrets",
    vpc_id=vpc.id,
    vpc_endpoint_type="Interface",
    service_name="com.amazonaws.us-east-1.secretsmanager",
    subnet_ids=[subnet.id],
    private_dns_enabled=True,
)
