import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
for region, place, opts in (("us-east-1", "east", None), ("us-west-2", "west", west)):
    vpc = aws.ec2.Vpc(place, cidr_block="10.0.0.0/16", opts=opts)
    subnet = aws.ec2.Subnet(
        f"{place}-app",
        vpc_id=vpc.id,
        cidr_block="10.0.0.0/24",
        availability_zone=f"{region}a",
        opts=opts,
    )
    # An application without a public tier, without a way out and without the other region.
    aws.ec2.Instance(
        f"{place}-app",
        ami="ami-0123456789abcdef0",
        instance_type="m7g.large",
        subnet_id=subnet.id,
        opts=opts,
    )
