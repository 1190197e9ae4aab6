import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
aws.route53.Zone("failover", name="dr-failover.internal", vpcs=[{"vpc_id": vpc.id}])
