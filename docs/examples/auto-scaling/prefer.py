import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet(
    "app", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a"
)
template = aws.ec2.LaunchTemplate("app", instance_type="t4g.small")
aws.autoscaling.Group(
    "app",
    min_size=0,
    max_size=6,
    desired_capacity=3,
    vpc_zone_identifiers=[subnet.id],
    launch_template={"id": template.id, "version": "$Latest"},
)
